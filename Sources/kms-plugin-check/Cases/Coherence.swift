import Glibc

extension Catalogue {
    /// Two processes on one database, as two servers.
    static let coherence: [Case] = [
        pair("coherence.get", "what one process was told is written, the other reads at once") {
            here, there, test in
            for round in 0..<test.rounds(5) * 4 {
                let object = Object(
                    "g\(round)", object: [UInt8](repeating: UInt8(round & 0xFF), count: 300))
                let changed = Object("g\(round)", state: 4, object: [7], tags: ["t"])
                if round % 2 == 0 {
                    try here.write(.create(object), .grant(object.uid, to: "bob", 5))
                    test.expect(try there.get(object.uid, who: ["bob"]), equals: object, rights: 5)
                    try here.write(.update(changed, .all), .revoke(object.uid, from: "bob", 1))
                    test.expect(try there.get(object.uid, who: ["bob"]), equals: changed, rights: 4)
                    try here.write(.delete(object.uid))
                    test.expect(try there.get(object.uid).status, .notFound, "once deleted")
                } else {
                    try there.write(.create(object), .grant(object.uid, to: "bob", 5))
                    test.expect(try here.get(object.uid, who: ["bob"]), equals: object, rights: 5)
                    try there.write(.update(changed, .all), .revoke(object.uid, from: "bob", 1))
                    test.expect(try here.get(object.uid, who: ["bob"]), equals: changed, rights: 4)
                    try there.write(.delete(object.uid))
                    test.expect(try here.get(object.uid).status, .notFound, "once deleted")
                }
            }
        },
        pair("coherence.unchanged", "a revision that another process replaced is not UNCHANGED") {
            here, there, test in
            let old = Object("a", object: [1])
            try here.write(.create(old))
            test.check(
                try here.get("a", knownRevision: old.revision).isUnchanged, "UNCHANGED at first")
            let new = Object("a", object: [2])
            try there.write(.update(new, .all))
            let found = try here.get("a", knownRevision: old.revision)
            test.check(!found.isUnchanged, "UNCHANGED after another process changed it")
            test.expect(found, equals: new)
        },
        pair("coherence.query", "a search finds at once what the other process wrote") {
            here, there, test in
            for round in 0..<10 {
                try here.write(.create(Object("h\(round)", tags: ["t"])))
                try there.write(.create(Object("t\(round)", tags: ["t"])))
                let all = (0...round).flatMap { ["h\($0)", "t\($0)"] }.sorted()
                test.expect(try here.uids(Query(.tag("t"))).sorted(), all, "here")
                test.expect(try there.uids(tag: "t").sorted(), all, "in the other process")
            }
        },
        pair(
            "coherence.changes", "a change in one process wakes the other within two seconds",
            needs: [.function(.changes)]
        ) { here, there, test in
            var token = try there.changes(since: [], milliseconds: 5000).token
            for round in 0..<5 {
                there.begin(.changes(since: token, milliseconds: 10_000))
                let start = test.host.now
                try here.write(.create(Object("h\(round)")))
                let changes = try there.awaitedChanges()
                let milliseconds = (test.host.now - start) / 1_000_000
                test.expect(changes.uids, ["h\(round)"], "told in the other process")
                guard milliseconds < 2000 else {
                    return test.fail("the change was told after \(milliseconds) ms")
                }
                token = changes.token
            }
            let own = try here.changes(since: []).token
            try there.write(.create(Object("t")))
            test.expect(try here.soon.changes(since: own).uids, ["t"], "told here")
            // A token of one process is good in the other.
            try here.write(.delete("t"))
            test.expect(try there.changes(since: own, milliseconds: 5000).uids.last, "t")
        },
        pair(
            "coherence.conditions", "of two processes that expect one revision, one wins",
            patience: 2
        ) { here, there, test in
            var revision: UInt64 = 1
            try here.write(.create(Object("a", revision: revision)))
            for _ in 0..<test.rounds(5) * 4 {
                let mine = Object("a", owner: "alice", state: 1)
                let theirs = Object("a", owner: "alice", state: 2)
                there.begin(.apply([.update(theirs, .state).ifRevision(revision)]))
                let outcome = try here.outcome(.update(mine, .state).ifRevision(revision))
                let other = try there.awaitedWrites().first?.status
                let outcomes = [outcome, other]
                test.check(
                    outcomes == [.ok, .conflict] || outcomes == [.conflict, .ok],
                    "two updates that expected one revision: \(outcome) here, "
                        + "\(other.map(\.description) ?? "nothing") there")
                revision = try here.get("a").revision
                test.expect(
                    revision, outcome == .ok ? mine.revision : theirs.revision,
                    "the revision of the one that won")
            }
        },
        pair("coherence.create", "of two processes that create one uid or unique term, one wins") {
            here, there, test in
            for round in 0..<test.rounds(5) * 2 {
                there.begin(.apply([.create(Object("c\(round)"))]))
                let outcome = try here.outcome(.create(Object("c\(round)")))
                test.expect(
                    Set([outcome, try there.awaitedWrites().first?.status]), [.ok, .exists],
                    "two that create one uid")
                let name = Term("Name", .text("n\(round)"), isUnique: true)
                there.begin(.apply([.create(Object("t\(round)", terms: [name]))]))
                let first = try here.outcome(.create(Object("h\(round)", terms: [name])))
                test.expect(
                    Set([first, try there.awaitedWrites().first?.status]), [.ok, .exists],
                    "two that take one unique term")
            }
        },
        pair(
            "coherence.clear",
            "without force it is KMS_CONFLICT while another process is there, not once it is gone",
            patience: 3
        ) { here, there, test in
            // As the host does before it serves: leases are taken then.
            try here.health()
            try there.health()
            try here.write(.create(Object("a")))
            try test.expectFailure(.conflict, of: "here") { try here.clear(force: false) }
            try test.expectFailure(.conflict, of: "there") { try there.clear(force: false) }
            test.expect(try here.get("a").status, .ok, "what was not cleared")
            try there.clear(force: true)
            test.expect(try here.get("a").status, .notFound, "what another process cleared")
            try here.write(.create(Object("b")))
            _ = there.kill()
            try clearWithoutForce(here, test)
            test.expect(try here.get("b").status, .notFound, "what was cleared alone")
        },
        Case(
            "coherence.migrate",
            "of two processes that meet on an empty database, each finds READY",
            needs: [.durable, .manyProcesses, .emptyDatabase]
        ) { test in
            let here = try test.open()
            let there = try Peer.onDatabase(of: test)
            there.begin(.migrate)
            try migrate(here.migrate, test)
            do {
                try there.awaitedEnd()
            } catch let failure as CallFailed {
                test.expect(failure.status, .upgrading, "migrate beside another process")
                try there.migrate()
            }
            test.expect(try here.context().state, .ready)
            try here.write(.create(Object("a")))
            test.expect(try there.get("a").status, .ok)
        },
    ]

