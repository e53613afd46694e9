import KMIP
import Logging
import PluginLoader
import Secrets

/// Copies objects, tags, states, owners and permissions of a Cosmian KMS database into ours.
///
/// The source is only read. An object and its permissions are written together, and an object that is
/// there already is never overwritten: an import that was interrupted is simply run again.
struct DatabaseImport {
    let source: Database
    /// Nil in a dry run on a database that is not ready yet: nothing is there.
    let target: Database?
    let logger: Logger
    private(set) var report: ImportReport

    private static let page = 100
    /// Objects written at the same time; drivers gather them into one commit.
    private static let concurrency = 16
    private static let timeout = Duration.seconds(60)
    private static let tries = 5

    init(
        source: Database, target: Database?, isDryRun: Bool, from: DatabaseContext,
        to: DatabaseContext, logger: Logger
    ) {
        self.source = source
        self.target = target
        self.logger = logger
        report = ImportReport(
            source: "\(from.format) in \(from.backend)",
            target: "\(to.backend), schema \(to.supported)", isDryRun: isDryRun)
    }

    mutating func run() async throws {
        try await copyObjects()
        try await copyGrantsWithoutObject()
    }

    // MARK: Objects

    /// What became of one object.
    private enum Outcome: Sendable {
        case written, there
        case notTaken(String)
    }

    private struct Result: Sendable {
        var uid: String
        var outcome: Outcome
        var notes: [String] = []
        var grants = 0
        var grantsNotTaken: [ImportReport.Remark] = []
    }

    private mutating func copyObjects() async throws {
        var query = Query(filter: nil, parts: .all, limit: Self.page)
        repeat {
            let page = try await source.query(query, deadline: .after(Self.timeout))
            var rest = page.objects[...]
            while !rest.isEmpty {
                let some = rest.prefix(Self.concurrency)
                rest = rest.dropFirst(some.count)
                for result in try await copy(Array(some)) { count(result) }
            }
            query.cursor = page.cursor
            logger.info(
                "import",
                metadata: [
                    "read": "\(report.objectsRead)", "imported": "\(report.objectsWritten)",
                    "there": "\(report.objectsThere)", "not imported": "\(report.notTaken.count)",
                ])
        } while !query.cursor.isEmpty
    }

