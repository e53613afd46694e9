extension Catalogue {
    static let changing: [Case] = [
        feed("changes.now", "without a token it gives the current one at once, with no uids") {
            test in
            let database = try test.database()
            try database.write(.create(Object("a")))
            let changes = try database.changes(since: [])
            test.expect(changes.uids, [])
            test.check(!changes.isLost, "nothing is lost")
        },
        feed("changes.writes", "names every uid that was written since, by any kind of write") {
            test in
            let database = try test.database()
            try database.write(
                .create(Object("u")), .create(Object("d")), .grant("r", to: "bob", 1))
            var token = try database.changes(since: []).token
            let writes: [(String, Write)] = [
                ("c", .create(Object("c"))), ("u", .update(Object("u", state: 4), .state)),
                ("d", .delete("d")), ("g", .grant("g", to: "bob", 1)),
                ("r", .revoke("r", from: "bob", 1)),
            ]
            for (uid, write) in writes {
                try database.write(write)
                let changes = try database.soon.changes(since: token)
                test.expect(Set(changes.uids), [uid], "after a write to \(uid)")
                token = changes.token
            }
        },
        feed("changes.batch", "all writes of a commit are told, in the order of commits") { test in
            let database = try test.database()
            var token = try database.changes(since: []).token
            try database.write(.create(Object("a")), .create(Object("b")))
            try database.write(.create(Object("c")))
            var seen: [String] = []
            while seen.count < 3 {
                let changes = try database.soon.changes(since: token)
                if changes.uids.isEmpty { break }
                seen += changes.uids
                token = changes.token
            }
            test.expect(Set(seen), ["a", "b", "c"])
            test.expect(seen.last, "c", "the last commit")
        },
        feed("changes.rolled-back", "what was rolled back is not told") { test in
            let database = try test.database()
            let token = try database.changes(since: []).token
            _ = try database.apply([.create(Object("a")), .check("none")])
            try database.write(.create(Object("b")))
            test.expect(Set(try database.soon.changes(since: token).uids), ["b"])
        },
        feed("changes.other-handle", "a change made through another handle is told") { test in
            let database = try test.database()
            let token = try database.changes(since: []).token
            try test.open().write(.create(Object("a")))
            test.expect(Set(try database.soon.changes(since: token).uids), ["a"])
        },
        feed("changes.wakes", "a call that waits returns when something is written") { test in
            let database = try test.database()
            let token = try database.changes(since: []).token
            let waiting = Background { try database.changes(since: token) }
            try database.write(.create(Object("a")))
            test.expect(Set(try waiting.join().uids), ["a"])
        },
        feed(
            "changes.deadline",
            "the deadline is no failure: KMS_OK with no uids, and the token serves on"
        ) {
            test in
            let database = try test.database()
            let token = try database.changes(since: []).token
            let nothing = try database.soon.changes(since: token)
            test.expect(nothing.uids, [])
            test.check(!nothing.isLost, "nothing is lost")
            test.expect(try database.late.changes(since: token).uids, [], "deadline in the past")
            try database.write(.create(Object("a")))
            test.expect(Set(try database.soon.changes(since: nothing.token).uids), ["a"])
        },
        feed("changes.cancel", "cancel ends a call that waits") { test in
            let database = try test.database()
            let token = try database.changes(since: []).token
            let cancellation = Cancellation()
            let waiting = Background {
                try database.cancelled(by: cancellation).changes(since: token)
            }
            cancellation.set()
            while !waiting.isDone { database.cancel(cancellation.id) }
            try test.expectFailure(.cancelled) { _ = try waiting.join() }
        },
        feed("changes.lost.foreign", "a token that is not of this database is LOST at once") {
            test in
            let database = try test.database()
            try database.write(.create(Object("a")))
            let real = try database.changes(since: []).token
            for token in [[0], [UInt8](repeating: 0xAB, count: 64), Array("nonsense".utf8)] {
                let changes = try database.changes(since: token)
                test.check(changes.isLost, "\(token.count) foreign bytes are LOST")
                test.expect(changes.token, real, "the current token")
            }
        },
        feed("changes.lost.cleared", "clear loses every token given before") { test in
            let database = try test.database()
            try database.write(.create(Object("a")))
            let token = try database.changes(since: []).token
            try database.clear(force: true)
            let changes = try database.changes(since: token)
            test.check(changes.isLost, "the token is LOST")
            try database.write(.create(Object("b")))
            test.expect(Set(try database.soon.changes(since: changes.token).uids), ["b"])
        },
        feed(
            "changes.concurrent", "no change is missed while several threads write",
            patience: 2
        ) { test in
            let database = try test.database()
            var token = try database.changes(since: []).token
            let count = test.rounds(5) * 10
            let writers = Background {
                try onThreads(4) { thread in
                    for round in 0..<count {
                        try database.write(.create(Object("c\(thread)-\(round)")))
                    }
                }
            }
            var seen: Set<String> = []
            while seen.count < 4 * count {
                let changes = try database.soon.changes(since: token)
                test.check(!changes.isLost, "nothing is lost")
                if changes.uids.isEmpty && writers.isDone { break }
                seen.formUnion(changes.uids)
                token = changes.token
            }
            try writers.join()
            test.expect(seen.count, 4 * count, "changes told")
        },
    ]

    private static func feed(
        _ id: String, _ title: String, patience: Int = 1,
        _ body: @escaping @Sendable (Test) throws -> Void
    ) -> Case {
        Case(id, title, needs: [.function(.changes)], patience: patience, body)
    }
}
