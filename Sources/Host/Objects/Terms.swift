import KMIP
import PluginLoader

/// The searchable facts of an object: what Locate can ask for. To the driver they are paths and
/// values; a new kind of fact needs no new driver.
enum Terms {
    static let algorithm = "CryptographicAlgorithm"
    static let length = "CryptographicLength"
    static let format = "KeyFormatType"
    static let activationDate = "ActivationDate"
    static let wrappingKey = "WrappingKey"

    /// The path of links of a type: `Link.ReplacedObjectLink`'s number.
    static func link(_ type: LinkType) -> String { "Link.\(type.rawValue)" }

    static func of(_ object: ManagedObject, _ attributes: Attributes) -> [Term] {
        var terms: [Term] = []
        func common(_ path: String, _ number: Int64?) {
            guard let number else { return }
            terms.append(Term(path: path, value: .integer(number), rank: .common))
        }
        if let block = object.keyBlock {
            // 4.22 compares with the stored key block.
            common(algorithm, (block.cryptographicAlgorithm?.rawValue).map(Int64.init))
            common(length, block.cryptographicLength.map(Int64.init))
            common(format, Int64(block.keyFormatType.rawValue))
            if let wrapping = block.keyWrappingData?.encryptionKeyInformation?.uniqueIdentifier.text {
                terms.append(Term(path: wrappingKey, value: .text(wrapping), rank: .group))
            }
        }
        common(activationDate, attributes.activationDate)
        for link in attributes.links {
            guard let target = link.target.text else { continue }
            terms.append(Term(path: self.link(link.type), value: .text(target), rank: .rare))
        }
        return terms
    }

    /// The filter of a Locate: what an object must have to match all given attributes. Attributes
    /// that 4.22 does not look at are passed over, as its clients send them unasked.
    static func filter(_ attributes: Attributes, tags: [String]) -> Filter {
        var filters: [Filter] = []
        func common(_ path: String, _ number: Int64?) {
            guard let number else { return }
            filters.append(.equal(path: path, .integer(number), .common))
        }
        if let uid = attributes.uniqueIdentifier { filters.append(.uid(uid)) }
        for link in attributes.links {
            let path = self.link(link.type)
            filters.append(link.target.text.map { .equal(path: path, .text($0), .rare) } ?? .hasPath(path))
        }
        filters += tags.map(Tags.filter)
        if let type = attributes.objectType { filters.append(.type(type.rawValue)) }
        common(algorithm, (attributes.cryptographicAlgorithm?.rawValue).map(Int64.init))
        common(length, attributes.cryptographicLength.map(Int64.init))
        common(format, (attributes.keyFormatType?.rawValue).map(Int64.init))
        return .all(filters)
    }
}
