import Cryptography
import KMIP
import PluginLoader
import Secrets

/// An object about to be written: what the server knows of it, and how it is put into a record.
struct ObjectDraft: Sendable {
    var uid: String
    var owner: String
    var state: State
    var object: ManagedObject
    var attributes: Attributes
    var tags: [String]
    /// Drawn anew for each change.
    let revision: UInt64

    init(
        uid: String, owner: String, state: State, object: ManagedObject, attributes: Attributes,
        tags: [String]
    ) throws(Failure) {
        self.uid = uid
        self.owner = owner
        self.state = state
        self.object = object
        self.attributes = attributes
        self.tags = tags
        do { revision = try Random.revision() } catch { throw Failure(error) }
    }

    /// A change of an existing object: the same uid and owner, a new revision.
    init(changing source: AuthorizedObject) throws(Failure) {
        guard let object = source.content.object else { throw .damaged(source.uid) }
        try self.init(
            uid: source.uid, owner: source.owner, state: source.state, object: object,
            attributes: source.attributes, tags: source.content.tags)
    }

    /// The record for the driver.
    func record() throws(Failure) -> NewObject {
        NewObject(
            uid: uid, owner: owner, type: object.type.rawValue, state: state.rawValue,
            revision: revision, object: try StorageCoding.encode(object),
            attributes: StorageCoding.encode(attributes), tags: tags,
            terms: Terms.of(object, attributes))
    }

    /// The write that replaces the object it was made from, unless somebody changed it meanwhile.
    func update(of source: AuthorizedObject) throws(Failure) -> Write {
        Write(
            .update(try record(), .all), if: .init(isPresent: true, revision: source.revision))
    }
}

extension ObjectStore {
    /// Writes a change of an object; on a conflict the gate admits it again and `change` is asked
    /// anew, three times at most.
    ///
    /// - Parameter change: Makes the draft, or nil when there is nothing to change.
    func update(
        _ object: AuthorizedObject, _ requirement: Gate.Requirement, in context: OperationContext,
        change: (AuthorizedObject) throws(Failure) -> ObjectDraft?
    ) async throws(Failure) {
        var current = object
        for _ in 0..<3 {
            guard let draft = try change(current) else { return }
            let write = try draft.update(of: current)
            do {
                return try await apply(
                    [write], proof: (draft.uid, draft.revision),
                    deadline: context.deadline)
            } catch {
                switch error {
                case .failed(let failure): throw failure
                case .exists: throw Failure(.database, .objectAlreadyExists, "a name is taken")
                case .conflict: break
                }
            }
            var fresh = context
            fresh.prefetched = [:]
            switch try await context.gate.object(object.uid, requirement, in: fresh) {
            case .success(let reread): current = reread
            case .failure: throw .notRetrievable(object.uid)
            }
        }
        throw Failure(
            .database, .generalFailure,
            "the object \(object.uid) kept changing; send the request again")
    }
}
