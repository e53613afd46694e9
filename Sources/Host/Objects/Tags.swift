import KMIP
import PluginLoader

/// Tags of objects: names that a client gives, and system tags that the server adds by type.
///
/// Source: wire format notes, "Tags".
enum Tags {
    static let symmetricKey = "_kk"
    /// How many tags an object may have, and how long one may be in bytes.
    static let countMax = 64, sizeMax = 255

    /// Takes the tags out of a request's attributes; nil when it gave none.
    ///
    /// - Throws: A failure when a tag is empty, too long, or looks like a system tag, or when they do
    ///   not read as tags.
    static func user(from attributes: inout Attributes) throws(Failure) -> [String]? {
        guard let tags = try any(from: &attributes) else { return nil }
        guard tags.count <= countMax else {
            throw Failure(
                .notSupported, .invalidAttributeValue,
                "an object may have \(countMax) tags, not \(tags.count)")
        }
        for tag in tags {
            if tag.isEmpty || tag.utf8.first == UInt8(ascii: "_") {
                throw Failure(
                    .notSupported, .invalidAttributeValue,
                    "the tag \"\(tag)\" is empty or begins with _, which is reserved")
            }
            if tag.utf8.count > sizeMax || tag.utf8.contains(0) {
                throw Failure(
                    .notSupported, .invalidAttributeValue,
                    "a tag has \(tag.utf8.count) bytes; at most \(sizeMax) without NUL are allowed")
            }
        }
        return tags
    }

    /// Takes any tags, system tags included, out of a search's attributes.
    ///
    /// - Throws: A failure when they are no JSON array of strings. 4.22 takes that for no tags; then a
    ///   search for them would find everything.
    static func any(from attributes: inout Attributes) throws(Failure) -> [String]? {
        guard
            let value = attributes.removeVendorAttribute(
                CosmianAttribute.tag, vendor: CosmianAttribute.vendor)
        else { return nil }
        guard let tags = Cosmian422.tags(fromJSON: value) else {
            throw Failure(
                .notSupported, .invalidAttributeValue,
                "the tags must be a JSON array of strings without NUL")
        }
        var unique: [String] = []
        for tag in tags where !unique.contains(tag) { unique.append(tag) }
        return unique
    }

    /// The filter for a tag. A system tag names most objects, so a search begins with the others.
    static func filter(_ tag: String) -> Filter {
        .tag(tag, tag.utf8.first == UInt8(ascii: "_") ? .common : .group)
    }

    /// The system tag of a type, nil for types that have none.
    static func system(_ type: ObjectType) -> String? { type == .symmetricKey ? symmetricKey : nil }
}
