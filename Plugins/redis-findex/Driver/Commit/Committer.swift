import Dispatch
import PluginKit
import SQLStore
import Synchronization

/// Writes: evaluates what was asked against what is there, and commits it by the script until nobody
/// came in between.
final class Committer: Sendable {
    private let host: Host
    private let door: VaultDoor
    private let pool: RedisPool
    private let clock: CreationClock
    let digest = ScriptDigest()
    private let collided = Atomic<Int>(0)
    /// One commit at a time: those of one process need not meet in the database.
    private let free = DispatchSemaphore(value: 1)
    /// Paths whose marker is in the index, since the epoch.
    private let incomplete = Mutex<(epoch: UInt64, paths: Set<[UInt8]>)>((0, []))

    private static let attempts = 64
    /// After so many, all others are made to wait.
    private static let patience = 4
    private static let waitsMax = 1000
    private static let pause_ms = 20
    /// Of these many batches, and about as many writes, one commit is made.
    private static let batchesMax = 64
    private static let writesMax = 256
    private static let keysAtOnce = 500
    /// How long it is tried to learn what became of a commit.
    private static let doubt_ns: UInt64 = 1_000_000_000

    private let replicas: Int64
    /// Commits in doubt so far, and how many of them had been when replicas had everything last.
    private let doubts = Atomic<Int>(0)
    private let confirmed = Atomic<Int>(0)

    /// - Parameter replicas: As many must have a commit before it counts as done.
    init(_ pool: RedisPool, _ door: VaultDoor, replicas: Int64, host: Host) {
        self.replicas = replicas
        self.pool = pool
        self.door = door
        self.host = host
        clock = CreationClock(host)
    }

    /// Waits until replicas have what was committed in doubt: whoever finds it then may believe that it
    /// stays.
    func confirm(on connection: RedisConnection) throws(DriverFailure) {
        let doubts = doubts.load(ordering: .sequentiallyConsistent)
        guard replicas > 0, confirmed.load(ordering: .relaxed) < doubts else { return }
        try CommitScript.waitForReplicas(replicas, on: connection)
        confirmed.max(doubts, ordering: .relaxed)
    }

    /// Commits that met others.
    var collisions: Int { collided.load(ordering: .relaxed) }

    func apply(
        _ writes: Writes, _ call: Call, into outcomes: inout Outcomes
    ) throws(DriverFailure) {
        while free.wait(timeout: .now() + .milliseconds(Self.pause_ms)) == .timedOut {
            try call.check(host)
        }
        defer { free.signal() }
        var start = 0
        while start < writes.count {
            let range = Self.portion(of: writes, from: start)
            do throws(DriverFailure) {
                let statuses = try commit(writes, range, call)
                for (index, status) in zip(range, statuses) { outcomes[index] = status }
            } catch {
                // What went before is decided: then it is the items that fail.
                guard start > 0 else { throw error }
                host.log(.warning, call: call, "part of the writes failed: \(error)")
                let isInDoubt = error.flags.contains(.inDoubt)
                for index in start..<writes.count {
                    if isInDoubt, range.contains(index) {
                        outcomes.setInDoubt(index, error.status)
                    } else {
                        outcomes[index] = error.status
                    }
                }
                return
            }
            start = range.upperBound
        }
    }

    /// Whole batches, as many as go into one commit.
    private static func portion(of writes: Writes, from start: Int) -> Range<Int> {
        var end = start
        var batches = 0
        while end < writes.count, batches < batchesMax, end - start < writesMax {
            let batch = writes.batch(from: end)
            if batches > 0, batch.upperBound - start > writesMax { break }
            end = batch.upperBound
            batches += 1
        }
        return start..<end
    }

    /// A commit whose answer was not heard.
    private struct Doubtful {
        var script: CommitScript
        var statuses: [Status]
    }

    private func commit(
        _ writes: Writes, _ range: Range<Int>, _ call: Call
    ) throws(DriverFailure) -> [Status] {
        var doubtful: [Doubtful] = []
        while true {
            var current: Doubtful?
            do throws(DriverFailure) {
                let statuses = try pool.use(for: call) { (connection) throws(DriverFailure) in
                    try commit(writes, range, connection, noting: &current)
                }
                // It may be our own doubtful commit that stands in the way of this one.
                if statuses.contains(where: { $0 != .ok }),
                    let done = try committed(among: doubtful, call)
                {
                    return done
                }
                return statuses
            } catch {
                if error.flags.contains(.inDoubt) {
                    doubts.wrappingAdd(1, ordering: .sequentiallyConsistent)
                }
                guard error.flags.contains(.inDoubt), let current,
                    error.status != .cancelled, error.status != .deadline,
                    error.nativeState != CommitScript.tooFewReplicas
                else { throw error }
                doubtful.append(current)
                if let done = try resolve(doubtful, call, error) { return done }
            }
        }
    }

    /// The statuses of a commit that took place after all; nil: it did not. Throws `failure` when that
    /// cannot be learnt.
    private func resolve(
        _ doubtful: [Doubtful], _ call: Call, _ failure: DriverFailure
    ) throws(DriverFailure) -> [Status]? {
        let end = host.monotonic_ns + Self.doubt_ns
        while true {
            do throws(DriverFailure) {
                return try committed(among: doubtful, call)
            } catch {
                let isAway = error.status == .unavailable && error.flags.contains(.retryable)
                guard isAway, host.monotonic_ns < end, !call.isCancelled,
                    doubtful.count < Self.attempts
                else { throw failure }
                Pause.milliseconds(20)
            }
        }
    }

