extension Catalogue {
    static let filtering: [Case] = [
        Case(
            "query.filter.leaves",
            "every filter finds the objects that it is true of, and no others"
        ) {
            test in
            let database = try test.database()
            try database.write(sample.map { .create($0) })
            for (name, filter, wanted) in leaves {
                try expect(wanted, from: filter, name, in: database, test)
            }
        },
        Case("query.filter.trees", "AND, OR and NOT combine filters, nested and empty") { test in
            let database = try test.database()
            try database.write(sample.map { .create($0) })
            for (name, filter, wanted) in trees {
                try expect(wanted, from: filter, name, in: database, test)
            }
        },
        Case("query.filter.ranks", "the rank of a value has no part in what it equals") { test in
            let database = try test.database()
            for (index, rank) in Value.Rank.allCases.enumerated() {
                let value = Value.text("v").ranked(rank)
                try database.write(.create(Object("r\(index)", terms: [Term("P", value)])))
            }
            for rank in Value.Rank.allCases {
                let filter = Filter.equal("P", Value.text("v").ranked(rank))
                try expect(["r0", "r1", "r2"], from: filter, "\(rank)", in: database, test)
            }
        },
        Case("query.filter.long-values", "values are whole: long ones differ in their last byte") {
            test in
            let database = try test.database()
            let long = [UInt8](repeating: 0x61, count: 5000)
            try database.write(
                .create(Object("a", terms: [Term("P", .bytes(long + [1]))])),
                .create(Object("b", terms: [Term("P", .bytes(long + [2]))])))
            try expect(["a"], from: .equal("P", .bytes(long + [1])), "equal", in: database, test)
            try expect(["b"], from: .prefix("P", .bytes(long + [2])), "prefix", in: database, test)
            try expect(["a", "b"], from: .prefix("P", .bytes(long)), "prefix", in: database, test)
        },
        Case("query.filter.deep", "a tree 1000 nodes deep is answered or refused, and harms nobody")
        {
            test in
            let database = try test.database()
            try database.write(.create(Object("a", tags: ["t"])))
            var deep = Filter.tag("t")
            for _ in 0..<1000 { deep = .not(deep) }
            do {
                let page = try database.query(Query(deep))
                test.check(page.isInexact || page.uids == ["a"], "NOT of NOT is found")
            } catch let failure as CallFailed where failure.status != .internalError {}
            try expect(["a"], from: .tag("t"), "afterwards", in: database, test)
        },
        Case("query.filter.wide", "an OR of 500 uids finds each of them") { test in
            let database = try test.database()
            try database.write((0..<100).map { .create(Object("w\($0)")) })
            let filter = Filter.any((0..<500).map { .uid("w\($0 * 2)") })
            try expect((0..<50).map { "w\($0 * 2)" }, from: filter, "even ones", in: database, test)
        },
        Case(
            "query.filter.unknown", "a filter of an unknown kind is left to the host, which is told"
        ) {
            test in
            let database = try test.database()
            try database.write(sample.map { .create($0) })
            let odd = Filter(op: 900, path: "Number", value: .integer(1))
            for filter in [
                odd, .all([.uid("ann"), odd]), .not(odd), .all([.uid("ann"), .not(odd)]),
            ] {
                let page = try database.query(Query(filter))
                test.check(page.isInexact, "the page says that it is a superset")
                test.check(page.uids.contains("ann"), "nothing is left out")
            }
        },
        Case("query.filter.not-a-tree", "what is no tree is KMS_INVALID") { test in
            let database = try test.database()
            try database.write(.create(Object("a")))
            let leaf = Filter.tag("t")
            let broken: [(String, Filter)] = [
                ("an operand is missing", Filter(op: 1, arity: 2, operands: [leaf])),
                ("an operand is too many", Filter(op: 1, arity: 1, operands: [leaf, leaf])),
                ("NOT of none", Filter(op: 3, arity: 0)),
                ("NOT of two", Filter(op: 3, arity: 2, operands: [leaf, leaf])),
                ("an arity beyond everything", Filter(op: 2, arity: .max, operands: [leaf])),
                ("two trees", Filter(op: 1, arity: 0, operands: [leaf])),
            ]
            for (name, filter) in broken {
                try test.expectFailure(.invalid, of: name) { _ = try database.query(Query(filter)) }
            }
        },
    ]

    /// An exact page holds what is true and nothing else; another one holds at least that.
    private static func expect(
        _ wanted: [String], from filter: Filter, _ name: String, in database: Database, _ test: Test
    ) throws {
        let page = try database.query(Query(filter))
        if page.isInexact {
            test.check(
                Set(wanted).isSubset(of: page.uids),
                "\(name): \(wanted) are not all in \(page.uids)")
        } else {
            test.expect(page.uids.sorted(), wanted.sorted(), name)
        }
    }

    private static let sample: [Object] = [
        Object(
            "ann", owner: "ann", type: 1, state: 1, tags: ["prod", "blue"],
            terms: [
                Term("Number", .integer(1)), Term("Name", .text("alpha")),
                Term("Mask", .integer(0b101)), Term("Raw", .bytes([1, 2, 3])),
            ]),
        Object(
            "bob", owner: "bob", type: 2, state: 2, tags: ["prod"],
            terms: [
                Term("Number", .integer(-5)), Term("Number", .integer(70)),
                Term("Name", .text("alphabet")), Term("Mask", .integer(-1)),
            ]),
        Object(
            "eve", owner: "", type: 2, state: 0, tags: ["test%"],
            terms: [
                Term("Number", .integer(.max)), Term("Name", .text("a%")), Term("Name", .text("")),
                Term("Raw", .bytes([255, 255])), Term("number", .integer(2)),
            ]),
        Object("nil", owner: "ann", type: 0, state: 0),
        Object("min", owner: "Ann", type: 9, state: 3, terms: [Term("Number", .integer(.min))]),
    ]

