import Cryptography
import KMIP
import Logging
import PluginLoader
import Secrets

/// Objects by uid over the database driver, with a cache of what they hold.
///
/// Thread-safe. Knows nothing of who may do what: the gate decides on what `load` returns.
struct ObjectStore: Sendable {
    let database: Database
    let cache: ObjectCache
    let logger: Logger

    /// Reads one object with the caller's rights; nil when there is none.
    ///
    /// One small read: when the cached revision still stands the content is not transferred.
    func load(
        _ uid: String, for principal: Principal, deadline: Deadline
    ) async throws(Failure) -> LoadedObject? {
        let cached = cache.entry(uid)
        let request = PluginLoader.GetRequest(
            uid: uid, who: principal.who, knownRevision: cached?.revision, parts: .all)
        let record: ObjectRecord
        do { record = try await database.get(request, deadline: deadline) } catch {
            record = try await again(after: error, deadline) { () throws(DriverError) in
                try await database.get(request, deadline: deadline)
            }
        }
        return try object(from: record, cached: cached)
    }

    /// Reads several objects in one driver call. Those that do not exist, or are damaged, are left out.
    func load(
        _ uids: [String], for principal: Principal, deadline: Deadline
    ) async throws(Failure) -> [String: LoadedObject] {
        let cached = uids.map(cache.entry)
        let requests = zip(uids, cached).map { uid, entry in
            PluginLoader.GetRequest(
                uid: uid, who: principal.who, knownRevision: entry?.revision, parts: .all)
        }
        let records: [ObjectRecord]
        do { records = try await database.get(requests, deadline: deadline) } catch {
            records = try await again(after: error, deadline) { () throws(DriverError) in
                try await database.get(requests, deadline: deadline)
            }
        }
        var found: [String: LoadedObject] = [:]
        for (record, entry) in zip(records, cached) where record.status != .corrupt {
            found[record.uid] = try object(from: record, cached: entry)
        }
        return found
    }

    func query(_ query: Query, deadline: Deadline) async throws(Failure) -> ObjectPage {
        do { return try await database.query(query, deadline: deadline) } catch {
            return try await again(after: error, deadline) { () throws(DriverError) in
                try await database.query(query, deadline: deadline)
            }
        }
    }

    func grants(_ query: GrantsQuery, deadline: Deadline) async throws(Failure) -> GrantsPage {
        do { return try await database.grants(query, deadline: deadline) } catch {
            return try await again(after: error, deadline) { () throws(DriverError) in
                try await database.grants(query, deadline: deadline)
            }
        }
    }

    /// Repeats a read until it succeeds or its time is over. Kept apart from the first attempt,
    /// which is all that most reads need.
    private func again<Result>(
        after first: DriverError, _ deadline: Deadline,
        _ attempt: () async throws(DriverError) -> Result
    ) async throws(Failure) -> Result {
        var patience = Patience(until: deadline)
        var error = first
        while error.mayPassSoon, await patience.pause(atLeast: error.retryAfter) {
            do { return try await attempt() } catch let caught { error = caught }
        }
        throw failure(error)
    }

    /// Writes a batch, all or none; durable on return.
    ///
    /// What certainly did not happen is tried again while the deadline allows. When a connection
    /// breaks during the commit, the object that was to carry `proof` tells whether it happened;
    /// without one the batch is such that doing it twice is doing it once (grants, deletions).
    ///
    /// - Throws: ``WriteError/conflict`` when a condition of the batch does not hold: read again.
    func apply(
        _ batch: [Write], proof: (uid: String, revision: UInt64)? = nil, deadline: Deadline
    ) async throws(WriteError) {
        var patience = Patience(until: deadline)
        // A commit whose answer was lost may still come to its end while others are tried.
        var mayBeWritten = false
        while true {
            let error: DriverError
            do { return try await database.apply(batch, deadline: deadline) } catch let caught {
                error = caught
            }
            mayBeWritten = mayBeWritten || error.isInDoubt
            if mayBeWritten, try await isWritten(error, proof, deadline) { return }
            switch error.status {
            case .conflict, .notFound: throw .conflict
            case .exists: throw .exists
            default: break
            }
            guard error.mayPassSoon || error.isInDoubt,
                await patience.pause(atLeast: error.retryAfter)
            else { throw .failed(failure(error)) }
        }
    }

    /// Whether a batch whose commit was in doubt was written after all.
    private func isWritten(
        _ error: DriverError, _ proof: (uid: String, revision: UInt64)?, _ deadline: Deadline
    ) async throws(WriteError) -> Bool {
        // What a deletion was to delete is gone: it happened, the first time or the second.
        guard let proof else { return error.status == .notFound }
        let request = PluginLoader.GetRequest(uid: proof.uid, who: [], parts: [])
        let record: ObjectRecord
        do { record = try await database.get(request, deadline: deadline) } catch {
            do {
                record = try await again(after: error, deadline) { () throws(DriverError) in
                    try await database.get(request, deadline: deadline)
                }
            } catch { throw .failed(error) }
        }
        return record.status == .ok && record.revision == proof.revision
    }

    /// What the client learns; what the driver said goes to the log.
    private func failure(_ error: DriverError) -> Failure {
        logger.error(
            "the database driver failed",
            metadata: [
                "status": "\(error.status)", "native-code": "\(error.nativeCode)",
                "native-state": "\(error.nativeState)", "message": "\(error.message)",
            ])
        return Failure(error)
    }

    private func object(
        from record: ObjectRecord, cached: ObjectCache.Entry?
    ) throws(Failure) -> LoadedObject? {
        switch record.status {
        case .ok: break
        case .notFound: return nil
        default: throw Failure.damaged(record.uid)
        }
        let content: ObjectContent
        if record.isUnchanged, let cached {
            content = cached.content
        } else {
            content = try ObjectContent(record)
            cache.insert(record.uid, .init(revision: record.revision, content: content))
        }
        return LoadedObject(
            uid: record.uid, owner: record.owner, rights: Rights(rawValue: record.rights),
            state: State(rawValue: record.state), revision: record.revision, content: content)
    }
}

/// Why a batch was not written.
enum WriteError: Error {
    /// Something changed since it was read.
    case conflict
    /// The uid, or a unique name, is taken.
    case exists
    case failed(Failure)
}

extension ObjectContent {
    /// Parses what the driver kept.
    ///
    /// - Throws: A failure that names the object when its bytes do not parse.
    convenience init(_ record: ObjectRecord) throws(Failure) {
        do {
            let object: ManagedObject? = try record.object?.withExposedBytes {
                (bytes) throws(Failure) in try StorageCoding.decodeObject(bytes)
            }
            let attributes = try StorageCoding.decodeAttributes(record.attributes.span.bytes)
            self.init(
                type: ObjectType(rawValue: record.type), attributes: attributes, object: object,
                tags: record.tags)
        } catch { throw Failure.damaged(record.uid) }
    }
}
