import PluginABI
import Testing

@Suite struct QueryTests {
    let store: TestStore
    let database: TestDatabase

    init() throws {
        store = try TestStore()
        database = try store.ready()
    }

    /// Three keys of different owners, states and terms.
    private func fill() throws {
        let statuses = try database.apply([
            .create(
                TestObject(uid: "a", owner: "alice", type: 2, state: 1, tags: ["prod", "red"]),
                terms: [
                    TestTerm(path: "Algorithm", value: .integer(3)),
                    TestTerm(path: "Length", value: .integer(256)),
                    TestTerm(path: "Mask", value: .integer(0b1100)),
                    TestTerm(path: "Name", value: .text("first")),
                    TestTerm(path: "Due", value: .integer(-5)),
                ]),
            .create(
                TestObject(uid: "b", owner: "bob", type: 2, state: 2, tags: ["prod"]),
                terms: [
                    TestTerm(path: "Algorithm", value: .integer(3)),
                    TestTerm(path: "Length", value: .integer(128)),
                    TestTerm(path: "Mask", value: .integer(0b0100)),
                    TestTerm(path: "Name", value: .text("fir")),
                    TestTerm(path: "Name", value: .text("second")),
                    TestTerm(path: "Serial", value: .bytes([0xFF, 0xFF])),
                    TestTerm(path: "Due", value: .integer(7)),
                ]),
            .create(
                TestObject(uid: "c", owner: "", type: 3, state: 2, tags: []),
                terms: [
                    TestTerm(path: "Algorithm", value: .integer(4)),
                    TestTerm(path: "Serial", value: .bytes([0xFF])),
                    TestTerm(path: "Mask", value: .integer(.min)),
                ]),
        ])
        #expect(statuses == [0, 0, 0])
    }

    static let filters: [(TestFilter, [String])] = [
        (.equal("Algorithm", .integer(3)), ["a", "b"]),
        (.equal("Algorithm", .text("3")), []),
        (.equal("algorithm", .integer(3)), []),
        (.equal("Name", .text("second")), ["b"]),
        (.equal("Name", .bytes(Array("second".utf8))), []),
        (.atMost("Due", -5), ["a"]), (.atMost("Due", -6), []), (.atMost("Due", 7), ["a", "b"]),
        (.atLeast("Due", 7), ["b"]), (.atLeast("Due", 8), []), (.atLeast("Due", .min), ["a", "b"]),
        (.atMost("Due", .max), ["a", "b"]),
        (.prefix("Name", .text("fir")), ["a", "b"]), (.prefix("Name", .text("first")), ["a"]),
        (.prefix("Name", .text("")), ["a", "b"]),
        (.prefix("Serial", .bytes([0xFF])), ["b", "c"]),
        (.prefix("Serial", .bytes([0xFF, 0xFF])), ["b"]),
        (.hasBits("Mask", 0b0100), ["a", "b"]), (.hasBits("Mask", 0b1100), ["a"]),
        (.hasBits("Mask", .min), ["c"]), (.hasBits("Mask", 0), ["a", "b", "c"]),
        (.hasPath("Serial"), ["b", "c"]), (.hasPath("Ser"), []),
        (.uid("b"), ["b"]), (.uid("B"), []),
        (.owner("bob"), ["b"]), (.owner(""), ["c"]),
        (.type(2), ["a", "b"]), (.state(2), ["b", "c"]),
        (.tag("prod"), ["a", "b"]), (.tag("pro"), []),
        (.and(), ["a", "b", "c"]), (.or(), []),
        (.and(.tag("prod"), .tag("red")), ["a"]),
        (.or(.tag("red"), .uid("c")), ["a", "c"]),
        (.not(.tag("prod")), ["c"]),
        (.not(.and(.tag("prod"), .state(2))), ["a", "c"]),
        (.and(.not(.or(.uid("a"), .uid("b"))), .type(3)), ["c"]),
        (
            .and(.equal("Algorithm", .integer(3)), .tag("prod"), .or(.state(2), .state(1))),
            ["a", "b"]
        ),
        (.or(.and(.uid("a"), .state(1)), .and(.uid("b"), .state(1))), ["a"]),
        (.and(.tag("prod"), .equal("Name", TestValue.text("second").ranked(KMS_RANK_RARE))), ["b"]),
        (.and(.or(.tag("red"))), ["a"]),
    ]

    @Test(arguments: filters.indices)
    func matches(_ index: Int) throws {
        try fill()
        let (filter, expected) = Self.filters[index]

        let page = try database.query(TestQuery(filter: filter))

        #expect(page.uids == expected)
        #expect(page.cursor.isEmpty && !page.isInexact && page.total == -1)
    }

