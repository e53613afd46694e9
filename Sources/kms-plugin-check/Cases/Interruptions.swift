import Glibc
import PluginLoader

extension Catalogue {
    /// Calls that are cancelled, or too late, at some point in their middle.
    static let interruptions: [Case] = [
        Case(
            "faults.cancel.polled",
            "cancelled whenever it asks, a call ends with KMS_CANCELLED and nothing written, "
                + "or as if nothing had happened",
            patience: 4
        ) { test in
            let work = try InterruptedWork(test, .cancelled)
            for function in InterruptedWork.functions {
                var n = 1
                while true {
                    let cancellation = Cancellation(atPoll: n)
                    try work.run(function) { $0.cancellation = cancellation }
                    if cancellation.polls < n { break }  // it ran to its end
                    // Each of the first, then ever fewer: some ask for every row.
                    n += 1 + n / 8
                }
            }
        },
        Case(
            "faults.cancel.any",
            "cancelled at any time by cancel, a call ends with KMS_CANCELLED and nothing "
                + "written, or as if nothing had happened",
            patience: 4
        ) { test in
            let work = try InterruptedWork(test, .cancelled)
            try work.atRandom { function, delay in
                let cancellation = Cancellation()
                let canceller = Background {
                    usleep(UInt32(clamping: delay / 1000))
                    // A host that asks for it also says so when it is asked.
                    cancellation.set()
                    work.database.cancel(cancellation.id)
                }
                try work.run(function) { $0.cancellation = cancellation }
                try canceller.join()
            }
        },
        Case(
            "faults.deadline",
            "whenever its deadline comes, a call ends with KMS_DEADLINE and nothing written, "
                + "or in time",
            patience: 4
        ) { test in
            let work = try InterruptedWork(test, .deadline)
            try work.atRandom { function, delay in
                let deadline = test.host.now + delay
                try work.run(function) { $0.deadline = deadline }
            }
        },
    ]
}

/// Calls with much to do, and a look at the database after each.
private final class InterruptedWork: Sendable {
    static let functions: [Function] = [.apply, .query, .get, .grants]

    let database: Database
    private let test: Test
    /// How an interrupted call answers.
    private let status: Status

    private static let objects = 200
    private static let batches = 4
    private static let batchSize = 40

    init(_ test: Test, _ status: Status) throws {
        self.test = test
        self.status = status
        database = try test.database()
        for start in stride(from: 0, to: Self.objects, by: 50) {
            try database.write(
                (start..<start + 50).flatMap { index in
                    [
                        Write.create(
                            Object("o\(index)", object: Self.bytes(of: index), tags: ["old"])),
                        .grant("o\(index)", to: "bob", 1),
                    ]
                })
        }
    }

    /// Interrupts each function at random times up to a little more than it takes.
    func atRandom(_ body: (Function, UInt64) throws -> Void) throws {
        for function in Self.functions {
            try run(function) { _ in }
            let start = monotonicNanoseconds()
            try run(function) { _ in }
            let usual = max(1000, monotonicNanoseconds() - start)
            for _ in 0..<test.rounds(8) {
                try body(function, UInt64.random(in: 0...usual + usual / 4))
            }
        }
    }

    func run(_ function: Function, _ interruption: @escaping (inout CallOptions) -> Void) throws {
        let interrupted = database.with(interruption)
        switch function {
        case .apply: try apply(interrupted)
        case .query:
            try reading(function) {
                let page = try interrupted.query(Query(.tag("old"), parts: .all))
                test.expect(page.items.count, Self.objects, "objects found")
            }
        case .get:
            try reading(function) {
                let gets = (0..<Self.objects).map { Get("o\($0)") }
                for (index, found) in try interrupted.get(gets).items.enumerated() {
                    test.expect(found.object, Self.bytes(of: index), "object \(index)")
                }
            }
        default:
            try reading(function) {
                let grants = try interrupted.grants(GrantsQuery(who: ["bob"])).items
                test.expect(grants.count, Self.objects, "grants found")
            }
        }
        // The next call has nothing to do with it.
        test.expect(try database.get("o1").object, Self.bytes(of: 1), "the object read afterwards")
    }

    private static func bytes(of index: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 400)
    }

    private func reading(_ function: Function, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let failure as CallFailed {
            test.check(failure.status == status, "\(failure), expected KMS_OK or \(status)")
        }
    }

    /// Writes several batches: each is there as a whole, or nothing of it.
    private func apply(_ interrupted: Database) throws {
        let name = "n\(Calling.nextID())"
        let writes = (0..<Self.batches).flatMap { batch in
            (0..<Self.batchSize).map { index in
                Write.create(Object("\(name)-\(batch)-\(index)", object: [1], tags: [name]))
                    .inBatch(UInt32(batch))
            }
        }
        var outcomes: [Written] = []
        var isInDoubt = false
        do {
            outcomes = try interrupted.apply(writes)
        } catch let failure as CallFailed {
            test.check(failure.status == status, "\(failure), expected KMS_OK or \(status)")
            isInDoubt = failure.isInDoubt
        }
        let there = try database.uids(Query(.tag(name)))
        for batch in 0..<Self.batches {
            let prefix = "\(name)-\(batch)-"
            let count = there.count { $0.hasPrefix(prefix) }
            let items = outcomes.dropFirst(batch * Self.batchSize).prefix(Self.batchSize)
            let isWritten = items.first?.status == .ok
            for item in items where ![.ok, .aborted, status].contains(item.status) {
                test.fail("an item has \(item.status), expected KMS_OK or \(status)")
            }
            let isOpen = isInDoubt || items.contains { $0.isInDoubt }
            test.check(
                count == (isWritten ? Self.batchSize : 0) || (isOpen && count == Self.batchSize),
                "\(count) of \(Self.batchSize) writes of a batch are there, which was told to be "
                    + (isOpen ? "in doubt" : isWritten ? "written" : "not written"))
        }
        try removeAll(there)
    }

    private func removeAll(_ uids: [String]) throws {
        for start in stride(from: 0, to: uids.count, by: 80) {
            try database.write(uids[start..<min(start + 80, uids.count)].map { .delete($0) })
        }
    }
}
