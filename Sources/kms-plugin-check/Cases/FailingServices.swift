extension Catalogue {
    /// Services of the host that fail at the n-th use, for every n.
    static let failingServices: [Case] = [
        Case(
            "faults.secure-memory",
            "whichever block of secure memory is refused, the call fails cleanly or succeeds; "
                + "nothing leaks and nothing is half written",
            patience: 6
        ) { test in try withEveryFailure(of: .allocation, test) },
        Case(
            "faults.random",
            "whichever request for random bytes fails, the call fails cleanly or succeeds; "
                + "nothing leaks and nothing is half written",
            patience: 6
        ) { test in try withEveryFailure(of: .random, test) },
        Case(
            "faults.start", "init that fails for want of a service leaves nothing behind",
            patience: 3
        ) { test in
            for service in [Service.allocation, .random] {
                for n in 1...mostUses {
                    let start = try Peer(test).start(
                        failingAllocation: service == .allocation ? n : nil,
                        failingRandom: service == .random ? n : nil)
                    if let failure = start.failure {
                        test.check(
                            start.hasStruck && mayAnswerWithoutService(failure.status),
                            "\(failure), use \(n) of \(service)")
                        test.expect(start.secureBlocks, 0, "blocks of secure memory after \(n)")
                    }
                    if !start.hasStruck { break }
                }
            }
        },
    ]

    enum Service: CustomStringConvertible {
        case allocation, random

        var description: String { self == .allocation ? "secure_alloc" : "random" }

        /// Makes the n-th use from now fail; nil: none.
        func fail(at n: Int?, _ host: KitHost) {
            self == .allocation ? host.failAllocation(at: n) : host.failRandom(at: n)
        }
        func hasStruck(_ host: KitHost) -> Bool {
            (self == .allocation ? host.allocationFault : host.randomFault).hasStruck
        }
    }

    /// A driver that uses a service more often than this for so little work has its tests cut short.
    private static let mostUses = 2000

    static func mayAnswerWithoutService(_ status: Status) -> Bool {
        [.exhausted, .unavailable, .internalError].contains(status)
    }

    private static func withEveryFailure(of service: Service, _ test: Test) throws {
        let database = try test.database()
        let kept = Object("kept", object: [UInt8](repeating: 5, count: 300), tags: ["t"])
        try database.write(.create(kept), .grant("kept", to: "bob", 1))
        // What is made once is made now.
        try ServiceExercise(test, service, beside: kept).run()
        let held = test.host.secureBlocks
        for n in 1...mostUses {
            service.fail(at: n, test.host)
            defer { service.fail(at: nil, test.host) }
            try ServiceExercise(test, service, beside: kept).run()
            let hasStruck = service.hasStruck(test.host)
            service.fail(at: nil, test.host)
            test.expect(
                try database.get("kept", who: ["bob"]), equals: kept, rights: 1)
            test.expect(
                test.host.secureBlocks, held,
                "blocks of secure memory after use \(n) of \(service) failed")
            if !hasStruck { return }
        }
    }
}

/// A bit of everything on a handle of its own. The step in which the service fails may fail; then
/// nothing may have changed, and the same again succeeds.
private struct ServiceExercise {
    let test: Test
    let service: Catalogue.Service
    let kept: Object

    init(_ test: Test, _ service: Catalogue.Service, beside kept: Object) {
        self.test = test
        self.service = service
        self.kept = kept
    }

    func run() throws {
        let opened = try step("open") { try test.open() }
        defer { opened.close() }
        let new = Object(
            "new", object: [UInt8](repeating: 6, count: 300), attributes: [1, 2, 3],
            tags: ["t", "u"],
            terms: [Term("N", .integer(1)), Term("N", .text("x"), isUnique: true)])
        let changed = Object("new", state: 4, object: [UInt8](repeating: 8, count: 200), tags: [])
        let other = Object("other", object: [9], tags: ["t"])

        _ = try step("migrate") { try opened.migrate() }
        let token = try step("changes") { try tokenOfNow(opened) }
        let absent = { try expectAbsent(["new", "other"], opened) }
        try step("create", unchanged: absent) {
            try opened.write(.create(new), .grant("new", to: "bob", 3), .create(other))
        }
        try step("get") {
            let found = try opened.get([Get("new", who: ["bob"]), Get("kept", who: ["bob"])]).items
            guard found.count == 2 else { return }
            test.expect(found[0], equals: new, rights: 3)
            test.expect(found[1], equals: kept, rights: 1)
        }
        try step("query") {
            let page = try opened.query(Query(.tag("t"), parts: .all))
            test.expect(page.uids.sorted(), ["kept", "new", "other"], "what has the tag")
            for found in page.items where found.uid == "new" { test.expect(found, equals: new) }
        }
        try step("grants") {
            test.expect(try opened.grants(GrantsQuery(who: ["bob"])).items.count, 2, "grants")
        }
        let written = { test.expect(try opened.get("new", who: ["bob"]), equals: new, rights: 3) }
        try step("update", unchanged: written) { try opened.write(.update(changed, .all)) }
        let rewritten = {
            test.expect(try opened.get("new", who: ["bob"]), equals: changed, rights: 3)
            test.expect(try opened.get("other"), equals: other)
        }
        try step("get", rewritten)
        try step("delete", unchanged: rewritten) {
            try opened.write(.delete("new"), .delete("other"))
        }
        try step("get", absent)
        try lookAround(opened, since: token)
    }

    private func lookAround(_ opened: Database, since token: [UInt8]?) throws {
        if let token {
            try step("changes") {
                let told = try opened.soon.changes(since: token)
                test.check(told.isLost || Set(told.uids) == ["new", "other"], "\(told.uids)")
            }
        }
        for function in [Function.plan, .statistics, .health, .context]
        where test.driver.lacks(.function(function)) == nil {
            try step("\(function)") {
                switch function {
                case .plan: _ = try opened.plan()
                case .statistics: _ = try opened.statistics()
                case .health: try opened.health()
                default: _ = try opened.context()
                }
            }
        }
    }

    private func tokenOfNow(_ database: Database) throws -> [UInt8]? {
        guard test.driver.lacks(.function(.changes)) == nil else { return nil }
        return try database.changes(since: []).token
    }

    private func expectAbsent(_ uids: [String], _ database: Database) throws {
        for found in try database.get(uids.map { Get($0, who: ["bob"]) }).items {
            test.expect(found.status, .notFound, "\(found.uid), which must not be there")
            test.expect(found.rights, 0, "rights on \(found.uid), which must not be there")
        }
        test.expect(try database.uids(Query(.tag("t"))), ["kept"], "what has the tag")
    }

    private func step<Result>(
        _ what: String, unchanged: () throws -> Void = {}, _ body: () throws -> Result
    ) throws -> Result {
        let wasOver = service.hasStruck(test.host)
        do {
            return try body()
        } catch let failure as CallFailed where !wasOver && service.hasStruck(test.host) {
            test.check(
                Catalogue.mayAnswerWithoutService(failure.status),
                "\(what) without \(service): \(failure)")
            test.check(!failure.isInDoubt, "\(what) without \(service) is in doubt")
            try unchanged()
            return try body()
        }
    }
}
