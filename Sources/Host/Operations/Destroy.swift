import KMIP
import PluginLoader

/// KMIP 2.1, "Destroy", with the extension of 4.22 that also removes the metadata.
enum Destroy: EveryObjectOperation {
    /// Active objects are admitted to be refused by name: they must be revoked first.
    static let requirement = Gate.Requirement(
        anyOf: [.destroy],
        states: [.preActive, .active, .deactivated, .compromised, .destroyedCompromised])

    static func identifier(of payload: DestroyRequest) -> Identifier? { payload.uniqueIdentifier }
    static func failure(for identifier: String) -> Failure { Failure(.itemNotFound, identifier) }

    static func run(
        _ payload: DestroyRequest, on objects: [AuthorizedObject], identifier: String,
        in context: OperationContext
    ) async throws(Failure) -> Response {
        if let active = objects.first(where: { $0.state == .active }) {
            throw Failure(
                .invalidRequest, .wrongKeyLifecycleState,
                "the object \(active.uid) is active: it must be revoked before it is destroyed")
        }
        for object in objects {
            if payload.remove {
                try await remove(object, in: context)
            } else if object.state != .destroyedCompromised {
                try await erase(object, in: context)
            }
        }
        return .identifier(.destroy, IdentifierResponse(uniqueIdentifier: identifier))
    }

    /// Erases the material; uid and metadata stay.
    private static func erase(
        _ object: AuthorizedObject, in context: OperationContext
    ) async throws(Failure) {
        try await context.store.update(object, requirement, in: context) {
            (current) throws(Failure) in
            guard current.state != .active else {
                throw Failure(
                    .invalidRequest, .wrongKeyLifecycleState,
                    "the object \(current.uid) is active: it must be revoked before it is destroyed")
            }
            var draft = try ObjectDraft(changing: current)
            draft.object = draft.object.withoutMaterial
            draft.state = current.state == .compromised ? .destroyedCompromised : .destroyed
            draft.attributes.destroyDate = context.now
            draft.attributes.lastChangeDate = context.now
            return draft
        }
    }

    private static func remove(
        _ object: AuthorizedObject, in context: OperationContext
    ) async throws(Failure) {
        do {
            try await context.store.apply(
                [
                    Write(
                        .delete(uid: object.uid),
                        if: .init(isPresent: true, revision: object.revision))
                ], deadline: context.deadline)
            context.store.cache.remove(object.uid)
        } catch {
            if case .failed(let failure) = error { throw failure }
            throw Failure(
                .database, .generalFailure,
                "the object \(object.uid) changed meanwhile; send the request again")
        }
    }
}
