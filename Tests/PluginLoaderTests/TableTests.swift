import PluginLoader
import Testing

/// Drivers of other minors: their tables are shorter or longer than ours.
@Suite struct TableTests {
    @Test func aLongerTableIsReadAsFarAsWeKnowIt() async throws {
        let database = try await BadDriver("longer-table").open()

        try await database.apply([create("k")], deadline: .none)
        #expect(try await database.get("k").owner == "alice")
        _ = try await database.statistics()
        await database.close()
    }

    @Test func whatAShorterTableLacksIsUnsupported() async throws {
        let database = try await BadDriver("shorter-table").open()

        #expect(try await database.get("k").status == .notFound)
        let query = try await failure {
            try await database.query(Query(filter: nil), deadline: .none)
        }
        let write = try await failure {
            try await database.apply([Write(.delete(uid: "k"))], deadline: .none)
        }
        #expect(query.status == .unsupported && write.status == .unsupported)
        #expect(query.message.contains("query"))
        await database.close()
    }

    @Test func everyOptionalFunctionMayBeMissing() async throws {
        let database = try await BadDriver("all-optional-null").open()
        let calls: [(String, () async throws -> Void)] = [
            ("get", { _ = try await database.get("k") }),
            ("query", { _ = try await database.query(Query(filter: nil), deadline: .none) }),
            ("grants", { _ = try await database.grants(GrantsQuery(), deadline: .none) }),
            ("apply", { try await database.apply([Write(.check(uid: "k"))], deadline: .none) }),
            ("context", { _ = try await database.context() }),
            ("migrate", { try await database.migrate() }),
            ("plan", { _ = try await database.plan() }),
            ("clear", { try await database.clear(force: true) }),
            ("health", { try await database.health() }),
            ("statistics", { _ = try await database.statistics() }),
            ("changes", { _ = try await database.changes(since: []) }),
        ]

        for (name, call) in calls {
            let error = try await failure(call)
            #expect(error.status == .unsupported && error.message.contains(name))
        }
        await database.close()
    }
}
