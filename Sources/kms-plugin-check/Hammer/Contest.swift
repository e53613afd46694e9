import Synchronization

/// An object that all threads write, each on the condition that it is as they read it. Every revision
/// is replaced by one other, so all successes together are one chain.
final class Contest: Sendable {
    private let test: Test
    private let first = UInt64.random(in: 1...(.max))
    /// The revision that was expected, and the one that took its place.
    private let steps = Mutex<[UInt64: UInt64]>([:])

    init(_ test: Test) { self.test = test }

    func begin(_ database: Database) throws { try database.write(.create(object(first))) }

    /// Tries to be the one that replaces what is there.
    func take(_ database: Database) throws {
        let revision = try database.get("contested", parts: []).revision
        let mine = UInt64.random(in: 1...(.max))
        let write = Write.update(object(mine), .all).ifRevision(revision)
        let outcome = try Patience.outcome(write, database)
        guard outcome == .ok else {
            return test.expect(outcome, .conflict, "an update that came second")
        }
        let other = steps.withLock { $0.updateValue(mine, forKey: revision) }
        test.check(other == nil, "two updates replaced one revision")
    }

    /// Notes an object that is not whole.
    func look(_ database: Database) throws {
        let found = try database.get("contested")
        test.expect(found, equals: object(found.revision))
    }

    func check(_ database: Database) throws {
        let steps = steps.withLock { $0 }
        var revision = first
        var count = 0
        while let next = steps[revision], count < steps.count {
            revision = next
            count += 1
        }
        test.expect(count, steps.count, "updates that follow each other, of those acknowledged")
        test.expect(try database.get("contested").revision, revision, "the revision at the end")
        try look(database)
    }

    private func object(_ revision: UInt64) -> Object {
        let byte = UInt8(truncatingIfNeeded: revision)
        return Object(
            "contested", owner: "", state: 1, revision: revision,
            object: [UInt8](repeating: byte, count: 500), attributes: [byte],
            tags: ["version-\(revision)"])
    }
}
