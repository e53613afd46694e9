import PluginABI
import Testing

@Suite struct ApplyTests {
    let store: TestStore
    let database: TestDatabase

    init() throws {
        store = try TestStore()
        database = try store.ready()
    }

    private let ok = 0
    private let notFound = Int(KMS_NOT_FOUND)
    private let exists = Int(KMS_EXISTS)
    private let conflict = Int(KMS_CONFLICT)
    private let aborted = Int(KMS_ABORTED)

    @Test func refusesASecondObjectWithTheSameUID() throws {
        #expect(try database.apply([.create(TestObject(uid: "k", object: [1]))]) == [ok])
        #expect(try database.apply([.create(TestObject(uid: "k", object: [2]))]) == [exists])
        #expect(try database.get("k").object == [1])
    }

    @Test func decidesEachBatchAlone() throws {
        let statuses = try database.apply([
            .create(TestObject(uid: "a"), batch: 1),
            .create(TestObject(uid: "b"), batch: 2), .create(TestObject(uid: "a"), batch: 2),
            .create(TestObject(uid: "c"), batch: 2),
            .create(TestObject(uid: "d"), batch: 3), .check("d", revision: 1, batch: 3),
            .create(TestObject(uid: "a"), batch: 4),
            .create(TestObject(uid: "e"), batch: 1),
        ])

        #expect(statuses == [ok, aborted, exists, aborted, ok, ok, exists, ok])
        let present = try database.query(TestQuery()).uids
        #expect(present == ["a", "d", "e"])
    }

