import PluginKit

/// An object as it is stored, in the clear.
struct StoredObject {
    var uid: [UInt8]
    var owner: [UInt8]
    var type: UInt32
    var state: UInt32
    var revision: UInt64
    /// Grows with each write of this uid: an older record that somebody puts back has a lower one.
    var counter: UInt64
    /// Microseconds since 1970, made unique by who created it; the order of "newest first".
    var created: Int64
    var tags: [[UInt8]]
    var terms: [StoredTerm]
    var attributes: Content
    /// Secret.
    var object: Content

    /// Bytes that somebody else holds: the host for the call, or a plaintext that is kept with them.
    struct Content {
        var bytes = BorrowedBytes()
        var keeper: Plaintext?
    }

    private static let format: UInt8 = 1
    private static let tagsMax: UInt64 = 1 << 20

    /// The fields, padded; zeroed when they go away.
    func encoded() throws(DriverFailure) -> Plaintext {
        var head = FieldWriter()
        head.number(Self.format, 1)
        head.sized(uid, 2)
        head.sized(owner, 2)
        head.number(type, 4)
        head.number(state, 4)
        head.number(revision, 8)
        head.number(counter, 8)
        head.number(created, 8)
        head.number(tags.count, 4)
        for tag in tags { head.sized(tag, 2) }
        head.number(terms.count, 4)
        for term in terms {
            head.number((term.isUnique ? 1 : 0) | (term.isIndexed ? 2 : 0), 1)
            head.sized(term.path, 1)
            head.sized(term.content.encoded, 4)
        }
        head.number(attributes.bytes.count, 4)
        head.number(object.bytes.count, 4)
        let size = head.bytes.count + attributes.bytes.count + object.bytes.count
        let plaintext = try Plaintext(capacity: size + Sealing.padding)
        head.bytes.withBorrowedBytes { plaintext.append($0) }
        plaintext.append(attributes.bytes)
        plaintext.append(object.bytes)
        plaintext.pad(toMultipleOf: Sealing.padding)
        return plaintext
    }

    /// Reads a plaintext, which the result keeps.
    init(_ plaintext: Plaintext) throws(DriverFailure) {
        var reader = FieldReader(plaintext.bytes)
        guard try reader.number(1) == UInt64(Self.format) else {
            throw DriverFailure(.corrupt, "Redis: an object has a format that is too new")
        }
        uid = Array(try reader.sized(2))
        owner = Array(try reader.sized(2))
        type = UInt32(truncatingIfNeeded: try reader.number(4))
        state = UInt32(truncatingIfNeeded: try reader.number(4))
        revision = try reader.number(8)
        counter = try reader.number(8)
        created = Int64(bitPattern: try reader.number(8))
        tags = []
        for _ in 0..<min(try reader.number(4), Self.tagsMax) {
            tags.append(Array(try reader.sized(2)))
        }
        terms = []
        for _ in 0..<min(try reader.number(4), Self.tagsMax) {
            let flags = try reader.number(1)
            let path = Array(try reader.sized(1))
            var value = FieldReader(try reader.sized(4))
            let type = try value.number(1)
            guard let content = StoredTerm.Content(type: type, value.remaining) else {
                throw DriverFailure(.corrupt, "Redis: an object has a term that is too new")
            }
            terms.append(
                StoredTerm(
                    path: path, content: content, isUnique: flags & 1 != 0,
                    isIndexed: flags & 2 != 0))
        }
        let attributesSize = Int(truncatingIfNeeded: try reader.number(4))
        let objectSize = Int(truncatingIfNeeded: try reader.number(4))
        attributes = Content(bytes: try reader.bytes(attributesSize), keeper: plaintext)
        object = Content(bytes: try reader.bytes(objectSize), keeper: plaintext)
    }

    /// What `create` stores; nil when a term has a type that this version does not know.
    init?(_ write: Write, created: Int64, counter: UInt64) {
        uid = Array(write.uid.utf8)
        owner = Array(write.owner.utf8)
        type = write.type
        state = write.state
        revision = write.revision
        self.counter = counter
        self.created = created
        tags = write.tags.map { Array($0.utf8) }
        terms = []
        attributes = Content(bytes: write.attributes)
        object = Content(bytes: write.object)
        guard setTerms(write.terms) else { return nil }
    }

    /// Replaces what an update says; false when a term has a type that this version does not know.
    mutating func update(_ write: Write, counter: UInt64) -> Bool {
        revision = write.revision
        self.counter = counter
        if write.parts.contains(.state) { state = write.state }
        if write.parts.contains(.tags) { tags = write.tags.map { Array($0.utf8) } }
        if write.parts.contains(.object) { object = Content(bytes: write.object) }
        guard write.parts.contains(.attributes) else { return true }
        attributes = Content(bytes: write.attributes)
        return setTerms(write.terms)
    }

    private mutating func setTerms(_ list: Terms) -> Bool {
        terms = []
        terms.reserveCapacity(list.count)
        var indexed = 0
        for term in list {
            guard var stored = StoredTerm(term) else { return false }
            // What is not indexed is found all the same, by looking at more records.
            if stored.isIndexed {
                indexed += 1
                stored.isIndexed = indexed <= Keyword.termsMax
            }
            terms.append(stored)
        }
        return true
    }
}
