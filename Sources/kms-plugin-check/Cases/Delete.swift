extension Catalogue {
    static let deleting: [Case] = [
        Case("apply.delete", "ends the object and all grants on the uid") { test in
            let database = try test.database()
            try database.write(
                .create(Object("a", tags: ["t"])), .create(Object("b")), .grant("a", to: "bob", 1),
                .grant("b", to: "bob", 2))
            try database.write(.delete("a"))
            let found = try database.get("a", who: ["bob"])
            test.expect(found.status, .notFound)
            test.expect(found.rights, 0)
            test.expect(try database.uids(Query()), ["b"])
            test.expect(try database.get("b", who: ["bob"]).rights, 2, "rights on another uid")
            test.expect(try database.grants(GrantsQuery(who: ["bob"])).items.map(\.uid), ["b"])
        },
        Case("apply.delete.missing", "deleting neither object nor grants is KMS_NOT_FOUND") {
            test in
            let database = try test.database()
            test.expect(try database.outcome(.delete("a")), .notFound)
            try database.write(.create(Object("a")))
            try database.write(.delete("a"))
            test.expect(try database.outcome(.delete("a")), .notFound, "the second time")
        },
        Case("apply.delete.grants-only", "deletes the grants of a uid that has no object") { test in
            let database = try test.database()
            try database.write(.grant("k", to: "bob", 1), .grant("k", to: "*", 2))
            test.expect(try database.outcome(.delete("k")), .ok)
            test.expect(try database.get("k", who: ["bob", "*"]).rights, 0)
            test.expect(try database.outcome(.delete("k")), .notFound, "the second time")
        },
        Case("apply.grant", "adds rights to those that are there") { test in
            let database = try test.database()
            try database.write(.create(Object("a")), .grant("a", to: "bob", 1))
            try database.write(.grant("a", to: "bob", 6))
            test.expect(try database.get("a", who: ["bob"]).rights, 7)
            try database.write(.grant("a", to: "bob", 2))
            test.expect(try database.get("a", who: ["bob"]).rights, 7, "granted twice")
        },
        Case("apply.revoke", "removes rights, and with the last one the grant") { test in
            let database = try test.database()
            try database.write(.create(Object("a")), .grant("a", to: "bob", 7))
            try database.write(.revoke("a", from: "bob", 10))
            test.expect(try database.get("a", who: ["bob"]).rights, 5)
            try database.write(.revoke("a", from: "bob", .max))
            test.expect(try database.get("a", who: ["bob"]).rights, 0)
            test.expect(try database.grants(GrantsQuery(uid: "a")).items, [])
        },
        Case("apply.revoke.none", "removing what was not granted is fine") { test in
            let database = try test.database()
            test.expect(try database.outcome(.revoke("a", from: "bob", 1)), .ok, "no object")
            try database.write(.create(Object("a")))
            test.expect(try database.outcome(.revoke("a", from: "bob", 1)), .ok, "no grant")
            test.expect(try database.grants(GrantsQuery(uid: "a")).items, [])
        },
        Case("apply.revision.grants", "grants and revocations leave the revision alone") { test in
            let database = try test.database()
            let object = Object("a")
            try database.write(.create(object))
            try database.write(.grant("a", to: "bob", 1))
            try database.write(.revoke("a", from: "bob", 1))
            test.expect(try database.get("a"), equals: object)
        },
    ]
}
