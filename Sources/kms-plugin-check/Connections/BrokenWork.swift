import Glibc

/// Calls through a proxy, and a look at the database past it.
final class BrokenWork: Sendable {
    static let reading: [Function] = [.get, .query, .grants]

    let proxy: Proxy
    /// Through the proxy.
    let database: Database
    /// Past it.
    private let witness: Database
    private let test: Test
    private let promises = Promises()

    private static let batches = 2
    private static let batchSize = 3
    private static let soonest: UInt64 = 1500

    init(_ test: Test) throws {
        self.test = test
        witness = try test.database()
        try witness.write(
            .create(Object("steady", object: [7], tags: ["s"])), .grant("steady", to: "bob", 1))
        proxy = try test.proxy()
        let settings = try test.driver.settings(scratch: test.scratch, proxy: proxy.address)
        database = try test.open(concurrency: 2) { $0.settings = settings }
        try heal()
    }

    func open() throws -> Database {
        let settings = try test.driver.settings(scratch: test.scratch, proxy: proxy.address)
        return try test.open(options: CallOptions(deadline: soon(5000))) {
            $0.settings = settings
        }
    }

    func soon(_ milliseconds: UInt64) -> UInt64 { test.host.now + milliseconds * 1_000_000 }

    /// Calls through the proxy that have so many milliseconds.
    func within(_ milliseconds: UInt64) -> Database {
        let deadline = soon(milliseconds)
        return database.with { $0.deadline = deadline }
    }

    /// Waits until the handle serves again.
    func heal() throws {
        let end = soon(20_000)
        while true {
            do {
                let found = try within(1000).get("steady")
                return test.expect(found.object, [7], "once the connection is back")
            } catch let failure as CallFailed {
                guard [.unavailable, .deadline].contains(failure.status), test.host.now < end
                else { throw failure }
                usleep(10_000)
            }
        }
    }

    /// Lets the body run with a connection that ends at the first piece of what it sends or is
    /// sent, at the second, and so on until it ran unharmed.
    func strikeEverywhere(
        endings: [Proxy.Ending], _ body: () throws -> Void
    ) throws {
        var piece = 1
        var round = 0
        while piece < 200 {
            var hasStruck = false
            for passesOn in [false, true] {
                try heal()
                let ending = endings[round % endings.count]
                proxy.strike(.init(after: piece, passesOn: passesOn, ending: ending))
                try body()
                if !proxy.calmDown() { hasStruck = true }
                round += 1
            }
            if !hasStruck { break }
            // Each of the first ones, where the commit is; of the many pages of a long answer, some.
            piece += 1 + piece / 32
        }
        test.check(piece > 1, "nothing of these calls goes where the configuration says")
        try heal()
    }

    // MARK: Calls

    func call(_ function: Function, of database: Database) throws {
        switch function {
        case .get:
            let found = try database.get("steady", who: ["bob"])
            test.expect(found.object, [7], "the object that was read")
            test.expect(found.rights, 1, "rights")
        case .query: test.expect(try database.query(Query(.tag("s"))).uids, ["steady"])
        case .grants:
            test.expect(try database.grants(GrantsQuery(uid: "steady")).items.map(\.user), ["bob"])
        case .health: try database.health()
        case .context: test.expect(try database.context().state, .ready)
        default: break
        }
    }

    /// A call that reads. It is right, or ends with one of these.
    func read(
        _ function: Function, mayEndWith statuses: [Status], within milliseconds: UInt64 = 5000,
        endsBefore most: UInt64? = nil, _ change: (inout CallOptions) -> Void = { _ in }
    ) throws {
        try timed(most ?? milliseconds + Self.soonest, "\(function)") {
            do {
                try call(function, of: within(milliseconds).with(change))
            } catch let failure as CallFailed {
                test.check(statuses.contains(failure.status), "\(failure), expected \(statuses)")
                test.check(!failure.isInDoubt, "\(failure): what only reads is in no doubt")
            }
        }
    }

