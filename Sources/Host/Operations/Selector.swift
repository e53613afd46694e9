import KMIP

/// What the identifier of a request names.
enum Selector: Equatable {
    case uid(String)
    /// Objects that carry all of these.
    case tags([String])

    /// Reads an identifier as 4.22 does: a text that begins with `[` is a JSON array of tags.
    ///
    /// - Throws: A failure with the answer of 4.22 for identifiers that are missing or no text.
    init(_ identifier: Identifier?) throws(Failure) {
        switch identifier {
        case nil, .enumeration:
            throw Failure(
                .unsupportedPlaceholder, .invalidField,
                "It is not possible to determine the unique identifier: placeholders are not supported; "
                    + "give a UniqueIdentifier")
        case .integer:
            throw Failure(
                .unexpected, .invalidField, "the UniqueIdentifier must be a text")
        case .text(let text) where text.utf8.first == UInt8(ascii: "["):
            guard let tags = Cosmian422.tags(fromJSON: Array(text.utf8)), !tags.isEmpty else {
                throw Failure(
                    .unexpected, .invalidField, "the tags \(text) are not a JSON array of strings")
            }
            self = .tags(tags)
        case .text(let uid):
            if let prefix = uid.storePrefix {
                throw Failure(
                    .invalidRequest, .itemNotFound,
                    "no store is configured for the prefix \(prefix) of \(uid)")
            }
            self = .uid(uid)
        }
    }
}

extension String {
    /// The identifier of a new object, checked.
    ///
    /// - Throws: A failure that says what is wrong with it.
    static func newUID(_ text: String) throws(Failure) -> String {
        let problem: String? =
            if text.isEmpty || text.utf8.count > 255 {
                "has \(text.utf8.count) bytes; it must have 1 to 255"
            } else if text.utf8.first == UInt8(ascii: "[") {
                "begins with [, which is reserved for lists of tags"
            } else if text.storePrefix != nil {
                "contains ::, and no store is configured for that prefix"
            } else if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
                "contains a control character"
            } else {
                nil
            }
        guard let problem else { return text }
        throw Failure(.invalidRequest, .invalidField, "the UniqueIdentifier \(problem)")
    }
}

extension String {
    /// What stands before `::` in the uid of an object that lives outside the database, as
    /// `hsm::0::name` does; nil for all others.
    package var storePrefix: Substring? {
        // On the way of every request: one of two neighbours has an odd offset, so half of the bytes
        // are looked at, and no indices are made.
        let bytes = utf8Span.span
        let colon = UInt8(ascii: ":")
        for offset in stride(from: 1, to: bytes.count, by: 2) where bytes[offset] == colon {
            for first in [offset - 1, offset]
            where first + 1 < bytes.count && bytes[first] == colon && bytes[first + 1] == colon {
                return self[..<utf8.index(startIndex, offsetBy: first)]
            }
        }
        return nil
    }
}