    /// The same filters, seen by a user who was granted all: other statements, same answers.
    @Test(arguments: filters.indices)
    func matchesAmongGranted(_ index: Int) throws {
        try fill()
        try database.apply(["a", "b", "c"].map { .grant($0, to: "group", 1) })
        let (filter, expected) = Self.filters[index]

        #expect(
            try database.query(TestQuery(filter: filter, who: ["x", "group"])).uids == expected)
        #expect(
            try database.query(
                TestQuery(filter: filter, who: ["bob", "group"], flags: KMS_QUERY_GRANTED)
            ).uids == expected.filter { $0 != "b" })
        #expect(
            try database.query(
                TestQuery(filter: filter, who: ["bob", "group"], flags: KMS_QUERY_OWNED)
            ).uids == expected.filter { $0 == "b" })
    }

    /// Values of any length, some alike for thousands of bytes.
    @Test func findsLongValues() throws {
        let long = String(repeating: "ab", count: 5000)
        let names = ["x", long, long + "y", "z" + long, String(long.dropLast(8000))]
        try database.apply(
            names.enumerated().map { index, name in
                .create(
                    TestObject(uid: "k\(index)"),
                    terms: [TestTerm(path: "N", value: .text(name), isUnique: true)],
                    batch: UInt32(index))
            })

        for (index, name) in names.enumerated() {
            #expect(
                try database.query(TestQuery(filter: .equal("N", .text(name)))).uids == [
                    "k\(index)"
                ])
        }
        #expect(try database.query(TestQuery(filter: .equal("N", .text(long + "z")))).uids == [])
        #expect(
            try database.query(TestQuery(filter: .prefix("N", .text("aba")))).uids
                == ["k1", "k2", "k4"])
        let page = try database.query(TestQuery(filter: .prefix("N", .text(long))))
        #expect(page.isInexact || page.uids == ["k1", "k2"])
        #expect(Set(page.uids).isSuperset(of: ["k1", "k2"]))
        #expect(
            try database.apply([
                .create(
                    TestObject(uid: "again"),
                    terms: [TestTerm(path: "N", value: .text(long), isUnique: true)])
            ]) == [Int(KMS_EXISTS)])
    }

    static let broken: [TestFilter] = {
        var missing = TestFilter.and(.tag("a"))
        missing.arity = 2
        var surplus = TestFilter.and(.tag("a"), .tag("b"))
        surplus.arity = 1
        var twoForNot = TestFilter.not(.tag("a"))
        twoForNot.operands.append(.tag("b"))
        var noneForNot = TestFilter.not(.tag("a"))
        noneForNot.operands = []
        var huge = TestFilter.and()
        huge.arity = Int(UInt32.max)
        return [missing, surplus, twoForNot, noneForNot, huge, .prefix("p", .integer(1))]
    }()

    @Test(arguments: broken.indices)
    func refusesBrokenTrees(_ index: Int) throws {
        #expect { try database.query(TestQuery(filter: Self.broken[index])) } throws: {
            ($0 as? TestFailure)?.status == Int(KMS_INVALID)
        }
    }

    @Test func leavesToTheHostWhatIsTooDeepTooLongOrUnknown() throws {
        try fill()
        let deep = (0..<100_000).reduce(TestFilter.tag("red")) { filter, _ in filter }
        var nested = deep
        for _ in 0..<1000 { nested = .not(nested) }
        var unknown = TestFilter.tag("red")
        unknown.op = 99

        for filter in [nested, .all(Array(repeating: .tag("red"), count: 5000)), unknown] {
            let page = try database.query(TestQuery(filter: filter))
            #expect(page.isInexact)
            #expect(page.uids == ["a", "b", "c"])
        }
    }

    @Test func showsOnlyWhatIsOwnedOrGranted() throws {
        try fill()
        try database.apply([.grant("b", to: "alice", 2), .grant("c", to: "*", 4)])
        let who = ["alice", "*"]

        #expect(try database.query(TestQuery(who: who)).uids == ["a", "b", "c"])
        #expect(try database.query(TestQuery(who: ["alice"])).uids == ["a", "b"])
        #expect(try database.query(TestQuery(who: ["*"])).uids == ["c"])
        #expect(try database.query(TestQuery(who: ["bob", "alice"])).uids == ["b"])
        #expect(try database.query(TestQuery(who: who, rights: 4)).uids == ["a", "c"])
        #expect(try database.query(TestQuery(who: who, rights: 6)).uids == ["a", "b", "c"])
        #expect(try database.query(TestQuery(who: who, rights: 8)).uids == ["a"])
        #expect(try database.query(TestQuery(who: who, flags: KMS_QUERY_OWNED)).uids == ["a"])
        #expect(
            try database.query(TestQuery(who: who, flags: KMS_QUERY_GRANTED)).uids == ["b", "c"])
        // Nobody owns what has no owner.
        #expect(try database.query(TestQuery(who: [""])).uids == [])
    }

    @Test func returnsPartsAndRights() throws {
        let key = TestObject(
            uid: "k", owner: "bob", revision: 9, object: [1, 2], attributes: [3], tags: ["x", "y"])
        try database.apply([
            .create(key), .grant("k", to: "alice", 1), .grant("k", to: "*", 8),
        ])
        var expected = key
        expected.rights = 9

        let page = try database.query(
            TestQuery(
                who: ["alice", "*"],
                parts: Int(KMS_PART_OBJECT | KMS_PART_ATTRIBUTES | KMS_PART_TAGS)))

        #expect(page.items == [expected])
    }

    @Test(arguments: [0, KMS_QUERY_NEWEST], [1, 3, 7, 1000])
    func pagesReturnEachObjectOnce(_ flags: Int, _ limit: Int) throws {
        let uids = (0..<40).map { "k\($0)" }
        try database.apply(uids.map { .create(TestObject(uid: $0, tags: ["t"]), batch: 0) })
        try database.apply((0..<40).map { .grant("k\($0)", to: "bob", 1) })
        let expected = flags == 0 ? uids : uids.reversed()

        for who in [[], ["alice"], ["bob"], ["alice", "bob"]] {
            for filter in [nil, TestFilter.tag("t")] {
                var seen: [String] = []
                var query = TestQuery(
                    filter: filter, who: who, limit: limit, flags: flags | KMS_QUERY_COUNT)
                repeat {
                    let page = try database.query(query)
                    seen += page.uids
                    #expect(page.total == 40)
                    #expect(page.items.count <= limit)
                    query.cursor = page.cursor
                } while !query.cursor.isEmpty
                #expect(seen == expected)
            }
        }
    }

    @Test func pagesStayExactWhileOthersInsertAndDelete() throws {
        try database.apply((0..<50).map { .create(TestObject(uid: "k\($0)", tags: ["t"])) })
        var seen: [String] = []
        var query = TestQuery(filter: .tag("t"), who: ["alice"], limit: 7)
        var round = 0
        repeat {
            let page = try database.query(query)
            seen += page.uids
            query.cursor = page.cursor
            try database.apply([
                .create(TestObject(uid: "new\(round)", tags: ["t"]), batch: 0),
                .delete("k\(round)", batch: 1),  // behind the cursor
            ])
            round += 1
        } while !query.cursor.isEmpty

        #expect(seen.count == Set(seen).count)
        #expect(Set(seen).isSuperset(of: (0..<50).map { "k\($0)" }))
    }

    @Test func skipsOnTheFirstPageOnly() throws {
        try database.apply((0..<5).map { .create(TestObject(uid: "k\($0)")) })

        let first = try database.query(TestQuery(limit: 2, skip: 1))
        let second = try database.query(TestQuery(cursor: first.cursor, limit: 2, skip: 1))

        #expect(first.uids == ["k1", "k2"])
        #expect(second.uids == ["k3", "k4"])
        #expect(second.cursor.isEmpty)
        #expect(try database.query(TestQuery(skip: 5)).uids == [])
    }

    @Test(
        arguments: [[1], [9, 9, 9, 9, 9, 9, 9, 9, 9], [2, 0, 0, 0, 0, 0, 0, 0, 1]] as [[UInt8]])
    func refusesForeignCursors(_ cursor: [UInt8]) throws {
        #expect { try database.query(TestQuery(cursor: cursor)) } throws: {
            ($0 as? TestFailure)?.status == Int(KMS_INVALID)
        }
    }

    @Test func stopsALongSearchThatIsCancelled() throws {
        for start in stride(from: 0, to: 2000, by: 100) {
            try database.apply((start..<start + 100).map { .create(TestObject(uid: "k\($0)")) })
        }

        #expect {
            try database.query(TestQuery(filter: .state(9)), .init(isCancelled: { _ in true }))
        } throws: { ($0 as? TestFailure)?.status == Int(KMS_CANCELLED) }
        #expect {
            try database.query(TestQuery(filter: .state(9)), .init(deadline: monotonic() + 1000))
        } throws: { ($0 as? TestFailure)?.status == Int(KMS_DEADLINE) }
        #expect(try database.query(TestQuery(filter: .state(9))).items.isEmpty)
    }
}
