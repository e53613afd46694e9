import PluginABI
import Testing

/// How PostgreSQL finds rows.
@Suite struct PlanTests {
    let store: TestStore

    init() throws { store = try TestStore() }

    /// No statement reads a table from end to end, although nobody has gathered statistics.
    @Test func everyStatementFindsItsRowsByKey() throws {
        let database = try store.ready()
        try database.apply(
            (0..<100).map { number in
                .create(
                    TestObject(uid: "k\(number)", owner: "user\(number % 7)", tags: ["all"]),
                    terms: [TestTerm(path: "A", value: .integer(3))])
            })
        try store.raw().run("SELECT pg_stat_reset()")
        let filters: [TestFilter?] = [
            .tag("all"), .equal("A", .integer(3)), .and(.tag("all"), .equal("A", .integer(3))),
            .prefix("N", .text("n")), .uid("k5"),
        ]

        for filter in filters {
            for who in [[], ["user3", "*"]] {
                for flags in [0, KMS_QUERY_NEWEST] {
                    _ = try database.query(
                        TestQuery(filter: filter, who: who, limit: 10, flags: flags))
                }
            }
        }
        _ = try database.get(["k1", "none"].map { TestGet(uid: $0, who: ["user1", "*"]) })
        try database.apply([
            .update(
                TestObject(uid: "k1", revision: 2, tags: ["x"]),
                parts: Int(KMS_PART_TAGS | KMS_PART_ATTRIBUTES)),
            .delete("k2"), .grant("k3", to: "bob", 1), .revoke("k3", from: "bob", 1),
        ])
        database.close()

        let scans = """
            SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE schemaname = '\(store.name)' \
            AND relname <> 'context' AND seq_tup_read > 0
            """
        #expect(try store.raw().run(scans) == [])
    }
}
