import KMIP

/// KMIP 2.1, "Activate".
enum Activate: ObjectOperation {
    static let requirement = Gate.Requirement(anyOf: [.activate], states: .all)

    static func identifier(of payload: ActivateRequest) -> Identifier? { payload.uniqueIdentifier }
    static func failure(for refusal: Gate.Refusal, of uid: String) -> Failure { .notRetrievable(uid) }
    static func failure(forTags identifier: String) -> Failure { .notRetrievable(identifier) }
    static func failure(forUnaccepted uid: String) -> Failure {
        Failure(
            .wrongKeyLifecycleState, "the object \(uid) is not pre-active and cannot be activated")
    }
    static func accepts(_ object: AuthorizedObject) -> Bool { object.state == .preActive }

    static func run(
        _ payload: ActivateRequest, on object: AuthorizedObject, in context: OperationContext
    ) async throws(Failure) -> Response {
        try await context.store.update(object, requirement, in: context) {
            (current) throws(Failure) in
            guard current.state == .preActive else { throw failure(forUnaccepted: current.uid) }
            var draft = try ObjectDraft(changing: current)
            draft.state = .active
            draft.attributes.activationDate = context.now
            draft.attributes.lastChangeDate = context.now
            return draft
        }
        return .identifier(.activate, IdentifierResponse(uniqueIdentifier: object.uid))
    }
}
