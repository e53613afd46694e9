extension Catalogue {
    static let cancelling: [Case] = [
        Case(
            "lifecycle.cancel.others",
            "cancel ends the call with its id and no other, however often it comes", patience: 2
        ) { test in
            let database = try test.database()
            try database.write((0..<50).map { .create(Object("c\($0)", tags: ["t"])) })
            let victim = Cancellations()
            let isDone = Counter()
            let shooter: @Sendable () throws -> Void = {
                while isDone.value == 0 {
                    if let id = victim.current { database.cancel(id) }
                }
            }
            let rounds = test.rounds(5) * 40
            let bystander: @Sendable () throws -> Void = {
                for round in 0..<rounds {
                    try database.write(.create(Object("b\(round)")))
                    test.expect(try database.get("b\(round)").status, .ok, "of a bystander")
                    test.expect(try database.uids(Query(.tag("t"))).count, 50, "of a bystander")
                }
            }
            try during(shooter) { _ in
                defer { isDone.add() }
                try during(bystander) { goesOn in
                    while goesOn() { try shootAt(victim.next(), database, test) }
                }
            }
        }
    ]

    private static func shootAt(
        _ cancellation: Cancellation, _ database: Database, _ test: Test
    ) throws {
        do {
            let page = try database.cancelled(by: cancellation).query(Query(.tag("t")))
            test.expect(page.items.count, 50, "a call that cancel missed")
        } catch let failure as CallFailed where failure.status == .cancelled {}
    }
}
