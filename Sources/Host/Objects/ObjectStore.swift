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
            throw failure(error)
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
            throw failure(error)
        }
        var found: [String: LoadedObject] = [:]
        for (record, entry) in zip(records, cached) where record.status != .corrupt {
            found[record.uid] = try object(from: record, cached: entry)
        }
        return found
    }

    func query(_ query: Query, deadline: Deadline) async throws(Failure) -> ObjectPage {
        do { return try await database.query(query, deadline: deadline) } catch {
            throw failure(error)
        }
    }

    func grants(_ query: GrantsQuery, deadline: Deadline) async throws(Failure) -> GrantsPage {
        do { return try await database.grants(query, deadline: deadline) } catch {
            throw failure(error)
        }
    }

    /// Writes a batch, all or none; durable on return.
    ///
    /// When a connection breaks during the commit, the object that was to carry `proof` tells
    /// whether it happened. What certainly did not happen is tried once more.
    ///
    /// - Throws: ``WriteConflict`` when a condition of the batch does not hold: read again.
    func apply(
        _ batch: [Write], proof: (uid: String, revision: UInt64)? = nil, deadline: Deadline
    ) async throws(WriteError) {
        for attempt in 1... {
            let error: DriverError
            do { return try await database.apply(batch, deadline: deadline) } catch let caught {
                error = caught
            }
            switch error.status {
            case .conflict, .notFound: throw .conflict
            case .exists: throw .exists
            default: break
            }
            if error.isInDoubt {
                guard let proof, attempt < 3 else { throw .failed(failure(error)) }
                let request = PluginLoader.GetRequest(uid: proof.uid, who: [], parts: [])
                let record: ObjectRecord
                do { record = try await database.get(request, deadline: deadline) } catch {
                    throw .failed(failure(error))
                }
                if record.status == .ok, record.revision == proof.revision { return }
            } else if !error.isRetryable || attempt >= 3 || deadline.hasPassed {
                throw .failed(failure(error))
            }
        }
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
