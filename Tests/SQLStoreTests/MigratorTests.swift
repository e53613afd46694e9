import PluginKit
import SQLStore
import Testing

@Suite struct MigratorTests {
    static let schema = Schema(
        revisions: [
            Schema.Revision(number: 1, minimum: 1, statements: ["a", "b"]),
            Schema.Revision(number: 2, minimum: 1, statements: ["c"]),
            Schema.Revision(number: 3, minimum: 2, statements: ["d", "e"]),
        ], createContext: "CREATE CONTEXT")

    private func migrator(_ connection: FakeConnection) -> Migrator<FakeConnection> {
        Migrator(connection, dialect: FakeConnection.dialect, schema: Self.schema)
    }

    private func connection(
        revision: Int64, minimum: Int64 = 1, state: String = "ready", version: String = "1.0"
    ) -> FakeConnection {
        let connection = FakeConnection()
        connection.stored.tables = ["context", "objects"]
        connection.stored.context = (version, state, revision, minimum)
        return connection
    }

    static let pending: [(Int64, [String])] = [
        (0, ["a", "b", "c", "d", "e"]), (1, ["c", "d", "e"]), (2, ["d", "e"]), (3, []),
    ]

    @Test(arguments: pending)
    func runsWhatIsPendingInOrder(_ revision: Int64, _ expected: [String]) throws {
        let connection = connection(revision: revision)

        try migrator(connection).migrate(version: "2.0")

        #expect(connection.stored.ran == expected)
        let context = try #require(connection.stored.context)
        #expect((context.version, context.state, context.revision) == ("2.0", "ready", 3))
        #expect(!connection.isLocked && !connection.ranUnlocked)
        #expect(try migrator(connection).context().state == .ready)
        #expect(try migrator(connection).plan() == [])
    }

    /// Statements of a whole upgrade from nothing: three that mark, five of revisions, three that
    /// note a revision, one that ends it.
    static let statements = 12

    /// The connection breaks at each statement in turn; the next host finishes.
    @Test(arguments: 0...statements)
    func resumesAfterEachFailure(_ count: Int) throws {
        let connection = FakeConnection()
        connection.executionsLeft = count
        let isWhole: Bool
        do {
            try migrator(connection).migrate(version: "2.0")
            isWhole = true
        } catch {
            isWhole = false
            #expect(error.status == .unavailable)
        }
        #expect(isWhole == (count == Self.statements))
        let state = try migrator(connection).context().state
        #expect(state == (count == 0 ? .empty : isWhole ? .ready : .upgrading))
        if !isWhole { #expect((connection.stored.context?.version ?? "") == "") }

        connection.executionsLeft = nil
        try migrator(connection).migrate(version: "2.0")

        let context = try #require(connection.stored.context)
        #expect((context.version, context.state) == ("2.0", "ready"))
        #expect((context.revision, context.minimum) == (3, 2))
        #expect(Set(connection.stored.ran) == ["a", "b", "c", "d", "e"])
        #expect(!connection.isLocked && !connection.ranUnlocked)
    }

    /// What was run until the connection broke, and what the next host runs then.
    static let interrupted: [(Int, [String])] = [
        (4, ["a", "b", "c", "d", "e"]), (6, ["c", "d", "e"]), (7, ["c", "d", "e"]),
        (8, ["d", "e"]), (10, ["d", "e"]), (11, []),
    ]

    @Test(arguments: interrupted)
    func resumesAtTheStartOfTheInterruptedRevision(_ count: Int, _ expected: [String]) throws {
        let connection = FakeConnection()
        connection.executionsLeft = count
        #expect(throws: DriverFailure.self) { try migrator(connection).migrate(version: "2.0") }
        connection.executionsLeft = nil
        connection.stored.ran = []

        try migrator(connection).migrate(version: "2.0")

        #expect(connection.stored.ran == expected)
    }

    /// A server that knows less than where an upgrade is going neither uses nor finishes it.
    @Test func leavesAnInterruptedUpgradeToServersThatKnowIt() throws {
        let connection = connection(revision: 1)
        connection.executionsLeft = 5
        #expect(throws: DriverFailure.self) { try migrator(connection).migrate(version: "2.0") }
        connection.executionsLeft = nil
        var older = Self.schema
        older.revisions.removeLast()
        let olderServer = Migrator(connection, dialect: FakeConnection.dialect, schema: older)
        let before = connection.stored.ran

        #expect(try olderServer.context().state == .ahead)
        #expect { try olderServer.migrate(version: "1.1") } throws: {
            ($0 as? DriverFailure)?.status == .unsupported
        }
        #expect(connection.stored.ran == before)
        #expect(connection.stored.context?.state == "upgrading")
    }

