import Glibc
import PluginABI
import Testing

/// Databases of schema version 1, as its servers left them, become today's.
@Suite struct UpgradeTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try RawDatabase(directory.path).run(try Self.golden())
    }

    /// What a server of version 1 wrote.
    private static func golden() throws -> String {
        // Tests/SQLitePluginTests/UpgradeTests.swift
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let file = try #require(fopen("\(root)/Tests/Golden/sqlite-1.sql", "r"))
        defer { fclose(file) }
        var text: [UInt8] = []
        while case let byte = getc(file), byte != EOF {
            text.append(UInt8(truncatingIfNeeded: byte))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Everything that an upgrade must keep.
    private func data(_ path: String) throws -> [[String]] {
        try ["objects ORDER BY oid", "terms ORDER BY term, oid", "uniques", "grants", "changes"]
            .flatMap { try RawDatabase(path).run("SELECT * FROM \($0)") }
    }

    private func schema(_ path: String) throws -> [[String]] {
        try RawDatabase(path).run("SELECT sql FROM sqlite_master ORDER BY name")
            + RawDatabase(path).run("SELECT state, schema_rev, min_rev FROM context")
    }

    @Test func upgradesWhatVersionOneLeft() throws {
        let before = try data(directory.path)
        let database = try TestDatabase(directory.path)
        #expect(try database.context().state == KMS_SCHEMA_BEHIND)
        #expect(throws: TestFailure.self) { try database.get("golden-aes") }

        try database.migrate()

        let context = try database.context()
        #expect((context.state, context.schema) == (KMS_SCHEMA_READY, "2"))
        #expect(context.version == "1.2.3")
        #expect(try data(directory.path) == before)
        let fresh = try TemporaryDirectory()
        _ = try TestDatabase.ready(fresh.path)
        #expect(try schema(directory.path) == schema(fresh.path))
    }

    @Test func upgradedObjectsAreWholeAndFound() throws {
        let database = try TestDatabase.ready(directory.path)

        let key = try database.get("golden-aes", who: ["bob", "*"])
        #expect((key.status, key.owner, key.type, key.state) == (0, "alice", 2, 2))
        #expect(key.tags == ["prod", "été", "_kk"])
        #expect(key.rights == 80 | 512)
        #expect(try database.get("golden-revoked").state == 3)
        let tagged = try database.query(TestQuery(filter: .tag("prod"), who: ["alice"]))
        #expect(tagged.items.count == 5)
        #expect(try database.query(TestQuery()).items.allSatisfy { $0.status == 0 })
        #expect(try database.apply([.create(TestObject(uid: "new"))]) == [0])
    }

    /// The process dies after each statement of the upgrade, and whoever comes next finishes it.
    @Test func resumesAfterAKillBehindEachStatement() throws {
        let plan = try TestDatabase(directory.path).plan()
        let before = try data(directory.path)
        try #require(plan.count == 6)
        for count in 0...plan.count {
            let half = try TemporaryDirectory()
            try RawDatabase(half.path).run(try Self.golden())
            for statement in plan.prefix(count) { try RawDatabase(half.path).run(statement) }
            let database = try TestDatabase(half.path)
            let isMarked = count >= 3 && count < plan.count
            let state = try database.context().state
            #expect(
                state
                    == (count < 3
                        ? KMS_SCHEMA_BEHIND : isMarked ? KMS_SCHEMA_UPGRADING : KMS_SCHEMA_READY))
            if count < plan.count {
                #expect { _ = try database.get("golden-aes") } throws: {
                    ($0 as? TestFailure)?.status == Int(KMS_UPGRADING)
                }
            }

            try database.migrate()

            #expect(try database.context().state == KMS_SCHEMA_READY)
            #expect(try data(half.path) == before)
        }
    }

    /// Servers of version 1 take an upgrade that was interrupted for one that they do not know.
    @Test func marksTheDatabaseAsTooNewForOlderServersWhileItUpgrades() throws {
        let plan = try TestDatabase(directory.path).plan()

        for statement in plan.prefix(4) { try RawDatabase(directory.path).run(statement) }
        #expect(try RawDatabase(directory.path).run("SELECT min_rev FROM context") == [["2"]])
        for statement in plan.dropFirst(4) { try RawDatabase(directory.path).run(statement) }

        // They can use the result, which only has more than they know.
        #expect(try RawDatabase(directory.path).run("SELECT min_rev FROM context") == [["1"]])
    }
}