    private static func migrate(_ body: () throws -> Void, _ test: Test) throws {
        do {
            try body()
        } catch let failure as CallFailed {
            test.expect(failure.status, .upgrading, "migrate beside another process")
        }
    }

    /// A server may take a moment to find that a process is gone that was killed, and a lease lasts
    /// as long as the driver says.
    private static func clearWithoutForce(_ database: Database, _ test: Test) throws {
        let end = test.host.now + 5_000_000_000
        while true {
            do {
                return try database.clear(force: false)
            } catch let failure as CallFailed where failure.status == .conflict {
                guard test.host.now < end else { throw failure }
                let pause = min(failure.retryAfter_ns, leaseMax_ns)
                usleep(UInt32(clamping: pause / 1000 + 1000))
            }
        }
    }

    private static let leaseMax_ns: UInt64 = 45_000_000_000

    /// A case with the database open here and in another process.
    private static func pair(
        _ id: String, _ title: String, needs: [Case.Need] = [], patience: Int = 1,
        _ body: @escaping @Sendable (Database, Peer, Test) throws -> Void
    ) -> Case {
        Case(id, title, needs: [.manyProcesses] + needs, patience: patience) { test in
            let here = try test.database()
            let there = try Peer.onDatabase(of: test)
            try body(here, there, test)
        }
    }
}