    @Test func rollsBackTheOnlyBatch() throws {
        let statuses = try database.apply([
            .create(
                TestObject(uid: "a", tags: ["t"]),
                terms: [TestTerm(path: "N", value: .text("x"), isUnique: true)]),
            .grant("a", to: "bob", 1), .check("a", revision: 2),
        ])

        #expect(statuses == [aborted, aborted, conflict])
        #expect(try database.get("a", who: ["bob"]).rights == 0)
        #expect(try database.query(TestQuery(filter: .tag("t"))).uids == [])
        #expect(
            try database.apply([
                .create(
                    TestObject(uid: "z"),
                    terms: [TestTerm(path: "N", value: .text("x"), isUnique: true)])
            ]) == [ok])
    }

    @Test func itemsSeeEachOther() throws {
        let statuses = try database.apply([
            .create(TestObject(uid: "a", revision: 1)),
            .update(
                TestObject(uid: "a", state: 3, revision: 2), parts: Int(KMS_PART_STATE),
                ifRevision: 1),
            .delete("a"), .create(TestObject(uid: "a", revision: 7, object: [7])),
        ])

        #expect(statuses == [ok, ok, ok, ok])
        #expect(try database.get("a").object == [7])
    }

    @Test func replacesOnlyTheParts() throws {
        let before = TestObject(
            uid: "k", owner: "alice", type: 2, state: 1, revision: 1, object: [1],
            attributes: [2], tags: ["old", "kept"])
        try database.apply([
            .create(
                before,
                terms: [
                    TestTerm(path: "A", value: .integer(1)),
                    TestTerm(path: "B", value: .integer(1)),
                ])
        ])
        let after = TestObject(
            uid: "k", owner: "mallory", type: 9, state: 6, revision: 2, object: [],
            attributes: [8], tags: ["new", "kept"])

        try database.apply([.update(after, parts: Int(KMS_PART_STATE | KMS_PART_OBJECT))])
        var expected = before
        (expected.state, expected.revision, expected.object) = (6, 2, [])
        #expect(try database.get("k") == expected)
        #expect(try database.query(TestQuery(filter: .tag("old"))).uids == ["k"])

        try database.apply([.update(after, parts: Int(KMS_PART_TAGS))])
        expected.tags = ["new", "kept"]
        #expect(try database.get("k") == expected)
        #expect(try database.query(TestQuery(filter: .tag("old"))).uids == [])
        #expect(try database.query(TestQuery(filter: .tag("kept"), who: ["alice"])).uids == ["k"])
        #expect(try database.query(TestQuery(filter: .equal("A", .integer(1)))).uids == ["k"])

        try database.apply([
            .update(
                after, parts: Int(KMS_PART_ATTRIBUTES),
                terms: [
                    TestTerm(path: "B", value: .integer(1)), TestTerm(path: "C", value: .text("c")),
                ])
        ])
        expected.attributes = [8]
        #expect(try database.get("k") == expected)
        #expect(try database.query(TestQuery(filter: .hasPath("A"))).uids == [])
        #expect(try database.query(TestQuery(filter: .hasPath("B"), who: ["alice"])).uids == ["k"])
        #expect(try database.query(TestQuery(filter: .hasPath("C"), who: ["alice"])).uids == ["k"])
        #expect(try database.query(TestQuery(filter: .tag("new"))).uids == ["k"])
    }

    @Test func judgesConditions() throws {
        try database.apply([.create(TestObject(uid: "k", owner: "alice", revision: 5))])
        func write(
            _ op: kms_write_op, _ uid: String, _ flags: Int, revision: UInt64 = 5,
            owner: String = "alice"
        ) -> TestWrite {
            TestWrite(
                op: op, object: TestObject(uid: uid, revision: 5), flags: flags, user: "bob",
                rights: 1, expectedRevision: revision, expectedOwner: owner)
        }
        let cases: [(TestWrite, Int)] = [
            (write(KMS_WRITE_CHECK, "k", 0), ok), (write(KMS_WRITE_CHECK, "x", 0), notFound),
            (write(KMS_WRITE_UPDATE, "x", 0), notFound), (write(KMS_WRITE_UPDATE, "k", 0), ok),
            (write(KMS_WRITE_GRANT, "x", 0), ok),
            (write(KMS_WRITE_GRANT, "y", KMS_IF_PRESENT), notFound),
            (write(KMS_WRITE_GRANT, "k", KMS_IF_OWNER), ok),
            (write(KMS_WRITE_GRANT, "k", KMS_IF_OWNER, owner: "Alice"), conflict),
            (write(KMS_WRITE_GRANT, "y", KMS_IF_OWNER), notFound),
            (write(KMS_WRITE_CHECK, "k", KMS_IF_REVISION), ok),
            (write(KMS_WRITE_CHECK, "k", KMS_IF_REVISION, revision: 6), conflict),
            (write(KMS_WRITE_CHECK, "k", KMS_IF_REVISION | KMS_IF_OWNER, owner: "x"), conflict),
            (write(KMS_WRITE_REVOKE, "k", KMS_IF_OWNER, owner: "x"), conflict),
            (write(KMS_WRITE_DELETE, "k", KMS_IF_REVISION, revision: 6), conflict),
            (write(KMS_WRITE_CHECK, "k", 1 << 20), Int(KMS_UNSUPPORTED)),
            (write(kms_write_op(77), "k", 0), Int(KMS_UNSUPPORTED)),
            (write(KMS_WRITE_DELETE, "k", KMS_IF_REVISION | KMS_IF_OWNER), ok),
            (write(KMS_WRITE_DELETE, "k", 0), notFound),
        ]

        for (index, (write, expected)) in cases.enumerated() {
            #expect(try database.apply([write]) == [expected], "case \(index)")
        }
    }

    @Test func deletesGrantsWithTheObject() throws {
        try database.apply([
            .create(TestObject(uid: "k", tags: ["t"])), .grant("k", to: "bob", 3),
            .grant("hsm::1", to: "bob", 1),
        ])

        #expect(try database.apply([.delete("k")]) == [ok])
        #expect(try database.apply([.delete("k")]) == [notFound])
        #expect(try database.apply([.delete("hsm::1")]) == [ok])
        #expect(try database.apply([.delete("hsm::1")]) == [notFound])
        #expect(try database.grants().items == [])
        #expect(try database.query(TestQuery(filter: .tag("t"))).uids == [])
        try database.apply([.create(TestObject(uid: "k"))])
        #expect(try database.get("k", who: ["bob"]).rights == 0)
    }

    @Test func addsAndRemovesRights() throws {
        try database.apply([.create(TestObject(uid: "k", state: 4))])
        let steps: [(TestWrite, UInt64)] = [
            (.grant("k", to: "bob", 1 << 63 | 1), 1 << 63 | 1),
            (.grant("k", to: "bob", 1), 1 << 63 | 1),
            (.grant("k", to: "bob", 2), 1 << 63 | 3), (.revoke("k", from: "bob", 5), 1 << 63 | 2),
            (.revoke("k", from: "nobody", 1), 1 << 63 | 2), (.revoke("k", from: "bob", .max), 0),
            (.revoke("k", from: "bob", 1), 0),
        ]

        for (write, rights) in steps {
            #expect(try database.apply([write]) == [ok])
            #expect(try database.get("k", who: ["bob"]).rights == rights)
            let expected = TestGrant(
                uid: "k", user: "bob", owner: "alice", rights: rights, state: 4, type: 2)
            #expect(try database.grants(uid: "k").items == (rights == 0 ? [] : [expected]))
        }
    }

    @Test func keepsUniqueTermsUnique() throws {
        func name(_ name: String, unique: Bool = true) -> TestTerm {
            TestTerm(path: "Name", value: .text(name), isUnique: unique)
        }
        func create(_ uid: String, _ terms: TestTerm..., batch: UInt32 = 0) -> TestWrite {
            .create(TestObject(uid: uid), terms: terms, batch: batch)
        }
        #expect(try database.apply([create("a", name("n"), name("m"))]) == [ok])
        #expect(try database.apply([create("b", name("n"))]) == [exists])
        #expect(try database.get("b").status == notFound)
        #expect(
            try database.apply([create("b", name("N")), create("c", name("n", unique: false))]) == [
                ok, ok,
            ])
        // Two in one call, in batches of their own: the first wins.
        #expect(
            try database.apply([
                create("d", name("x"), batch: 1), create("e", name("x"), batch: 2),
            ]) == [ok, exists])
        // An object keeps its own, gives up one, and another takes it.
        let parts = Int(KMS_PART_ATTRIBUTES)
        #expect(
            try database.apply([
                .update(
                    TestObject(uid: "a", revision: 2), parts: parts, terms: [name("m")], batch: 1),
                .update(
                    TestObject(uid: "d", revision: 2), parts: parts, terms: [name("m")], batch: 2),
                .update(
                    TestObject(uid: "d", revision: 2), parts: parts, terms: [name("n")], batch: 3),
            ]) == [ok, exists, ok])
        #expect(try database.apply([.delete("d"), create("f", name("n"))]) == [ok, ok])
        #expect(
            try database.query(TestQuery(filter: .equal("Name", .text("n")))).uids == ["c", "f"])
    }

    @Test func listsGrantsPageAfterPage() throws {
        let uids = (0..<12).map { "k\(10 + $0)" }
        try database.apply(
            uids.flatMap { uid in ["*", "bob", "carol"].map { .grant(uid, to: $0, 1) } })
        func all(uid: String = "", who: [String] = [], limit: Int) throws -> [String] {
            var seen: [String] = []
            var cursor: [UInt8] = []
            repeat {
                let page = try database.grants(uid: uid, who: who, limit: limit, cursor: cursor)
                seen += page.items.map { "\($0.uid) \($0.user)" }
                cursor = page.cursor
            } while !cursor.isEmpty
            return seen
        }

        for limit in [1, 5, 12, 1000] {
            let everything = try all(limit: limit)
            #expect(
                everything == uids.flatMap { uid in ["*", "bob", "carol"].map { "\(uid) \($0)" } })
            #expect(
                try all(who: ["carol", "bob"], limit: limit)
                    == uids.map { "\($0) bob" } + uids.map { "\($0) carol" })
            #expect(try all(uid: "k11", limit: limit) == ["k11 *", "k11 bob", "k11 carol"])
            #expect(
                try all(uid: "k11", who: ["carol", "x", "*"], limit: limit) == [
                    "k11 *", "k11 carol",
                ])
        }
        #expect(try database.grants(uid: "k10", who: ["bob"]).items[0].owner == "")
        #expect { try database.grants(cursor: [1, 2, 3]) } throws: {
            ($0 as? TestFailure)?.status == Int(KMS_INVALID)
        }
    }

    @Test func reportsChangesInTheOrderOfCommits() throws {
        let start = try database.changes(since: [])
        #expect(start.uids == [] && !start.isLost)
        try database.apply([
            .create(TestObject(uid: "b")), .create(TestObject(uid: "a")), .check("b", revision: 1),
            .grant("c", to: "bob", 1),
        ])

        let news = try database.changes(since: start.token)
        #expect(news.uids == ["b", "a", "c"])
        let silence = try database.changes(
            since: news.token, .init(deadline: monotonic() + 30_000_000))
        #expect(silence.uids == [] && silence.token == news.token && !silence.isLost)
        #expect(try database.changes(since: [1, 2, 3]).isLost)

        try database.clear()
        let lost = try database.changes(since: news.token)
        #expect(lost.isLost)
        try database.apply((0..<10).map { .create(TestObject(uid: "n\($0)")) })
        #expect(try database.changes(since: lost.token).uids.count == 10)
        #expect(try database.changes(since: news.token).isLost)
    }

    @Test func wakesWhenAnotherHandleWrites() async throws {
        let other = try store.open()
        let start = try database.changes(since: [])
        let database = database
        let waiting = Task.detached {
            try database.changes(since: start.token, .init(deadline: monotonic() + 20_000_000_000))
        }

        try other.apply([.create(TestObject(uid: "k"))])

        #expect(try await waiting.value.uids == ["k"])
    }

    @Test func cancelEndsAWaitingCall() async throws {
        let start = try database.changes(since: [])
        let database = database
        let waiting = Task.detached {
            try database.changes(
                since: start.token, .init(id: 42, deadline: monotonic() + 60_000_000_000))
        }
        let cancelling = Task.detached {
            while !Task.isCancelled {
                database.cancel(42)
                await Task.yield()
            }
        }

        await #expect { try await waiting.value } throws: {
            ($0 as? TestFailure)?.status == Int(KMS_CANCELLED)
        }
        cancelling.cancel()
    }
}
