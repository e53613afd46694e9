import PluginKit

/// What the index finds objects by: a domain, so that a tag cannot imitate an owner, and what is
/// looked for.
package struct Keyword: Hashable, Sendable {
    package let bytes: [UInt8]

    /// Terms of one object in the index at most; further ones are looked for in records.
    static let termsMax = 200

    static func tag(_ tag: [UInt8]) -> Keyword { Keyword(bytes: [UInt8(ascii: "T")] + tag) }
    static func owner(_ name: [UInt8]) -> Keyword { Keyword(bytes: [UInt8(ascii: "O")] + name) }
    /// Leads to the uids on which the name was granted something.
    static func user(_ name: [UInt8]) -> Keyword { Keyword(bytes: [UInt8(ascii: "U")] + name) }
    static func term(_ path: [UInt8], _ content: StoredTerm.Content) -> Keyword {
        Keyword(
            bytes: [UInt8(ascii: "P"), UInt8(clamping: path.count)] + path + content.encoded)
    }
    /// Has an entry when some object has a value with this path that is not in the index.
    static func incomplete(_ path: [UInt8]) -> Keyword {
        Keyword(bytes: [UInt8(ascii: "C")] + path)
    }

    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// `SHA3-256`: what the index knows of a keyword.
    package func hash() throws(DriverFailure) -> [UInt8] { try Sponge.sha3(bytes) }
}

extension StoredObject {
    /// All keywords that lead to this object.
    var keywords: Set<Keyword> {
        var keywords: Set<Keyword> = []
        for tag in tags { keywords.insert(.tag(tag)) }
        if !owner.isEmpty { keywords.insert(.owner(owner)) }
        for term in terms where term.isIndexed {
            keywords.insert(.term(term.path, term.content))
        }
        return keywords
    }

    /// Paths with values that the index does not have.
    var incompletePaths: Set<[UInt8]> {
        Set(terms.lazy.filter { !$0.isIndexed }.map(\.path))
    }
}
