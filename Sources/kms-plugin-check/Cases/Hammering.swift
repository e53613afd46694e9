import PluginLoader

extension Catalogue {
    static let hammering: [Case] = [
        Case(
            "threads.one-handle",
            "8 threads on one handle: each write that was acknowledged is there, and nothing else",
            patience: 4
        ) { test in try hammer([try test.database()], test) },
        Case(
            "threads.two-handles",
            "8 threads on two handles: each write that was acknowledged is there, and nothing else",
            patience: 4
        ) { test in try hammer([try test.database(), try test.open()], test) },
    ]

    private static let threads = 8

    /// A second, or as many as `ROUNDS` says.
    private static func hammer(_ handles: [Database], _ test: Test) throws {
        let contest = Contest(test)
        try contest.begin(handles[0])
        // Longer than that, and no time limit is kept: it grows with patience only.
        let seconds = min(test.rounds(1), 30)
        let end = monotonicNanoseconds() + UInt64(seconds) * 1_000_000_000
        let listeners = try handles.map { handle in try ChangeListener(handle, test) }
        let actors = (0..<threads).map { HammerThread($0, of: threads, handles, contest, test) }
        try onThreads(threads) { index in
            while monotonicNanoseconds() < end { try actors[index].act() }
        }
        for handle in handles {
            for actor in actors { try actor.check(handle) }
            try contest.check(handle)
        }
        let written = Set(actors.flatMap(\.touched))
        for listener in listeners { try listener.finish(expecting: written) }
        test.check(actors.allSatisfy { $0.count > 0 }, "a thread was never served")
    }
}