    private static let leaves: [(String, Filter, [String])] = [
        ("integer", .equal("Number", .integer(1)), ["ann"]),
        ("one of two terms", .equal("Number", .integer(70)), ["bob"]),
        ("largest integer", .equal("Number", .integer(.max)), ["eve"]),
        ("smallest integer", .equal("Number", .integer(.min)), ["min"]),
        ("path in another case", .equal("number", .integer(1)), []),
        ("text", .equal("Name", .text("alpha")), ["ann"]),
        ("text in another case", .equal("Name", .text("Alpha")), []),
        ("the empty text", .equal("Name", .text("")), ["eve"]),
        ("a text is no integer", .equal("Number", .text("1")), []),
        ("bytes", .equal("Raw", .bytes([1, 2, 3])), ["ann"]),
        ("bytes are no text", .equal("Name", .bytes(Array("alpha".utf8))), []),
        ("a text is no bytes", .equal("Raw", .text("\u{1}\u{2}\u{3}")), []),
        ("no such path", .equal("None", .integer(1)), []),
        ("at most", .atMost("Number", 1), ["ann", "bob", "min"]),
        ("at most the smallest", .atMost("Number", .min), ["min"]),
        ("at least", .atLeast("Number", 2), ["bob", "eve"]),
        ("at least the largest", .atLeast("Number", .max), ["eve"]),
        ("at least, of texts", .atLeast("Name", .min), []),
        ("prefix", .prefix("Name", .text("alph")), ["ann", "bob"]),
        ("prefix that is the whole", .prefix("Name", .text("alphabet")), ["bob"]),
        ("prefix with a sign of LIKE", .prefix("Name", .text("a%")), ["eve"]),
        ("the empty prefix", .prefix("Name", .text("")), ["ann", "bob", "eve"]),
        ("prefix of bytes", .prefix("Raw", .bytes([1, 2])), ["ann"]),
        ("prefix of the last bytes", .prefix("Raw", .bytes([255])), ["eve"]),
        ("prefix of bytes in texts", .prefix("Name", .bytes([0x61])), []),
        ("bits", .hasBits("Mask", 0b100), ["ann", "bob"]),
        ("bits, not all of them", .hasBits("Mask", 0b110), ["bob"]),
        ("the sign bit", .hasBits("Mask", .min), ["bob"]),
        ("no bits", .hasBits("Mask", 0), ["ann", "bob"]),
        ("bits of no integer", .hasBits("Name", 0), []),
        ("path", .hasPath("Raw"), ["ann", "eve"]),
        ("path of none", .hasPath("raw"), []),
        ("uid", .uid("bob"), ["bob"]),
        ("uid in another case", .uid("Bob"), []),
        ("owner", .owner("ann"), ["ann", "nil"]),
        ("owner in another case", .owner("Ann"), ["min"]),
        ("nobody", .owner(""), ["eve"]),
        ("type", .type(2), ["bob", "eve"]),
        ("no type", .type(0), ["nil"]),
        ("type beyond 32 bits", .type(1 << 32 | 2), []),
        ("state", .state(1), ["ann"]),
        ("no state", .state(0), ["eve", "nil"]),
        ("negative state", .state(-1), []),
        ("tag", .tag("prod"), ["ann", "bob"]),
        ("tag with a sign of LIKE", .tag("test%"), ["eve"]),
        ("part of a tag", .tag("pro"), []),
    ]

    private static let trees: [(String, Filter, [String])] = [
        ("AND of none", .all([]), ["ann", "bob", "eve", "min", "nil"]),
        ("OR of none", .any([]), []),
        ("NOT of OR of none", .not(.any([])), ["ann", "bob", "eve", "min", "nil"]),
        ("NOT of AND of none", .not(.all([])), []),
        ("AND", .all([.tag("prod"), .tag("blue")]), ["ann"]),
        ("AND of one", .all([.tag("prod")]), ["ann", "bob"]),
        ("OR", .any([.uid("nil"), .tag("blue")]), ["ann", "nil"]),
        ("NOT of a tag", .not(.tag("prod")), ["eve", "min", "nil"]),
        ("NOT of a term", .not(.equal("Number", .integer(1))), ["bob", "eve", "min", "nil"]),
        ("NOT of a path", .not(.hasPath("Number")), ["nil"]),
        ("NOT of a range", .not(.atLeast("Number", 2)), ["ann", "min", "nil"]),
        ("NOT of NOT", .not(.not(.tag("blue"))), ["ann"]),
        ("NOT of a plain member", .not(.owner("ann")), ["bob", "eve", "min"]),
        ("NOT of an AND", .not(.all([.tag("prod"), .state(1)])), ["bob", "eve", "min", "nil"]),
        ("NOT of an OR", .not(.any([.tag("prod"), .uid("nil")])), ["eve", "min"]),
        (
            "a range is two terms",
            .all([.atLeast("Number", 2), .atMost("Number", 69)]), ["bob"]
        ),
        (
            "as a server asks",
            .all([
                .hasPath("Number"), .tag("prod"), .any([.state(2), .state(1)]),
                .not(.all([.owner("bob"), .type(1)])),
            ]), ["ann", "bob"]
        ),
        (
            "OR of ANDs",
            .any([.all([.type(1), .state(1)]), .all([.type(2), .owner("")]), .all([.type(3)])]),
            ["ann", "eve"]
        ),
    ]
}