    @Test func marksTheDatabaseWhenNobodyWrites() throws {
        let connection = connection(revision: 1)

        try migrator(connection).migrate(version: "2.0")

        #expect(connection.markedWith == .exclusive)
    }

    @Test func plansWhatItRuns() throws {
        let connection = FakeConnection()
        let plan = try migrator(connection).plan()
        #expect(plan.first == "CREATE CONTEXT")
        #expect(plan.filter { $0.count == 1 } == ["a", "b", "c", "d", "e"])
        for statement in plan { try connection.execute(statement) }
        #expect(try migrator(connection).context().state == .ready)
    }

    static let contexts: [(Int64, Int64, String, SchemaContext.State)] = [
        (3, 2, "ready", .ready), (4, 3, "ready", .ready), (4, 4, "ready", .ahead),
        (4, 4, "upgrading", .ahead), (2, 1, "ready", .behind), (2, 1, "upgrading", .upgrading),
        (3, 2, "", .upgrading),
    ]

    @Test(arguments: contexts)
    func judges(
        _ revision: Int64, _ minimum: Int64, _ state: String, _ expected: SchemaContext.State
    ) throws {
        let connection = connection(revision: revision, minimum: minimum, state: state)

        let context = try migrator(connection).context()

        #expect(context.state == expected)
        #expect((context.schema, context.supported, context.version) == ("\(revision)", "3", "1.0"))
    }

    static let foreign: [(Set<String>, String)] = [
        (["songs"], ""), (["objects"], ""), (["objects", "read_access", "tags"], "cosmian-kms-4"),
        (["objects", "read_access", "tags", "parameters"], "cosmian-kms-5"),
    ]

    @Test(arguments: foreign)
    func leavesForeignTablesAlone(_ tables: Set<String>, _ format: String) throws {
        let connection = FakeConnection()
        connection.stored.tables = tables

        #expect(try migrator(connection).context().state == .foreign)
        #expect(try migrator(connection).context().format == format)
        #expect { try migrator(connection).migrate(version: "1") } throws: {
            ($0 as? DriverFailure)?.status == .unsupported
        }
        #expect { try migrator(connection).plan() } throws: {
            ($0 as? DriverFailure)?.status == .unsupported
        }
        #expect(connection.stored.ran == [] && connection.stored.tables == tables)
        #expect(!connection.isLocked)
    }

    @Test func adaptsPlaceholders() throws {
        let connection = connection(revision: 3)

        try migrator(connection).migrate(version: "2.0")

        #expect(connection.prepared.contains("UPDATE context SET version = $1 WHERE id = 1"))
        #expect(!connection.prepared.contains { $0.contains("?") })
    }

    @Test(arguments: [
        ("4.9", "4.10"), ("1.0.0", "1.0.1"), ("1", "1.0.1"), ("2.0.0-rc1", "2.0.0"),
        ("2.0.0-rc1", "2.0.0-rc2"), ("", "0.1"), ("1.9.9", "2.0.0-rc1"),
    ])
    func ordersVersions(_ older: String, _ newer: String) {
        #expect(Version(older) < Version(newer))
        #expect(!(Version(newer) < Version(older)))
        #expect(Version(older) == Version(older))
    }
}
