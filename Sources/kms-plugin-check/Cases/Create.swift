extension Catalogue {
    static let creating: [Case] = [
        Case("apply.none", "no writes are no error") { test in
            test.expect(try test.database().apply([]).count, 0)
        },
        Case("apply.create.exists", "a second create of a uid is KMS_EXISTS and changes nothing") {
            test in
            let database = try test.database()
            let first = Object("a", object: [1], tags: ["t"])
            try database.write(.create(first))
            test.expect(
                try database.outcome(.create(Object("a", owner: "bob", object: [2]))), .exists)
            test.expect(try database.get("a"), equals: first)
        },
        Case("apply.create.again", "a deleted uid can be created again, with nothing of the old") {
            test in
            let database = try test.database()
            let term = Term("Name", .text("n"), isUnique: true)
            try database.write(
                .create(Object("a", object: [1], tags: ["old"], terms: [term])),
                .grant("a", to: "bob", 1))
            try database.write(.delete("a"))
            let again = Object("a", owner: "carol", object: [2], tags: ["new"], terms: [term])
            try database.write(.create(again))
            test.expect(try database.get("a", who: ["bob"]), equals: again)
            test.expect(try database.uids(Query(.tag("old"))), [])
        },
        Case("apply.create.granted", "rights given before the object are there after it") { test in
            let database = try test.database()
            try database.write(.grant("a", to: "bob", 6))
            let object = Object("a")
            try database.write(.create(object))
            test.expect(try database.get("a", who: ["bob"]), equals: object, rights: 6)
        },
        Case("apply.create.bare", "an object may have no owner, type, state, bytes, tags or terms")
        {
            test in
            let database = try test.database()
            let bare = Object("a", owner: "", type: 0, state: 0)
            try database.write(.create(bare))
            test.expect(try database.get("a", who: ["", "*"]), equals: bare)
        },
        Case("apply.create.extremes", "type and state are 32 bits without a sign") { test in
            let database = try test.database()
            let object = Object("a", type: .max, state: .max)
            try database.write(.create(object))
            test.expect(try database.get("a"), equals: object)
            test.expect(try database.uids(Query(.state(Int64(UInt32.max)))), ["a"])
        },
        Case("apply.create.maximal", "takes uids, owners, tags and paths of the largest size") {
            test in
            let database = try test.database()
            let long = String(repeating: "\u{1F511}", count: 63) + "abc"  // 255 bytes
            let path = String(repeating: "p", count: 128)
            let object = Object(
                long, owner: long, tags: [long],
                terms: [Term(path, .text(long)), Term(path, .bytes(Array(long.utf8)))])
            try database.write(.create(object), .grant(long, to: long, .max))
            test.expect(try database.get(long, who: [long]), equals: object, rights: .max)
            test.expect(try database.uids(Query(.equal(path, .text(long)), who: [long])), [long])
            test.expect(try database.uids(Query(.tag(long))), [long])
        },
        Case("apply.create.large", "takes an object of 16 MiB", patience: 3) { test in
            let database = try test.database()
            let bytes = (0..<15 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
            let object = Object(
                "a", object: bytes, attributes: Array(bytes.prefix(1 << 20)))
            try database.write(.create(object))
            test.expect(try database.get("a"), equals: object)
        },
        Case("apply.create.many-tags", "takes an object with 1000 tags and 1000 terms") { test in
            let database = try test.database()
            let object = Object(
                "a", tags: (0..<1000).map { "tag-\($0)" },
                terms: (0..<1000).map { Term("Path", .integer(Int64($0))) })
            try database.write(.create(object))
            test.expect(try database.get("a"), equals: object)
            test.expect(try database.uids(Query(.tag("tag-999"))), ["a"])
            test.expect(try database.uids(Query(.equal("Path", .integer(999)))), ["a"])
        },
        Case(
            "apply.create.unicode", "texts compare byte for byte: no case, no folding, no trimming"
        ) {
            test in
            let database = try test.database()
            let names = [
                "a", "A", "a ", " a", "\u{E9}", "e\u{301}", "\u{DF}", "ss", "\u{130}", "i", "%",
                "_",
                "a%", "'", "\"", "\\", "\u{FEFF}a", "\u{1F469}\u{200D}\u{1F4BB}", "a\u{7F}", "a\nb",
                "\u{10FFFF}", "\u{202E}abc", "*", "?", "[a]", "{", "NULL", "a--", "a;",
            ]
            let objects = names.map { Object($0, owner: $0, object: Array($0.utf8), tags: [$0]) }
            try database.write(objects.map { .create($0) })
            for object in objects {
                test.expect(try database.get(object.uid), equals: object)
                test.expect(try database.uids(Query(.tag(object.uid))), [object.uid], "by tag")
                test.expect(
                    try database.uids(Query(who: [object.uid], flags: .owned)), [object.uid],
                    "by owner")
            }
        },
        Case("apply.unknown-op", "an unknown operation is KMS_UNSUPPORTED and writes nothing") {
            test in
            let database = try test.database()
            let odd = Write.create(Object("a")).with { $0.op = 99 }
            test.expect(try database.outcome(odd), .unsupported)
            test.expect(try database.get("a").status, .notFound)
        },
        Case("apply.unknown-condition", "an unknown condition is KMS_UNSUPPORTED, never ignored") {
            test in
            let database = try test.database()
            let odd = Write.create(Object("a")).with {
                $0.conditions = Write.Conditions(rawValue: 1 << 20)
            }
            test.expect(try database.outcome(odd), .unsupported)
            test.expect(try database.get("a").status, .notFound)
        },
        Case("apply.late", "a deadline that has passed is KMS_DEADLINE, and nothing is written") {
            test in
            let database = try test.database()
            try test.expectFailure(.deadline) {
                _ = try database.late.apply([.create(Object("a"))])
            }
            test.expect(try database.get("a").status, .notFound)
        },
    ]
}
