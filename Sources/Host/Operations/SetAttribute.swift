import KMIP

/// KMIP 2.1, "Set Attribute".
enum SetAttribute: ObjectOperation {
    static let requirement = Gate.Requirement(
        anyOf: [.setAttribute], states: [.active, .preActive])

    static func identifier(of payload: SetAttributeRequest) -> Identifier? {
        payload.uniqueIdentifier
    }
    static func failure(for refusal: Gate.Refusal, of uid: String) -> Failure { .notRetrievable(uid) }
    static func failure(forTags identifier: String) -> Failure { .notRetrievable(identifier) }
    static func failure(forUnaccepted uid: String) -> Failure { .notRetrievable(uid) }
    static func accepts(_ object: AuthorizedObject) -> Bool { true }

    static func run(
        _ payload: SetAttributeRequest, on object: AuthorizedObject, in context: OperationContext
    ) async throws(Failure) -> Response {
        if case .vendorAttributes(let attributes) = payload.newAttribute,
            attributes.contains(where: \.isTag)
        {
            throw Failure(
                .invalidRequest, .readOnlyAttribute,
                "tags are not changed by SetAttribute; import the object with ReplaceExisting")
        }
        try await context.store.update(object, requirement, in: context) {
            (current) throws(Failure) in
            var draft = try ObjectDraft(changing: current)
            draft.attributes.set(payload.newAttribute)
            draft.attributes.lastChangeDate = context.now
            return draft
        }
        return .identifier(.setAttribute, IdentifierResponse(uniqueIdentifier: object.uid))
    }
}

extension VendorAttribute {
    var isTag: Bool { vendor == CosmianAttribute.vendor && name == CosmianAttribute.tag }
}

extension Attributes {
    /// Sets or replaces: one link for each type, one vendor attribute for each vendor and name.
    fileprivate mutating func set(_ value: AttributeValue) {
        switch value {
        case .activationDate(let date): activationDate = date
        case .cryptographicAlgorithm(let algorithm): cryptographicAlgorithm = algorithm
        case .cryptographicLength(let bits): cryptographicLength = bits
        case .cryptographicParameters(let parameters): cryptographicParameters = parameters
        case .cryptographicDomainParameters(let parameters):
            cryptographicDomainParameters = parameters
        case .cryptographicUsageMask(let mask): cryptographicUsageMask = mask
        case .links(let new):
            for link in new {
                links.removeAll { $0.type == link.type }
                links.append(link)
            }
        case .vendorAttributes(let new):
            for attribute in new {
                vendorAttributes.removeAll {
                    $0.vendor == attribute.vendor && $0.name == attribute.name
                }
                vendorAttributes.append(attribute)
            }
        }
    }
}
