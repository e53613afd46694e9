import PluginABI
import Testing

/// How MariaDB finds rows.
@Suite struct PlanTests {
    let store: TestStore

    init() throws { store = try TestStore() }

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