    private func committed(
        among doubtful: [Doubtful], _ call: Call
    ) throws(DriverFailure) -> [Status]? {
        guard !doubtful.isEmpty else { return nil }
        return try pool.use(for: call) { (connection) throws(DriverFailure) -> [Status]? in
            for one in doubtful where try one.script.wasCommitted(connection) {
                return one.statuses
            }
            return nil
        }
    }

    private func commit(
        _ writes: Writes, _ range: Range<Int>, _ connection: RedisConnection,
        noting current: inout Doubtful?
    ) throws(DriverFailure) -> [Status] {
        let session = try ReadSession(connection, door)
        var snapshot = Snapshot()
        let start = session.vault.moment()
        try want(writes, range, session.vault, &snapshot)
        let mark = try host.random(16)
        var waits = 0
        var attempt = 1
        while attempt <= Self.attempts, waits <= Self.waitsMax {
            var evaluation = Evaluation(
                session.vault, clock, snapshot, readAfter: start, count: range.count)
            repeat {
                try fetch(&snapshot, session)
                evaluation = Evaluation(
                session.vault, clock, snapshot, readAfter: start, count: range.count)
                try evaluation.run(writes, range)
                snapshot = evaluation.snapshot
            } while !snapshot.missing.isEmpty
            guard evaluation.hasSucceeded else { return evaluation.statuses }
            var builder = try build(evaluation, session, &snapshot)
            builder.setTurn(mark, replicas: replicas)
            current = Doubtful(script: builder.script, statuses: evaluation.statuses)
            let epoch = session.vault.metadata.epoch
            switch try builder.script.run(on: connection, epoch: epoch, digest) {
            case .committed:
                remember(builder.incompletePaths, epoch)
                return evaluation.statuses
            case .staleEpoch:
                try session.refresh()
                snapshot.reset()
            case .refused(let refused):
                collided.wrappingAdd(1, ordering: .relaxed)
                try learn(refused, builder, &snapshot)
                if attempt >= Self.patience {
                    try CommitScript.takeTurn(mark, on: connection)
                }
                attempt += 1
            case .notOurTurn:
                Pause.upToMilliseconds(5)
                waits += 1
            }
        }
        throw DriverFailure(
            .unavailable, "Redis: others write the same all the time", flags: .retryable)
    }

    /// Whatever is certain to be needed, so that one round trip brings it all.
    private func want(
        _ writes: Writes, _ range: Range<Int>, _ vault: Vault, _ snapshot: inout Snapshot
    ) throws(DriverFailure) {
        let label = Array(vault.metadata.label.utf8)
        var keywords: Set<Keyword> = []
        for index in range {
            let write = writes[index]
            let uid = Array(write.uid.utf8)
            switch write.operation {
            case .grant?, .revoke?:
                snapshot.want(try vault.key(permissions: uid))
                keywords.insert(.user(Array(write.user.utf8)))
            case .delete?:
                snapshot.want(try vault.key(object: uid))
                snapshot.want(try vault.key(permissions: uid))
            case .create?:
                snapshot.want(try vault.key(object: uid))
                if let object = StoredObject(write, created: 0, counter: 0) {
                    keywords.formUnion(object.keywords)
                    for term in object.terms where term.isUnique {
                        snapshot.want(try vault.key(unique: term))
                    }
                }
            default:
                snapshot.want(try vault.key(object: uid))
            }
        }
        for keyword in keywords {
            snapshot.want(
                try IndexEntry.key(try keyword.hash(), label: label, vault.keys.entryToken))
        }
    }

    /// Reads what is missing. After the first round these are other keys, which the guards bind to the
    /// same instant.
    private func fetch(_ snapshot: inout Snapshot, _ session: ReadSession) throws(DriverFailure) {
        let missing = Array(snapshot.missing)
        for start in stride(from: 0, to: missing.count, by: Self.keysAtOnce) {
            let keys = Array(missing[start..<min(start + Self.keysAtOnce, missing.count)])
            let values = try session.values { _ in keys }
            for (key, value) in zip(keys, values) { snapshot.set(key, value) }
        }
    }

    private func build(
        _ evaluation: Evaluation, _ session: ReadSession, _ snapshot: inout Snapshot
    ) throws(DriverFailure) -> CommitBuilder {
        let epoch = session.vault.metadata.epoch
        let known = incomplete.withLock { $0.epoch == epoch ? $0.paths : [] }
        while true {
            var builder = try CommitBuilder(session.vault, snapshot, host)
            try builder.build(evaluation.overlay, known: known)
            snapshot = builder.snapshot
            if snapshot.missing.isEmpty { return builder }
            try fetch(&snapshot, session)
        }
    }

    private func remember(_ paths: Set<[UInt8]>, _ epoch: UInt64) {
        guard !paths.isEmpty else { return }
        incomplete.withLock { known in
            if known.epoch != epoch { known = (epoch, []) }
            if known.paths.count < 1000 { known.paths.formUnion(paths) }
        }
    }

    /// Goes on from what the script found in place of what was read.
    private func learn(
        _ refused: [(index: Int, value: [UInt8]?)], _ builder: CommitBuilder,
        _ snapshot: inout Snapshot
    ) throws(DriverFailure) {
        let indices = Set(refused.map(\.index))
        for (index, value) in refused where builder.script.items.indices.contains(index) {
            guard let entry = builder.entryOfLink[index] else {
                snapshot.set(builder.script.items[index].key, value)
                continue
            }
            // A link that the entry does not lead to, although nobody has changed the entry.
            guard indices.contains(entry) else {
                throw Chain.damaged("is there before its entry leads to it")
            }
        }
    }
}