    private func copy(_ records: [ObjectRecord]) async throws -> [Result] {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            for (index, record) in records.enumerated() {
                group.addTask { (index, try await copy(record)) }
            }
            var results: [(Int, Result)] = []
            for try await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func copy(_ record: ObjectRecord) async throws -> Result {
        var result = Result(uid: record.uid, outcome: .written)
        let grants = try await grants(on: record.uid)
        result.grants = grants.count
        let understood: CosmianRecord
        do throws(CosmianRecord.NotUnderstood) {
            understood = try CosmianRecord(record)
        } catch {
            result.outcome = .notTaken(error.reason)
            result.grantsNotTaken = grants.map {
                .init(
                    about: record.uid,
                    text: "permission of \(String(reflecting: $0.user)): its object is not imported"
                )
            }
            return result
        }
        result.notes = understood.notes
        var writes: [Write] = []
        for grant in grants {
            switch write(for: grant, owner: record.owner) {
            case .success(let write): writes.append(write)
            case .failure(let refusal):
                result.grantsNotTaken.append(.init(about: record.uid, text: refusal.reason))
            }
        }
        result.outcome = try await take(understood.draft, with: writes)
        return result
    }

    private func take(_ draft: ObjectDraft, with grants: [Write]) async throws -> Outcome {
        guard let target else { return .written }
        if let there = try await outcome(of: draft, in: target) { return there }
        guard !report.isDryRun else { return .written }
        let record: NewObject
        do throws(Failure) { record = try draft.record() } catch {
            return .notTaken(error.message)
        }
        // The object comes with the last of its permissions: when it is there, all of them are.
        var rest = grants[...]
        while rest.count >= 100 {
            try await apply(Array(rest.prefix(100)), to: target)
            rest = rest.dropFirst(100)
        }
        do {
            try await apply([Write(.create(record))] + rest, to: target)
            return .written
        } catch let error as DriverError where error.status == .exists {
            // Somebody was faster, or a commit whose answer was lost was one after all.
            return try await outcome(of: draft, in: target)
                ?? .notTaken("the target refuses it: a name of it is taken")
        }
    }

    /// What to say of an object whose uid the target has; nil when it has none.
    private func outcome(of draft: ObjectDraft, in target: Database) async throws -> Outcome? {
        let request = PluginLoader.GetRequest(uid: draft.uid, who: [], parts: .all)
        let record = try await target.get(request, deadline: .after(Self.timeout))
        if record.status == .notFound { return nil }
        let isSame =
            record.status == .ok && record.owner == draft.owner
            && record.type == draft.object.type.rawValue
        guard isSame, try draft.holdsSameMaterial(as: record.object) else {
            return .notTaken("the target has another object with this identifier")
        }
        return .there
    }

    private mutating func count(_ result: Result) {
        report.objectsRead += 1
        report.grantsRead += result.grants
        let grants = result.grants - result.grantsNotTaken.count
        report.notTaken += result.grantsNotTaken
        report.grantsNotTaken += result.grantsNotTaken.count
        switch result.outcome {
        case .written:
            report.objectsWritten += 1
            report.grantsWritten += grants
            report.changed += result.notes.map { .init(about: result.uid, text: $0) }
        case .there:
            report.objectsThere += 1
            report.grantsThere += grants
        case .notTaken(let reason):
            report.notTaken.append(.init(about: result.uid, text: reason))
            report.grantsNotTaken += grants
            for _ in 0..<grants {
                report.notTaken.append(
                    .init(about: result.uid, text: "a permission: its object is not imported"))
            }
        }
    }

    // MARK: Permissions

    private func grants(on uid: String) async throws -> [Grant] {
        var query = GrantsQuery(uid: uid)
        var grants: [Grant] = []
        repeat {
            let page = try await source.grants(query, deadline: .after(Self.timeout))
            grants += page.grants
            query.cursor = page.cursor
        } while !query.cursor.isEmpty
        return grants
    }

    private func write(
        for grant: Grant, owner: String
    ) -> Swift.Result<Write, CosmianRecord.NotUnderstood> {
        let who = "permission of \(String(reflecting: grant.user))"
        let (rights, hasUnknown) = CosmianRights.rights(grant.rights)
        guard !hasUnknown else {
            return .failure(.init(reason: "\(who): it names an operation that is not known"))
        }
        guard !grant.user.isEmpty else { return .failure(.init(reason: "\(who): it is nobody's")) }
        guard !rights.isEmpty else { return .failure(.init(reason: "\(who): it is empty")) }
        guard grant.user != owner else {
            return .failure(.init(reason: "\(who): the owner holds every right"))
        }
        return .success(
            Write(.grant(uid: grant.uid, user: grant.user, rights: rights.rawValue)))
    }

    /// Permissions on keys of an HSM, which are no objects of the database. Those of objects that are
    /// gone are left behind.
    private mutating func copyGrantsWithoutObject() async throws {
        var query = GrantsQuery()
        var last: (uid: String, isObject: Bool)?
        repeat {
            let page = try await source.grants(query, deadline: .after(Self.timeout))
            for grant in page.grants {
                if last?.uid != grant.uid {
                    last = (grant.uid, try await isObject(grant.uid))
                }
                if last?.isObject == false { try await copyWithoutObject(grant) }
            }
            query.cursor = page.cursor
        } while !query.cursor.isEmpty
    }

    private func isObject(_ uid: String) async throws -> Bool {
        let page = try await source.query(
            Query(filter: .uid(uid), limit: 1), deadline: .after(Self.timeout))
        return !page.objects.isEmpty
    }

    private mutating func copyWithoutObject(_ grant: Grant) async throws {
        report.grantsRead += 1
        let outcome =
            grant.uid.contains("::")
            ? write(for: grant, owner: "")
            : .failure(
                .init(reason: "permission of \(String(reflecting: grant.user)): its object is gone")
            )
        switch outcome {
        case .failure(let refusal):
            report.grantsNotTaken += 1
            report.notTaken.append(.init(about: grant.uid, text: refusal.reason))
        case .success(let write):
            // Adding rights that are there changes nothing.
            if let target, !report.isDryRun { try await apply([write], to: target) }
            report.grantsWritten += 1
        }
    }

    // MARK: Writing

    /// Writes one batch. What may succeed later is tried again; creating twice is found out.
    private func apply(_ batch: [Write], to target: Database) async throws {
        for attempt in 1..<Self.tries {
            do {
                return try await target.apply(batch, deadline: .after(Self.timeout))
            } catch {
                guard error.isRetryable || error.isInDoubt else { throw error }
                logger.warning("import: trying again", metadata: ["error": "\(error)"])
            }
            try await Task.sleep(for: .milliseconds(Int.random(in: 50...150) << attempt))
        }
        try await target.apply(batch, deadline: .after(Self.timeout))
    }
}

extension ObjectDraft {
    /// Whether a stored object holds what this one would: material, format and wrapping.
    fileprivate func holdsSameMaterial(as stored: SecretBytes?) throws(Failure) -> Bool {
        guard let stored else { return false }
        return try StorageCoding.encode(object).isEqual(to: stored)
    }
}
