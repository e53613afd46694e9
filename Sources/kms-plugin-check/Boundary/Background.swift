import PluginLoader
import Threads

/// Work on a thread of its own, which may block.
final class Background<Result: Sendable>: Sendable {
    private let outcome = Monitor<Swift.Result<Result, any Error>?>(nil)

    init(_ body: @escaping @Sendable () throws -> Result) {
        let outcome = self.outcome
        let isStarted = OwnThread.start(name: "kit") {
            let result = Swift.Result { try body() }
            outcome.withLock { $0 = result }
            outcome.wakeAll(.work)
        }
        if !isStarted {
            outcome.withLock { $0 = .failure(CouldNotRun("the system has no thread left")) }
        }
    }

    /// Waits for the end and gives what came of it.
    func join() throws -> Result {
        let result: Swift.Result<Result, any Error> = outcome.wait(for: .work) { outcome in
            outcome.map { .found($0) } ?? .wait
        }
        return try result.get()
    }

    /// Whether it has ended.
    var isDone: Bool { outcome.withLock { $0 != nil } }
}

/// Runs the body while a thread of its own does the work, and waits for that in any event: no case
/// may end while one of its calls is in flight.
///
/// - Parameter body: Is given a question: whether the work still goes on.
func during(
    _ work: @escaping @Sendable () throws -> Void, _ body: (() -> Bool) throws -> Void
) throws {
    let thread = Background(work)
    let outcome = Result { try body { !thread.isDone } }
    try thread.join()
    try outcome.get()
}

/// Runs the body on as many threads at once, with their numbers, and waits for all of them. Throws
/// what the first of them threw.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Void) throws {
    let threads = (0..<count).map { index in Background { try body(index) } }
    let outcomes = threads.map { thread in Swift.Result { try thread.join() } }
    for outcome in outcomes { try outcome.get() }
}
