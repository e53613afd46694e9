extension Catalogue {
    static let updating: [Case] = [
        Case("apply.update.parts", "replaces the parts named and the revision, nothing else") {
            test in
            let database = try test.database()
            for raw in 0..<Parts.all.rawValue + 1 {
                let parts = Parts(rawValue: raw)
                let old = Object(
                    "u\(raw)", owner: "ann", type: 2, state: 1, object: [1], attributes: [2],
                    tags: ["old\(raw)"], terms: [Term("Old", .integer(Int64(raw)))])
                let new = Object(
                    old.uid, owner: "eve", type: 9, state: 4, object: [3, 3], attributes: [4, 4],
                    tags: ["new\(raw)"], terms: [Term("New", .integer(Int64(raw)))])
                try database.write(.create(old))
                try database.write(.update(new, parts))
                var wanted = old
                wanted.revision = new.revision
                if parts.contains(.object) { wanted.object = new.object }
                if parts.contains(.attributes) { wanted.attributes = new.attributes }
                if parts.contains(.tags) { wanted.tags = new.tags }
                if parts.contains(.state) { wanted.state = new.state }
                test.expect(try database.get(old.uid), equals: wanted)

                let hasNewTerms = parts.contains(.attributes)
                let number = Value.integer(Int64(raw))
                test.expect(
                    try database.uids(Query(.equal("New", number))), hasNewTerms ? [old.uid] : [])
                test.expect(
                    try database.uids(Query(.equal("Old", number))), hasNewTerms ? [] : [old.uid])
                test.expect(
                    try database.uids(Query(.tag("old\(raw)"))),
                    parts.contains(.tags) ? [] : [old.uid], "by the old tag")
            }
        },
        Case("apply.update.missing", "an update of nothing is KMS_NOT_FOUND, with grants too") {
            test in
            let database = try test.database()
            test.expect(try database.outcome(.update(Object("a"), .all)), .notFound)
            try database.write(.grant("a", to: "bob", 1))
            test.expect(try database.outcome(.update(Object("a"), .all)), .notFound)
            test.expect(try database.get("a").status, .notFound)
        },
        Case("apply.update.to-empty", "parts can be replaced by nothing") { test in
            let database = try test.database()
            let term = Term("T", .integer(1))
            try database.write(
                .create(Object("a", object: [1], attributes: [2], tags: ["t"], terms: [term])))
            let empty = Object("a", state: 0)
            try database.write(.update(empty, .all))
            test.expect(try database.get("a"), equals: empty)
            test.expect(try database.uids(Query(.hasPath("T"))), [])
            test.expect(try database.uids(Query(.tag("t"))), [])
        },
        Case("apply.update.grants-stay", "an update leaves the grants alone") { test in
            let database = try test.database()
            try database.write(.create(Object("a")), .grant("a", to: "bob", 3))
            let new = Object("a", object: [9])
            try database.write(.update(new, .object))
            test.expect(try database.get("a", who: ["bob"]), equals: new, rights: 3)
        },
    ]
}
