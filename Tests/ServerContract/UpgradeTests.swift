import Glibc
import PluginABI
import Testing

/// Databases of schema version 1, as its servers left them, become today's.
@Suite struct UpgradeTests {
    /// What a server of version 1 wrote, statement by statement.
    private static func golden() throws -> [String] {
        // Below Tests, here or through a link.
        let folders = #filePath.split(separator: "/").prefix { $0 != "Tests" }
        let root = "/" + folders.joined(separator: "/")
        let file = try #require(fopen("\(root)/Tests/Golden/\(TestStore.golden)", "r"))
        defer { fclose(file) }
        var text: [UInt8] = []
        while case let byte = getc(file), byte != EOF {
            text.append(UInt8(truncatingIfNeeded: byte))
        }
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        return lines.filter { !$0.hasPrefix("--") }.map(String.init)
    }

    private func versionOne() throws -> TestStore {
        let store = try TestStore()
        let raw = try store.raw()
        for statement in try Self.golden() { try raw.run(statement) }
        return store
    }

    /// Everything that an upgrade must keep.
    private func data(_ store: TestStore) throws -> [[String]] {
        try [
            "objects ORDER BY oid", "terms ORDER BY term, oid", "uniques ORDER BY term",
            "grants ORDER BY grantee, uid", "changes ORDER BY seq",
        ].flatMap { try store.raw().run("SELECT * FROM \($0)") }
    }

    /// Tables and columns, and the marks of the schema.
    private func schema(_ store: TestStore) throws -> [[String]] {
        let columns = """
            SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns \
            WHERE table_schema = '\(store.name)' ORDER BY table_name, column_name
            """
        return try store.raw().run(columns)
            + store.raw().run("SELECT state, schema_rev, min_rev FROM context")
    }

    @Test func upgradesWhatVersionOneLeft() throws {
        let store = try versionOne()
        let before = try data(store)
        let database = try store.open()
        #expect(try database.context().state == KMS_SCHEMA_BEHIND)
        #expect(throws: TestFailure.self) { try database.get("golden-aes") }

        try database.migrate()

        let context = try database.context()
        #expect((context.state, context.schema) == (KMS_SCHEMA_READY, "2"))
        #expect(context.version == "1.2.3")
        #expect(try data(store) == before)
        let fresh = try TestStore()
        _ = try fresh.ready()
        #expect(try schema(store) == schema(fresh))
    }

    @Test func upgradedObjectsAreWholeAndFound() throws {
        let store = try versionOne()
        let database = try store.ready()

        let key = try database.get("golden-aes", who: ["bob", "*"])
        #expect((key.status, key.owner, key.type, key.state) == (0, "alice", 2, 2))
        #expect(key.tags == ["prod", "été", "_kk"])
        #expect(key.rights == 80 | 512)
        #expect(try database.get("golden-revoked").state == 3)
        let tagged = try database.query(TestQuery(filter: .tag("prod"), who: ["alice"]))
        #expect(tagged.items.count == 5)
        #expect(try database.query(TestQuery()).items.allSatisfy { $0.status == 0 })
        let token = try database.changes(since: []).token
        #expect(try database.apply([.create(TestObject(uid: "new"))]) == [0])
        #expect(try database.changes(since: token).uids == ["new"])
    }

    /// The process dies after each statement of the upgrade, and whoever comes next finishes it.
    @Test func resumesAfterAKillBehindEachStatement() throws {
        let first = try versionOne()
        let plan = try first.open().plan()
        let before = try data(first)
        try #require(plan.count == 6)
        for count in 0...plan.count {
            let half = try versionOne()
            for statement in plan.prefix(count) { try half.raw().run(statement) }
            let database = try half.open()
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
            #expect(try data(half) == before)
        }
    }

    /// Servers of version 1 take an upgrade that was interrupted for one that they do not know.
    @Test func marksTheDatabaseAsTooNewForOlderServersWhileItUpgrades() throws {
        let store = try versionOne()
        let plan = try store.open().plan()

        for statement in plan.prefix(4) { try store.raw().run(statement) }
        #expect(try store.raw().run("SELECT min_rev FROM context") == [["2"]])
        for statement in plan.dropFirst(4) { try store.raw().run(statement) }

        // They can use the result, which only has more than they know.
        #expect(try store.raw().run("SELECT min_rev FROM context") == [["1"]])
    }
}
