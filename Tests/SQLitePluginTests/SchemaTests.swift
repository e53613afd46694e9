import Glibc
import PluginABI
import Testing

@Suite struct SchemaTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func expect(_ status: Int, _ body: () throws -> Void) {
        #expect { try body() } throws: { ($0 as? TestFailure)?.status == Int(status) }
    }

    @Test func openCreatesPrivateFilesAndNoSchema() throws {
        let inner = directory.path + "/data"
        defer {
            for name in ["kms.db", "kms.db.lock"] { unlink("\(inner)/\(name)") }
            rmdir(inner)
        }
        let database = try TestDatabase(inner)

        #expect(directory.mode("data") == 0o700)
        #expect(directory.mode("data/kms.db") == 0o600)
        #expect(directory.contents("data/kms.db").isEmpty)
        #expect(try database.context().state == KMS_SCHEMA_EMPTY)
        database.close()
    }

    @Test func refusesDataBeforeTheSchemaIsReady() throws {
        let database = try TestDatabase(directory.path)
        let upgrading = Int(KMS_UPGRADING)

        expect(upgrading) { _ = try database.get("k") }
        expect(upgrading) { _ = try database.query(TestQuery()) }
        expect(upgrading) { try database.apply([.create(TestObject(uid: "k"))]) }
        expect(upgrading) { _ = try database.grants() }
        expect(upgrading) { _ = try database.changes(since: []) }
        expect(upgrading) { try database.clear() }
        try database.health()
        try database.migrate()
        #expect(try database.get("k").status == Int(KMS_NOT_FOUND))
        #expect(directory.mode("kms.db-wal") == 0o600)
    }

    @Test func migratesAnEmptyDatabaseOnce() throws {
        let database = try TestDatabase(directory.path)
        #expect(try database.plan().count > 5)

        try database.migrate()
        try database.migrate()

        let context = try database.context()
        #expect(context.state == KMS_SCHEMA_READY)
        #expect((context.version, context.schema, context.format) == ("1.2.3", "2", ""))
        #expect(try database.plan() == [])
    }

    /// An administrator who runs the plan by hand, or a process that died after any statement.
    @Test func resumesWhereverItWasKilled() throws {
        let planned = try TestDatabase(directory.path).plan()
        let whole = try TestDatabase.ready(directory.path)
        let expected = try schema(directory.path)
        for count in 0...planned.count {
            let half = try TemporaryDirectory()
            for statement in planned.prefix(count) { try RawDatabase(half.path).run(statement) }
            let database = try TestDatabase(half.path)
            let state = try database.context().state
            switch count {
            case 0: #expect(state == KMS_SCHEMA_EMPTY)
            case planned.count: #expect(state == KMS_SCHEMA_READY)
            default:
                #expect(state == KMS_SCHEMA_UPGRADING)
                expect(Int(KMS_UPGRADING)) { _ = try database.get("k") }
            }

            try database.migrate()

            #expect(try database.context().state == KMS_SCHEMA_READY)
            #expect(try database.apply([.create(TestObject(uid: "k"))]) == [0])
            #expect(try schema(half.path) == expected)
        }
        whole.close()
    }

    private func schema(_ path: String) throws -> [[String]] {
        try RawDatabase(path).run("SELECT sql FROM sqlite_master ORDER BY name")
            + RawDatabase(path).run("SELECT version, state, schema_rev, min_rev FROM context")
    }

    @Test func stopsEveryCallWhileSomebodyUpgrades() throws {
        let database = try TestDatabase.ready(directory.path)
        try database.apply([.create(TestObject(uid: "k"))])
        _ = try database.get("k")
        let raw = try RawDatabase(directory.path)
        let upgrading = Int(KMS_UPGRADING)

        try raw.run("UPDATE context SET state = 'upgrading'")

        expect(upgrading) { _ = try database.get("k") }
        expect(upgrading) { _ = try database.get([TestGet(uid: "k"), TestGet(uid: "l")]) }
        expect(upgrading) { _ = try database.query(TestQuery()) }
        expect(upgrading) { try database.apply([.create(TestObject(uid: "l"))]) }
        expect(upgrading) { _ = try database.grants() }
        expect(upgrading) { _ = try database.changes(since: []) }
        #expect(try database.context().state == KMS_SCHEMA_UPGRADING)
        try raw.run("UPDATE context SET state = 'ready'")
        #expect(try database.get("k").status == 0)
    }

    static let contexts: [(String, kms_schema_state)] = [
        ("version = '9.9.9'", KMS_SCHEMA_READY),
        ("schema_rev = 3", KMS_SCHEMA_READY),
        ("schema_rev = 1", KMS_SCHEMA_BEHIND),
        ("schema_rev = 0", KMS_SCHEMA_BEHIND),
        ("schema_rev = 3, min_rev = 3", KMS_SCHEMA_AHEAD),
        ("schema_rev = 2, min_rev = 3, state = 'upgrading'", KMS_SCHEMA_AHEAD),
        ("state = 'upgrading'", KMS_SCHEMA_UPGRADING),
    ]

    @Test(arguments: contexts.indices)
    func judgesTheSchema(_ index: Int) throws {
        let (change, expected) = Self.contexts[index]
        let database = try TestDatabase.ready(directory.path)
        try RawDatabase(directory.path).run("UPDATE context SET \(change)")

        #expect(try database.context().state == expected)
        if expected == KMS_SCHEMA_AHEAD {
            expect(Int(KMS_UNSUPPORTED)) { try database.migrate() }
            expect(Int(KMS_UPGRADING)) { _ = try database.get("k") }
        } else {
            try database.migrate()
            #expect(try database.context().state == KMS_SCHEMA_READY)
        }
    }

    @Test(arguments: [
        ("1.2.2", "1.2.3"), ("1.10.0", "1.10.0"), ("1.2.3-rc1", "1.2.3"), ("0.9", "1.2.3"),
    ])
    func raisesTheVersionAndNeverLowersIt(_ stored: String, _ expected: String) throws {
        let database = try TestDatabase.ready(directory.path)
        try RawDatabase(directory.path).run("UPDATE context SET version = '\(stored)'")

        try database.migrate()

        #expect(try database.context().version == expected)
    }

    static let foreign: [(String, String)] = [
        (
            """
            CREATE TABLE context (version VARCHAR(40), state VARCHAR(40), PRIMARY KEY (version));
            CREATE TABLE objects (id VARCHAR(40) PRIMARY KEY, object json NOT NULL, \
            attributes json NOT NULL, state VARCHAR(32), owner VARCHAR(255));
            CREATE TABLE read_access (id VARCHAR(40), userid VARCHAR(255), permissions json NOT NULL);
            CREATE TABLE tags (id VARCHAR(40), tag VARCHAR(255));
            INSERT INTO context VALUES ('4.22.1', 'ready')
            """, "cosmian-kms-4"
        ),
        (
            """
            CREATE TABLE objects (id VARCHAR(40)); CREATE TABLE read_access (id VARCHAR(40));
            CREATE TABLE tags (id VARCHAR(40))
            """, "cosmian-kms-4"
        ),
        ("CREATE TABLE songs (title TEXT)", ""),
    ]

    @Test(arguments: foreign.indices)
    func leavesForeignDatabasesAlone(_ index: Int) throws {
        let (schema, format) = Self.foreign[index]
        try RawDatabase(directory.path).run(schema)
        let before = directory.contents("kms.db")
        let database = try TestDatabase(directory.path)

        let context = try database.context()
        #expect(context.state == KMS_SCHEMA_FOREIGN)
        #expect(context.format == format)
        expect(Int(KMS_UNSUPPORTED)) { try database.migrate() }
        expect(Int(KMS_UPGRADING)) { _ = try database.get("k") }
        database.close()
        #expect(directory.contents("kms.db") == before)
    }

    @Test func tellsAFileThatIsNoDatabase() throws {
        let file = fopen("\(directory.path)/kms.db", "w")
        fputs(String(repeating: "no database ", count: 1000), file)
        fclose(file)

        expect(Int(KMS_CORRUPT)) { _ = try TestDatabase(directory.path) }
    }

    @Test func opensReadOnly() throws {
        let writable = try TestDatabase.ready(directory.path)
        try writable.apply([.create(TestObject(uid: "k"))])
        let database = try TestDatabase(directory.path, .init(flags: KMS_OPEN_READ_ONLY))

        #expect(try database.get("k").status == 0)
        try database.health()
        expect(Int(KMS_UNAVAILABLE)) { try database.apply([.create(TestObject(uid: "l"))]) }
        expect(Int(KMS_UNAVAILABLE)) { try database.migrate() }
        expect(Int(KMS_UNAVAILABLE)) { try database.clear(force: true) }
        let missing = try TemporaryDirectory()
        expect(Int(KMS_UNAVAILABLE)) {
            _ = try TestDatabase(missing.path, .init(flags: KMS_OPEN_READ_ONLY))
        }
        #expect(missing.mode("kms.db") == nil)
    }

    @Test func clearsOnlyWhenAloneOrForced() throws {
        let database = try TestDatabase.ready(directory.path)
        let other = try TestDatabase(directory.path)
        try database.apply([.create(TestObject(uid: "k", tags: ["t"])), .grant("k", to: "b", 1)])

        expect(Int(KMS_CONFLICT)) { try database.clear() }
        #expect(try database.get("k").status == 0)
        try database.clear(force: true)
        #expect(try other.get("k", who: ["b"]).status == Int(KMS_NOT_FOUND))
        #expect(try database.grants().items.isEmpty)

        try other.apply([.create(TestObject(uid: "k"))])
        database.close()
        try other.clear()
        #expect(try other.get("k").status == Int(KMS_NOT_FOUND))
    }
}
