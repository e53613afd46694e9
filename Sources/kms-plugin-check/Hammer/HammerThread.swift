import Synchronization

/// One thread of the hammer: does what comes to its mind, and remembers what must be true of the
/// objects that only it writes.
final class HammerThread: Sendable {
    /// What an object of this thread must look like.
    private struct Known {
        var object: Object
        /// Granted to ``user``.
        var rights: UInt64 = 0
    }
    private struct State {
        var known: [String: Known] = [:]
        var touched: Set<String> = []
        var count = 0
    }

    private let number: Int, of: Int
    private let handles: [Database]
    private let contest: Contest
    private let test: Test
    // Only its own thread uses it while the hammer works.
    private let state = Mutex(State())

    private static let objects = 12
    private static let user = "bob"

    init(_ number: Int, of count: Int, _ handles: [Database], _ contest: Contest, _ test: Test) {
        self.number = number
        of = count
        self.handles = handles
        self.contest = contest
        self.test = test
    }

    /// Acts so far.
    var count: Int { state.withLock { $0.count } }
    /// Uids that it wrote to.
    var touched: Set<String> { state.withLock { $0.touched } }

    /// One call or two, through any handle.
    func act() throws {
        guard let database = handles.randomElement() else { return }
        let uid = Self.uid(number, .random(in: 0..<Self.objects))
        let known = state.withLock { state in
            state.count += 1
            return state.known[uid]
        }
        switch Int.random(in: 0..<12) {
        case 0, 1: try known.map { try delete($0, database) } ?? create(uid, database)
        case 2, 3: try known.map { try update($0, database) } ?? create(uid, database)
        case 4: try updateWrongly(uid, known, database)
        case 5: try contest.take(database)
        case 6: try grant(uid, known, database)
        case 7: try check(database)
        case 8: try lookAtOthers(database)
        case 9: try contest.look(database)
        case 10: try askAround(database)
        default: expect(try database.get(uid, who: [Self.user]), known)
        }
    }

    /// Notes what is not as this thread left it.
    func check(_ database: Database) throws {
        let known = state.withLock { $0.known }
        let uids = (0..<Self.objects).map { Self.uid(number, $0) }
        let found = try database.get(uids.map { Get($0, who: [Self.user]) })
        for item in found.items { expect(item, known[item.uid]) }
        test.expect(
            try database.uids(Query(.tag("mine-\(number)"))).sorted(), known.keys.sorted(),
            "what a search finds of one thread")
    }

    private func expect(_ found: Found, _ known: Known?) {
        guard let known else {
            test.expect(found.status, .notFound, "\(found.uid), which its thread deleted")
            return test.expect(found.rights, 0, "rights on a uid that its thread deleted")
        }
        test.expect(found, equals: known.object, rights: known.rights)
    }

    // MARK: Writes

    private func make(_ uid: String) -> Object {
        let revision = UInt64.random(in: 1...(.max))
        return Object(
            uid, revision: revision, object: Self.bytes(of: revision), tags: ["mine-\(number)"],
            terms: [Term("Thread", .integer(Int64(number)))])
    }

    private func create(_ uid: String, _ database: Database) throws {
        let object = make(uid)
        try write(.create(object), database)
        remember(uid, Known(object: object))
    }

    private func update(_ known: Known, _ database: Database) throws {
        let object = make(known.object.uid)
        try write(.update(object, .all).ifRevision(known.object.revision), database)
        remember(object.uid, Known(object: object, rights: known.rights))
    }

    private func delete(_ known: Known, _ database: Database) throws {
        try write(.delete(known.object.uid).ifRevision(known.object.revision), database)
        remember(known.object.uid, nil)
    }

    private func grant(_ uid: String, _ known: Known?, _ database: Database) throws {
        guard var known else { return }
        let right = UInt64(1) << UInt64.random(in: 0..<64)
        let gives = known.rights & right == 0
        try write(
            gives
                ? .grant(uid, to: Self.user, right).ifPresent
                : .revoke(uid, from: Self.user, right).ifPresent, database)
        known.rights ^= right
        remember(uid, known)
        let grants = try database.grants(GrantsQuery(uid: uid)).items
        test.expect(grants.map(\.rights), known.rights == 0 ? [] : [known.rights], "grants")
    }

    private func updateWrongly(_ uid: String, _ known: Known?, _ database: Database) throws {
        let wrong = Write.update(make(uid), .all).ifRevision(1)
        let outcome = try Patience.outcome(wrong, database)
        test.expect(outcome, known == nil ? .notFound : .conflict, "a wrong revision")
        if known == nil { return }
        test.expect(
            try Patience.outcome(.create(make(uid)), database), .exists, "a uid that is there")
    }

    private func write(_ write: Write, _ database: Database) throws {
        test.expect(
            try Patience.outcome(write, database), .ok, "a write to an object of one thread")
    }

    private func remember(_ uid: String, _ known: Known?) {
        state.withLock { state in
            state.known[uid] = known
            state.touched.insert(uid)
        }
    }

    // MARK: Looks at what others write meanwhile

    /// Objects of other threads come and go; each one is whole.
    private func lookAtOthers(_ database: Database) throws {
        let gets = (0..<of).map { Get(Self.uid($0, .random(in: 0..<Self.objects))) }
        for found in try database.get(gets).items where found.status == .ok {
            test.expect(
                found.object, Self.bytes(of: found.revision), "an object that others write")
        }
        let page = try database.query(
            Query(.atLeast("Thread", 0), parts: .object, limit: .random(in: 1...40)))
        for found in page.items where found.status == .ok {
            test.expect(
                found.object, Self.bytes(of: found.revision), "an object that a search found")
        }
    }

    private func askAround(_ database: Database) throws {
        test.expect(try database.context().state, .ready, "the schema")
        try database.health()
        if test.driver.lacks(.function(.statistics)) == nil { _ = try database.statistics() }
        database.cancel(.random(in: 0...(.max)))
    }

    private static func uid(_ thread: Int, _ index: Int) -> String { "h\(thread)-\(index)" }

    /// Bytes that belong to a revision, so that parts of two versions are told from one.
    private static func bytes(of revision: UInt64) -> [UInt8] {
        (0..<8 * 40).map { UInt8(truncatingIfNeeded: revision >> UInt64($0 % 8 * 8)) }
    }
}

/// Writes as a host does: what the driver says may be repeated, is.
enum Patience {
    private static let triesMax = 200

    static func outcome(_ write: Write, _ database: Database) throws -> Status {
        for _ in 1..<triesMax {
            do {
                guard let written = try database.apply([write]).first else { break }
                if written.status == .ok || !written.isRetryable { return written.status }
            } catch let failure as CallFailed where failure.isRetryable {}
        }
        return try database.apply([write]).first?.status ?? .internalError
    }
}
