import PluginKit

/// Who may do what with one uid, which needs no object.
struct Permissions {
    var uid: [UInt8]
    /// As in ``StoredObject``.
    var created: Int64
    var counter: UInt64
    /// Never 0.
    var rights: [[UInt8]: UInt64]

    private static let format: UInt8 = 1

    init(uid: [UInt8], created: Int64) {
        self.uid = uid
        self.created = created
        counter = 0
        rights = [:]
    }

    func encoded() throws(DriverFailure) -> Plaintext {
        var fields = FieldWriter()
        fields.number(Self.format, 1)
        fields.sized(uid, 2)
        fields.number(created, 8)
        fields.number(counter, 8)
        fields.number(rights.count, 4)
        for (user, bits) in rights {
            fields.sized(user, 2)
            fields.number(bits, 8)
        }
        let plaintext = try Plaintext(capacity: fields.bytes.count + Sealing.padding)
        fields.bytes.withBorrowedBytes { plaintext.append($0) }
        plaintext.pad(toMultipleOf: Sealing.padding)
        return plaintext
    }

    init(_ plaintext: Plaintext) throws(DriverFailure) {
        var reader = FieldReader(plaintext.bytes)
        guard try reader.number(1) == UInt64(Self.format) else {
            throw DriverFailure(.corrupt, "Redis: permissions have a format that is too new")
        }
        uid = Array(try reader.sized(2))
        created = Int64(bitPattern: try reader.number(8))
        counter = try reader.number(8)
        rights = [:]
        for _ in 0..<(try reader.number(4)) {
            let user = Array(try reader.sized(2))
            rights[user] = try reader.number(8)
        }
    }

    /// All that these names were granted, together.
    func rights(of who: BorrowedTexts) -> UInt64 {
        who.reduce(0) { $0 | (rights[Array($1.utf8)] ?? 0) }
    }
}
