import KMIP

/// KMIP 2.1, "Get Attributes".
enum GetAttributes: ObjectOperation {
    static let requirement = Gate.Requirement(
        anyOf: [.getAttributes, .get], states: [.active, .preActive])

    static func identifier(of payload: GetAttributesRequest) -> Identifier? {
        payload.uniqueIdentifier
    }
    static func failure(for refusal: Gate.Refusal, of uid: String) -> Failure { .notRetrievable(uid) }
    static func failure(forTags identifier: String) -> Failure { .notRetrievable(identifier) }
    static func failure(forUnaccepted uid: String) -> Failure { .notRetrievable(uid) }
    static func accepts(_ object: AuthorizedObject) -> Bool { true }

    static func run(
        _ payload: GetAttributesRequest, on object: AuthorizedObject, in context: OperationContext
    ) async throws(Failure) -> Response {
        var all = object.attributes
        all.state = object.state
        all.vendorAttributes.append(
            VendorAttribute(
                vendor: CosmianAttribute.vendor, name: CosmianAttribute.tag,
                value: Cosmian422.json(ofTags: object.content.tags)))
        let attributes = payload.references.map { all.selecting($0) } ?? all
        return .getAttributes(
            GetAttributesResponse(uniqueIdentifier: object.uid, attributes: attributes))
    }
}

extension Attributes {
    /// Only what is referred to; the object type and whether it is sensitive always.
    fileprivate func selecting(_ references: [AttributeReference]) -> Attributes {
        var selected = Attributes()
        selected.objectType = objectType
        selected.sensitive = sensitive
        for reference in references {
            switch reference {
            case .standard(.activationDate): selected.activationDate = activationDate
            case .standard(.cryptographicAlgorithm):
                selected.cryptographicAlgorithm = cryptographicAlgorithm
            case .standard(.cryptographicLength): selected.cryptographicLength = cryptographicLength
            case .standard(.cryptographicParameters):
                selected.cryptographicParameters = cryptographicParameters
            case .standard(.cryptographicDomainParameters):
                selected.cryptographicDomainParameters = cryptographicDomainParameters
            case .standard(.cryptographicUsageMask):
                selected.cryptographicUsageMask = cryptographicUsageMask
            case .standard(.keyFormatType): selected.keyFormatType = keyFormatType
            case .standard(.linkType): selected.links = links
            case .standard(.vendorExtension): selected.vendorAttributes = vendorAttributes
            case .standard(.state): selected.state = state
            case .standard: break
            case .vendor(let vendor, let name):
                selected.vendorAttributes += vendorAttributes.filter {
                    $0.vendor == vendor && $0.name == name && !selected.vendorAttributes.contains($0)
                }
            }
        }
        return selected
    }
}
