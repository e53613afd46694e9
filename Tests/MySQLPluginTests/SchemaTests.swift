import PluginABI
import Testing

/// Schema, plans and coherence on MariaDB.
@Suite struct SchemaTests {
    let store: TestStore

    init() throws { store = try TestStore() }

    private func expect(_ status: Int, _ body: () throws -> Void) {
        #expect { try body() } throws: { ($0 as? TestFailure)?.status == Int(status) }
    }

    @Test func refusesDataBeforeTheSchemaIsReady() throws {
        let database = try store.open()
        let upgrading = Int(KMS_UPGRADING)

        #expect(try database.context().state == KMS_SCHEMA_EMPTY)
        expect(upgrading) { _ = try database.get("k") }
        expect(upgrading) { _ = try database.query(TestQuery()) }
        expect(upgrading) { try database.apply([.create(TestObject(uid: "k"))]) }
        expect(upgrading) { _ = try database.grants() }
        expect(upgrading) { _ = try database.changes(since: []) }
        expect(upgrading) { try database.clear() }
        try database.health()
        try database.migrate()
        #expect(try database.get("k").status == Int(KMS_NOT_FOUND))
        #expect(try database.context().state == KMS_SCHEMA_READY)
    }

    /// An administrator who runs the plan by hand, or a process that died after any statement.
    @Test func resumesWhereverItWasKilled() throws {
        let planned = try store.open().plan()
        for count in 0...planned.count {
            let half = try TestStore()
            for statement in planned.prefix(count) { try half.raw().run(statement) }
            let database = try half.open()
            if count > 0, count < planned.count {
                #expect(try database.context().state == KMS_SCHEMA_UPGRADING)
                expect(Int(KMS_UPGRADING)) { _ = try database.get("k") }
            }

            try database.migrate()

            #expect(try database.context().state == KMS_SCHEMA_READY)
            #expect(try database.apply([.create(TestObject(uid: "k"))]) == [0])
            #expect(try database.plan() == [])
        }
    }

    @Test func stopsEveryCallWhileSomebodyUpgrades() throws {
        let database = try store.ready()
        try database.apply([.create(TestObject(uid: "k"))])
        let raw = try store.raw()
        let upgrading = Int(KMS_UPGRADING)

        try raw.run("UPDATE context SET state = 'upgrading'")

        expect(upgrading) { _ = try database.get("k") }
        expect(upgrading) { _ = try database.get([TestGet(uid: "k"), TestGet(uid: "l")]) }
        expect(upgrading) { _ = try database.query(TestQuery()) }
        expect(upgrading) { try database.apply([.create(TestObject(uid: "l"))]) }
        expect(upgrading) { _ = try database.grants() }
        expect(upgrading) { _ = try database.changes(since: []) }
        try raw.run("UPDATE context SET state = 'ready'")
        #expect(try database.get("k").status == 0)
        #expect(try database.get("l").status == Int(KMS_NOT_FOUND))
    }

    /// Who writes holds the gate; marking waits for it, and who comes later sees the mark.
    @Test func markingWaitsForWriters() async throws {
        let database = try store.ready()
        let raw = try store.raw()
        try store.raw().run("UPDATE context SET schema_rev = 0")
        try raw.run("BEGIN")
        try raw.run("SELECT id FROM context WHERE id = 1 LOCK IN SHARE MODE")

        expect(Int(KMS_DEADLINE)) {
            try database.migrate(.init(deadline: monotonic() + 200_000_000))
        }

        #expect(try store.raw().run("SELECT state FROM context") == [["ready"]])
        try raw.run("COMMIT")
        try database.migrate()
        #expect(try database.context().state == KMS_SCHEMA_READY)
    }

