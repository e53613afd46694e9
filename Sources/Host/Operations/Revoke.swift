import KMIP

/// KMIP 2.1, "Revoke".
enum Revoke: EveryObjectOperation {
    static let requirement = Gate.Requirement(anyOf: [.revoke], states: [.active, .preActive])

    static func identifier(of payload: RevokeRequest) -> Identifier? { payload.uniqueIdentifier }
    static func failure(for identifier: String) -> Failure {
        Failure(.itemNotFound, identifier)
    }

    static func run(
        _ payload: RevokeRequest, on objects: [AuthorizedObject], identifier: String,
        in context: OperationContext
    ) async throws(Failure) -> Response {
        let isCompromise = [.keyCompromise, .caCompromise].contains(payload.reason.code)
        if isCompromise, payload.compromiseOccurrenceDate == nil {
            throw Failure(
                .invalidRequest, .invalidField,
                "Revoke: a compromise needs its CompromiseOccurrenceDate")
        }
        for object in objects where !context.policy.nonRevocableUIDs.contains(object.uid) {
            try await context.store.update(object, requirement, in: context) {
                (current) throws(Failure) in
                var draft = try ObjectDraft(changing: current)
                draft.state = isCompromise ? .compromised : .deactivated
                draft.attributes.revocationReason = payload.reason
                draft.attributes.lastChangeDate = context.now
                if isCompromise {
                    draft.attributes.compromiseDate = context.now
                    draft.attributes.compromiseOccurrenceDate = payload.compromiseOccurrenceDate
                } else {
                    draft.attributes.deactivationDate = context.now
                }
                return draft
            }
        }
        return .identifier(.revoke, IdentifierResponse(uniqueIdentifier: identifier))
    }
}
