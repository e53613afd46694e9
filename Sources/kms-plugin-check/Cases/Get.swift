extension Catalogue {
    static let getting: [Case] = [
        Case("get.whole", "returns every member as it was stored") { test in
            let database = try test.database()
            let object = Object(
                "a", owner: "ann", type: 7, state: 3, object: [0, 1, 254, 255], attributes: [9, 0],
                tags: ["prod", "blue"])
            try database.write(.create(object))
            test.expect(try database.get("a"), equals: object)
        },
        Case("get.parts", "returns the parts asked for and leaves the others empty") { test in
            let database = try test.database()
            let object = Object("a", object: [1], attributes: [2], tags: ["t"])
            try database.write(.create(object))
            for raw in 0..<Parts.all.rawValue + 1 {
                let parts = Parts(rawValue: raw)
                test.expect(try database.get("a", parts: parts), equals: object, parts: parts)
            }
        },
        Case("get.missing", "a missing object is an item, with its uid and no rights") { test in
            let database = try test.database()
            let found = try database.get("nobody", who: ["ann"])
            test.expect(found.status, .notFound)
            test.expect(found.rights, 0)
            test.expect(found.owner, "", "owner of nothing")
            test.expect(found.revision, 0, "revision of nothing")
        },
        Case("get.order", "answers in the order asked, also for a uid asked twice") { test in
            let database = try test.database()
            try database.write(.create(Object("a")), .create(Object("b")))
            let asked = ["b", "none", "b", "a"]
            let found = try database.get(asked.map { Get($0) })
            test.expect(found.uids, asked)
            test.expect(found.items.map(\.status), [.ok, .notFound, .ok, .ok])
        },
        Case("get.none", "no items are no error") { test in
            test.expect(try test.database().get([Get]()).items.count, 0)
        },
        Case("get.many", "answers 1000 items of one call, each for itself") { test in
            let database = try test.database()
            let objects = (0..<100).map { Object("many-\($0)", object: [UInt8($0)]) }
            try database.write(objects.map { .create($0) })
            let uids = (0..<1000).map { "many-\($0 * 7 % 200)" }
            let found = try database.get(uids.map { Get($0, parts: .object) })
            for (index, item) in found.items.enumerated() {
                let number = index * 7 % 200
                test.expect(item.status, number < 100 ? .ok : .notFound, uids[index])
                if number < 100 { test.expect(item.object, [UInt8(number)], uids[index]) }
            }
        },
        Case("get.unchanged", "an object with the known revision comes without its parts") { test in
            let database = try test.database()
            let object = Object("a", revision: 77, object: [1], attributes: [2], tags: ["t"])
            try database.write(.create(object), .grant("a", to: "bob", 5))
            let same = try database.get("a", who: ["bob"], knownRevision: 77)
            test.check(same.isUnchanged, "it says that it is unchanged")
            test.check(
                same.object.isEmpty && same.attributes.isEmpty && same.tags.isEmpty,
                "the parts are empty")
            test.expect(same.owner, "alice", "owner")
            test.expect(same.state, 1, "state")
            test.expect(same.type, 2, "type")
            test.expect(same.revision, 77, "revision")
            test.expect(same.rights, 5, "rights")
            test.expect(try database.get("a", knownRevision: 76), equals: object)
        },
        Case(
            "get.unchanged.recreated", "a known revision is not that of a uid that was made again"
        ) { test in
            let database = try test.database()
            try database.write(.create(Object("a", revision: 5, object: [1])))
            try database.write(.delete("a"))
            test.expect(try database.get("a", knownRevision: 5).status, .notFound)
            test.check(!(try database.get("a", knownRevision: 5).isUnchanged), "it is gone")
            let again = Object("a", revision: 6, object: [2])
            try database.write(.create(again))
            test.expect(try database.get("a", knownRevision: 5), equals: again)
        },
        Case("get.revision.extremes", "revisions are 64 bits without a sign") { test in
            let database = try test.database()
            for (index, revision) in [1, UInt64(Int64.max), UInt64(Int64.max) + 1, .max]
                .enumerated()
            {
                let object = Object("r\(index)", revision: revision, object: [1])
                try database.write(.create(object))
                test.expect(try database.get(object.uid), equals: object)
                test.check(
                    try database.get(object.uid, knownRevision: revision).isUnchanged,
                    "\(revision) is known")
            }
        },
        Case("get.rights", "joins what all names in who were granted, and only those") { test in
            let database = try test.database()
            let top = UInt64(1) << 63
            try database.write(
                .create(Object("a", owner: "ann")), .grant("a", to: "bob", 1),
                .grant("a", to: "*", 2), .grant("a", to: "group", top), .grant("a", to: "eve", 8))
            let rights: [([String], UInt64)] = [
                ([], 0), (["bob"], 1), (["bob", "*"], 3), (["bob", "*", "group"], 3 | top),
                (["nobody"], 0), (["nobody", "*"], 2), (["ann"], 0), ([""], 0), (["", "*"], 2),
                (["b"], 0), (["BOB"], 0), (["*", "bob"], 3),
            ]
            for (who, wanted) in rights {
                test.expect(try database.get("a", who: who).rights, wanted, "rights of \(who)")
            }
        },
        Case("get.rights.objectless", "rights on a uid without object come with NOT_FOUND") {
            test in
            let database = try test.database()
            try database.write(.grant("hsm::1::k", to: "bob", 4))
            let found = try database.get("hsm::1::k", who: ["bob", "*"])
            test.expect(found.status, .notFound)
            test.expect(found.rights, 4)
        },
        Case("get.who.maximal", "takes 64 names in who, each of 255 bytes") { test in
            let database = try test.database()
            let names = (0..<64).map { index in
                String(repeating: "n", count: 252) + String(100 + index)
            }
            try database.write(
                [.create(Object("a"))]
                    + names.enumerated().map { .grant("a", to: $1, 1 << UInt64($0)) })
            test.expect(try database.get("a", who: names).rights, .max)
        },
        Case(
            "get.inline", "an inline call answers as any other, or KMS_WOULD_BLOCK",
            needs: [.quick(.get)]
        ) {
            test in
            let database = try test.database()
            let object = Object("a", object: [1])
            try database.write(.create(object))
            do {
                test.expect(try database.inline.get("a"), equals: object)
            } catch let failure as CallFailed where failure.status == .wouldBlock {}
        },
        Case("get.late", "a deadline that has passed is KMS_DEADLINE") { test in
            let database = try test.database()
            try test.expectFailure(.deadline) { _ = try database.late.get("a") }
            test.expect(try database.get("a").status, .notFound, "the handle still serves")
        },
    ]
}