    @Test func severalThatStartOnAnEmptyDatabaseMakeOneSchema() async throws {
        let store = store
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                let url = store.url
                group.addTask {
                    let database = try TestDatabase(texts: ["database-url": url])
                    try database.migrate()
                    #expect(try database.apply([.create(TestObject(uid: "k\(number)"))]) == [0])
                }
            }
            try await group.waitForAll()
        }

        #expect(try store.open().query(TestQuery()).items.count == 4)
    }

    static let foreign: [([String], String)] = [
        (
            [
                "CREATE TABLE context (version VARCHAR(40), state VARCHAR(40), PRIMARY KEY (version))",
                "CREATE TABLE objects (id VARCHAR(40) PRIMARY KEY)",
                "CREATE TABLE read_access (id VARCHAR(40))", "CREATE TABLE tags (id VARCHAR(40))",
            ], "cosmian-kms-4"
        ),
        (["CREATE TABLE songs (title TEXT)"], ""),
    ]

    @Test(arguments: foreign.indices)
    func leavesForeignDatabasesAlone(_ index: Int) throws {
        let (schema, format) = Self.foreign[index]
        for statement in schema { try store.raw().run(statement) }
        let database = try store.open()

        let context = try database.context()
        #expect(context.state == KMS_SCHEMA_FOREIGN)
        #expect(context.format == format)
        expect(Int(KMS_UNSUPPORTED)) { try database.migrate() }
        expect(Int(KMS_UPGRADING)) { _ = try database.get("k") }
    }

    @Test func clearsOnlyWhenAloneOrForced() throws {
        let database = try store.ready()
        let other = try store.open()
        try database.apply([.create(TestObject(uid: "k", tags: ["t"])), .grant("k", to: "b", 1)])

        expect(Int(KMS_CONFLICT)) { try database.clear() }
        #expect(try database.get("k").status == 0)
        try database.clear(force: true)
        #expect(try other.get("k", who: ["b"]).status == Int(KMS_NOT_FOUND))
        #expect(try database.grants().items.isEmpty)
    }

    @Test func concurrentGrantsLoseNothing() async throws {
        let store = store
        _ = try store.ready()
        let url = store.url
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    let database = try TestDatabase(texts: ["database-url": url])
                    for bit in 0..<8 {
                        try database.apply([.grant("k", to: "bob", 1 << (worker * 8 + bit))])
                    }
                }
            }
            try await group.waitForAll()
        }

        #expect(try store.open().get("k", who: ["bob"]).rights == 0xFFFF_FFFF)
    }

    /// Many writers of few names: each name is given once, and nobody waits for ever.
    @Test func writersThatMeetDecideOneAfterTheOther() async throws {
        let store = store
        _ = try store.ready()
        let url = store.url
        let created = try await withThrowingTaskGroup(of: Int.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    let database = try TestDatabase(texts: ["database-url": url])
                    var created = 0
                    for round in 0..<40 {
                        // Two objects in one batch, in an order of each worker's own.
                        let names = ["a\(round)", "b\(round)"]
                        let order = worker % 2 == 0 ? names : names.reversed()
                        let statuses = try database.apply(
                            order.map { name in
                                .create(
                                    TestObject(uid: "\(name)"),
                                    terms: [
                                        TestTerm(path: "N", value: .text(name), isUnique: true)
                                    ])
                            })
                        created += statuses.count { $0 == 0 }
                    }
                    return created
                }
            }
            return try await group.reduce(0, +)
        }

        #expect(created == 80)
        let database = try store.open()
        #expect(try database.query(TestQuery()).items.count == 80)
        #expect(try database.query(TestQuery(filter: .hasPath("N"))).items.count == 80)
    }

    /// A transaction with a lower number that commits later is reported even so.
    @Test func changesMissNoLateCommit() throws {
        let database = try store.ready()
        let start = try database.changes(since: [])
        let late = try store.raw()
        try late.run("BEGIN")
        try late.run("INSERT INTO changes (uid) VALUES ('late')")
        try database.apply([.create(TestObject(uid: "early"))])

        let first = try database.changes(since: start.token)
        #expect(first.uids == ["early"])
        let silence = try database.changes(
            since: first.token, .init(deadline: monotonic() + 50_000_000))
        #expect(silence.uids == [])
        try late.run("COMMIT")
        let second = try database.changes(since: silence.token)

        #expect(second.uids == ["late"])
        let end = try database.changes(
            since: second.token, .init(deadline: monotonic() + 50_000_000))
        #expect(end.uids == [] && !end.isLost)
    }

    @Test func forgetsOldChangesAndSaysSo() throws {
        let database = try store.ready()
        let start = try database.changes(since: [])
        try database.apply([.create(TestObject(uid: "first"))])
        try database.apply([.create(TestObject(uid: "second"))])
        // As if so many had been made since.
        try store.raw().run("ALTER TABLE changes AUTO_INCREMENT = 70000")
        try database.apply((0..<100).map { .grant("k\($0)", to: "bob", 1, batch: UInt32($0)) })
        let recent = try database.changes(since: [])
        for _ in 0..<3 {
            try database.apply((0..<100).map { .grant("k\($0)", to: "bob", 1, batch: UInt32($0)) })
        }

        #expect(try database.changes(since: start.token).isLost)
        let news = try database.changes(since: recent.token)
        #expect(!news.isLost && news.uids.count >= 300)
        #expect(try store.raw().run("SELECT count(*) FROM changes WHERE uid = 'first'") == [["0"]])
    }

    /// No statement reads a table from end to end: what the server says it reads grows with the answer
    /// and not with the table.
    @Test func everyStatementFindsItsRowsByKey() throws {
        let database = try store.ready(concurrency: 1)
        for start in stride(from: 0, to: 3000, by: 100) {
            try database.apply(
                (start..<start + 100).map { number in
                    .create(
                        TestObject(
                            uid: "k\(number)", owner: "user\(number % 300)",
                            tags: ["all", "tag\(number / 10)"]),
                        terms: [TestTerm(path: "A", value: .integer(Int64(number % 3)))])
                })
        }
        let filters: [TestFilter?] = [
            .tag("all"), .tag("tag5"), .and(.tag("all"), .tag("tag5")),
            .and(.tag("tag5"), .equal("A", .integer(0))), .prefix("N", .text("n")), .uid("k5"),
        ]
        for filter in filters {
            for who in [["user3", "*"], ["user3"]] {
                for flags in [0, KMS_QUERY_NEWEST] {
                    let read = try rowsRead {
                        _ = try database.query(
                            TestQuery(filter: filter, who: who, limit: 10, flags: flags))
                    }
                    #expect(read < 600, "\(filter.map { "\($0)" } ?? "all") \(who) \(flags)")
                }
            }
        }
        let read = try rowsRead {
            _ = try database.get(["k1", "none"].map { TestGet(uid: $0, who: ["user1", "*"]) })
            try database.apply([
                .update(
                    TestObject(uid: "k1", revision: 2, tags: ["x"]),
                    parts: Int(KMS_PART_TAGS | KMS_PART_ATTRIBUTES)),
                .delete("k2"), .grant("k3", to: "bob", 1), .revoke("k3", from: "bob", 1),
            ])
        }
        #expect(read < 200)
    }

    /// Rows that the server's engines have read for `body`, other tests on it included: the least of
    /// several attempts.
    private func rowsRead(_ body: () throws -> Void) throws -> Int {
        let raw = try store.raw()
        let count = """
            SELECT SUM(variable_value) FROM information_schema.global_status \
            WHERE variable_name IN ('Handler_read_next', 'Handler_read_prev', 'Handler_read_rnd_next', \
            'Handler_read_key', 'Handler_read_first', 'Handler_read_last')
            """
        var least = Int.max
        for _ in 0..<5 {
            let before = try Double(raw.run(count)[0][0]) ?? 0
            try body()
            let after = try Double(raw.run(count)[0][0]) ?? 0
            least = min(least, Int(after - before))
        }
        return least
    }
}
