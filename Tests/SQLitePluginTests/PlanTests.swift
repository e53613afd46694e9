import PluginABI
import Testing

/// No statement may read a table from end to end.
@Suite struct PlanTests {
    @Test func everyStatementFindsItsRowsByKey() throws {
        StatementLog.install()
        let directory = try TemporaryDirectory()
        let database = try TestDatabase.ready(directory.path, .init(synchronous: "normal"))
        try fill(database)
        try exercise(database)
        let statements = StatementLog.statements(in: directory.path)
            .filter { $0.hasPrefix("SELECT") || $0.hasPrefix("UPDATE") || $0.hasPrefix("DELETE") }
        try #require(statements.count > 40)

        let raw = try RawDatabase(directory.path)
        for statement in statements where !statement.contains("sqlite_master") {
            for step in try raw.run("EXPLAIN QUERY PLAN \(statement)").map({ $0[3] }) {
                // Sub-selects are made of searches, and a row of constants is no table.
                let isScan =
                    step.hasPrefix("SCAN") && !step.hasPrefix("SCAN CONSTANT ROW")
                    && !step.hasPrefix("SCAN (subquery") && !step.hasPrefix("SCAN p")
                #expect(!isScan, "\(step) in \(statement)")
            }
        }
    }

    private func fill(_ database: TestDatabase) throws {
        for start in stride(from: 0, to: 1000, by: 100) {
            try database.apply(
                (start..<start + 100).map { number in
                    .create(
                        TestObject(
                            uid: "k\(number)", owner: "user\(number % 7)",
                            tags: ["all", "t\(number % 100)"]),
                        terms: [
                            TestTerm(path: "A", value: .integer(3).ranked(KMS_RANK_COMMON)),
                            TestTerm(path: "N", value: .text("n\(number)"), isUnique: true),
                        ])
                })
            try database.apply((start..<start + 50).map { .grant("k\($0)", to: "*", 1) })
        }
    }

    private func exercise(_ database: TestDatabase) throws {
        let filters: [TestFilter?] = [
            nil, .tag("all"), .tag("t7"), .equal("A", .integer(3)), .atMost("A", 3),
            .and(.tag("t7"), .state(2)), .or(.tag("t7"), .tag("t8")), .not(.tag("all")),
            .prefix("N", .text("n99")), .prefix("N", .text("n")), .hasBits("A", 1), .hasPath("A"),
            .uid("k5"), .owner("user3"), .type(2),
            .equal("N", TestValue.text("n5").ranked(KMS_RANK_RARE)),
        ]
        for filter in filters {
            for flags in [0, KMS_QUERY_NEWEST, KMS_QUERY_COUNT] {
                _ = try database.query(TestQuery(filter: filter, limit: 10, flags: flags))
                for more in [0, KMS_QUERY_OWNED, KMS_QUERY_GRANTED] {
                    for rights in [0, 1] as [UInt64] {
                        _ = try database.query(
                            TestQuery(
                                filter: filter, who: ["user3", "*", "g"], rights: rights, limit: 10,
                                flags: flags | more))
                    }
                }
            }
        }
        for who in [[], ["user3"], ["user3", "*"], ["user3", "*", "g"]] {
            _ = try database.get(["k1", "none"].map { TestGet(uid: $0, who: who) })
            _ = try database.grants(who: who)
            _ = try database.grants(uid: "k1", who: who)
        }
        let start = try database.changes(since: [])
        try database.apply([
            .update(
                TestObject(uid: "k1", revision: 2, tags: ["x"]),
                parts: Int(KMS_PART_TAGS | KMS_PART_ATTRIBUTES | KMS_PART_STATE | KMS_PART_OBJECT),
                terms: [TestTerm(path: "N", value: .text("new"), isUnique: true)]),
            .revoke("k1", from: "*", 1), .delete("k2"), .delete("none", batch: 1),
        ])
        _ = try database.changes(since: start.token)
        try database.migrate()
        _ = try database.context()
        try database.health()
    }
}