    func apply(mustEndWith status: Status) throws {
        let outcome = try apply(mayEndWith: [status])
        test.check(!outcome.contains { $0.status == .ok }, "apply, expected \(status)")
    }

    /// Writes two batches. What is said of them is remembered, and checked at once and at the end.
    @discardableResult
    func apply(
        mayEndWith statuses: [Status], within milliseconds: UInt64 = 5000
    ) throws -> [Written] {
        let name = "n\(Calling.nextID())"
        let writes = (0..<Self.batches).flatMap { batch in
            (0..<Self.batchSize).map {
                Write.create(Object("\(name)-\(batch)-\($0)", tags: [name])).inBatch(UInt32(batch))
            }
        }
        var written: [Written] = []
        try timed(milliseconds + Self.soonest, "apply") {
            do {
                written = try within(milliseconds).apply(writes)
            } catch let failure as CallFailed {
                written = writes.map { _ in Written(status: failure.status, flags: failure.flags) }
            }
        }
        for item in written where item.status != .ok && item.status != .aborted {
            test.check(
                statuses.contains(item.status), "apply says \(item.status), expected \(statuses)")
            test.check(
                item.status != .unavailable || item.isInDoubt || item.isRetryable,
                "apply is KMS_UNAVAILABLE without saying whether it may have been written (flags)")
        }
        for batch in 0..<Self.batches {
            let items = written.dropFirst(batch * Self.batchSize).prefix(Self.batchSize)
            let uids = writes.dropFirst(batch * Self.batchSize).prefix(Self.batchSize)
            promises.add(
                uids.map(\.object.uid),
                isWritten: items.contains { $0.isInDoubt } ? nil : items.first?.status == .ok)
        }
        try check(promises.latest(Self.batches))
        return written
    }

    /// What the driver said must still be true: a commit may arrive late.
    func checkAll() throws { try check(promises.all) }

    private func check(_ promises: [Promises.Batch]) throws {
        for batch in promises {
            let there = try witness.get(batch.uids.map { Get($0) }).items.count { $0.status == .ok }
            test.check(there == 0 || there == batch.uids.count, "\(there) writes of a batch")
            guard let isWritten = batch.isWritten else { continue }
            test.check(
                there == (isWritten ? batch.uids.count : 0),
                "a batch of which apply said that it is \(isWritten ? "" : "not ")written is "
                    + (there == 0 ? "not there" : "there"))
        }
    }

    private func timed(_ most: UInt64, _ what: String, _ body: () throws -> Void) rethrows {
        let start = test.host.now
        try body()
        let milliseconds = (test.host.now - start) / 1_000_000
        test.check(milliseconds <= most, "\(what) took \(milliseconds) ms, at most \(most)")
    }

    // MARK: Changes

    /// Writes past the proxy while `changes` has no connection, and waits until it tells.
    func listen(to uid: String, whileDown isDown: Bool) throws {
        let token = try database.changes(since: []).token
        let database = database
        let test = test
        let listener = Background {
            var token = token
            let end = test.host.now + 20_000_000_000
            while test.host.now < end {
                do {
                    let soon = test.host.now + 2_000_000_000
                    let changes = try database.with { $0.deadline = soon }.changes(since: token)
                    if changes.isLost || changes.uids.contains(uid) { return true }
                    token = changes.token
                } catch let failure as CallFailed {
                    test.expect(failure.status, .unavailable, "changes: \(failure.message)")
                    usleep(10_000)
                }
            }
            return false
        }
        do {
            usleep(100_000)  // it probably waits now; if not, it is called while it has none
            proxy.mode = .down
            usleep(100_000)
            if !isDown { proxy.mode = .forward }
            try witness.write(.create(Object(uid)))
            usleep(100_000)
            proxy.mode = .forward
        } catch {
            proxy.mode = .forward
            _ = try listener.join()
            throw error
        }
        test.check(
            try listener.join(), "a change was never told, and nothing said that it was LOST")
        try heal()
    }
}
