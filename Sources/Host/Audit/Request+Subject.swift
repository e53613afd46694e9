import KMIP

extension Request {
    /// The identifier that the request names: a uid, or a list of tags.
    var subject: String? {
        switch self {
        case .create(let payload): payload.attributes.uniqueIdentifier
        case .get(let payload), .export(let payload): payload.uniqueIdentifier?.text
        case .import(let payload): payload.uniqueIdentifier.text
        case .locate: nil
        case .encrypt(let payload): payload.uniqueIdentifier?.text
        case .decrypt(let payload): payload.uniqueIdentifier?.text
        case .getAttributes(let payload): payload.uniqueIdentifier?.text
        case .setAttribute(let payload): payload.uniqueIdentifier?.text
        case .deleteAttribute(let payload): payload.uniqueIdentifier?.text
        case .reKey(let payload): payload.uniqueIdentifier?.text
        case .activate(let payload): payload.uniqueIdentifier?.text
        case .revoke(let payload): payload.uniqueIdentifier?.text
        case .destroy(let payload): payload.uniqueIdentifier?.text
        }
    }
}

extension Response {
    /// The object that the operation made.
    var madeObject: String? {
        switch self {
        case .create(let payload): payload.uniqueIdentifier
        case .identifier(.import, let payload), .identifier(.reKey, let payload):
            payload.uniqueIdentifier
        default: nil
        }
    }
}
