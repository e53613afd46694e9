extension Catalogue {
    static let uniqueTerms: [Case] = [
        Case("apply.unique", "a second object with a unique term is KMS_EXISTS; nothing is written")
        {
            test in
            let database = try test.database()
            let name = Term("Name", .text("n"), isUnique: true)
            try database.write(.create(Object("a", terms: [name])), .create(Object("b")))
            test.expect(try database.outcome(.create(Object("c", terms: [name]))), .exists)
            test.expect(
                try database.outcome(.update(Object("b", terms: [name]), .attributes)), .exists,
                "by an update")
            test.expect(
                try database.outcomes(.create(Object("d")), .create(Object("e", terms: [name]))),
                [.aborted, .exists], "in a batch")
            test.expect(try database.uids(Query()).sorted(), ["a", "b"])
        },
        Case(
            "apply.unique.differs",
            "another path, value or type does not collide, nor does one that is not unique"
        ) {
            test in
            let database = try test.database()
            try database.write(
                .create(Object("a", terms: [Term("Name", .text("1"), isUnique: true)])))
            let others = [
                Term("name", .text("1"), isUnique: true), Term("Name", .text("2"), isUnique: true),
                Term("Name", .integer(1), isUnique: true),
                Term("Name", .bytes([0x31]), isUnique: true),
                Term("Name", .text("1")),
            ]
            for (index, term) in others.enumerated() {
                test.expect(
                    try database.outcome(.create(Object("o\(index)", terms: [term]))), .ok,
                    "\(term)")
            }
        },
        Case("apply.unique.freed", "a unique term is free again when its object lets it go") {
            test in
            let database = try test.database()
            let name = Term("Name", .text("n"), isUnique: true)
            try database.write(.create(Object("a", terms: [name])))
            try database.write(.update(Object("a", terms: [name]), .attributes))  // its own
            try database.write(.update(Object("a"), .attributes))
            try database.write(.create(Object("b", terms: [name])))
            try database.write(.delete("b"))
            test.expect(try database.outcome(.create(Object("c", terms: [name]))), .ok)
        },
        Case(
            "apply.unique.handed-over",
            "within a batch a unique term can go from one object to another"
        ) {
            test in
            let database = try test.database()
            let name = Term("Name", .text("n"), isUnique: true)
            try database.write(.create(Object("a", terms: [name])), .create(Object("b")))
            test.expect(
                try database.outcomes(
                    .update(Object("a"), .attributes),
                    .update(Object("b", terms: [name]), .attributes)), [.ok, .ok])
            test.expect(try database.uids(Query(.equal("Name", .text("n")))), ["b"])
        },
        Case(
            "apply.unique.race", "of several creates with one unique term at once, one wins",
            patience: 2
        ) {
            test in
            let database = try test.database()
            for round in 0..<test.rounds(10) {
                let term = Term("Name", .text("n\(round)"), isUnique: true)
                let wins = Counter()
                try onThreads(4) { index in
                    let status = try database.outcome(
                        .create(Object("u\(round)-\(index)", terms: [term])))
                    if status == .ok { wins.add() } else { test.expect(status, .exists) }
                }
                test.expect(wins.value, 1, "winners of round \(round)")
            }
        },
    ]
}
