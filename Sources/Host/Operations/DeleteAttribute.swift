import KMIP

/// KMIP 2.1, "Delete Attribute".
enum DeleteAttribute: ObjectOperation {
    static let requirement = Gate.Requirement(
        anyOf: [.setAttribute], states: [.active, .preActive])

    static func identifier(of payload: DeleteAttributeRequest) -> Identifier? {
        payload.uniqueIdentifier
    }
    static func failure(for refusal: Gate.Refusal, of uid: String) -> Failure { .notRetrievable(uid) }
    static func failure(forTags identifier: String) -> Failure { .notRetrievable(identifier) }
    static func failure(forUnaccepted uid: String) -> Failure { .notRetrievable(uid) }
    static func accepts(_ object: AuthorizedObject) -> Bool { true }

    static func run(
        _ payload: DeleteAttributeRequest, on object: AuthorizedObject, in context: OperationContext
    ) async throws(Failure) -> Response {
        try await context.store.update(object, requirement, in: context) {
            (current) throws(Failure) in
            var draft = try ObjectDraft(changing: current)
            if let value = payload.currentAttribute { draft.attributes.delete(value) }
            for reference in payload.references ?? [] { draft.attributes.delete(reference) }
            // Nothing to delete is a success without a write.
            guard draft.attributes != current.attributes else { return nil }
            draft.attributes.lastChangeDate = context.now
            return draft
        }
        return .identifier(.deleteAttribute, IdentifierResponse(uniqueIdentifier: object.uid))
    }
}

extension Attributes {
    /// Deletes a single value when it is the one given; links by type, vendor attributes by name.
    fileprivate mutating func delete(_ value: AttributeValue) {
        switch value {
        case .activationDate(let date): if activationDate == date { activationDate = nil }
        case .cryptographicAlgorithm(let algorithm):
            if cryptographicAlgorithm == algorithm { cryptographicAlgorithm = nil }
        case .cryptographicLength(let bits):
            if cryptographicLength == bits { cryptographicLength = nil }
        case .cryptographicParameters(let parameters):
            if cryptographicParameters == parameters { cryptographicParameters = nil }
        case .cryptographicDomainParameters(let parameters):
            if cryptographicDomainParameters == parameters { cryptographicDomainParameters = nil }
        case .cryptographicUsageMask(let mask):
            if cryptographicUsageMask == mask { cryptographicUsageMask = nil }
        case .links(let named):
            links.removeAll { link in named.contains { $0.type == link.type } }
        case .vendorAttributes(let named):
            vendorAttributes.removeAll { attribute in
                named.contains { $0.vendor == attribute.vendor && $0.name == attribute.name }
            }
        }
    }

    /// Deletes what a reference names: one vendor attribute, or all of a standard kind.
    fileprivate mutating func delete(_ reference: AttributeReference) {
        switch reference {
        case .standard(.activationDate): activationDate = nil
        case .standard(.cryptographicAlgorithm): cryptographicAlgorithm = nil
        case .standard(.cryptographicLength): cryptographicLength = nil
        case .standard(.cryptographicParameters): cryptographicParameters = nil
        case .standard(.cryptographicDomainParameters): cryptographicDomainParameters = nil
        case .standard(.cryptographicUsageMask): cryptographicUsageMask = nil
        case .standard(.linkType): links = []
        case .standard(.vendorExtension): vendorAttributes = []
        case .standard: break
        case .vendor(let vendor, let name):
            vendorAttributes.removeAll { $0.vendor == vendor && $0.name == name }
        }
    }
}
