import PluginKit

/// A searchable fact in a record.
struct StoredTerm: Hashable {
    var path: [UInt8]
    var content: Content
    var isUnique: Bool
    /// The index leads from the value to the object.
    var isIndexed: Bool

    enum Content: Hashable {
        case integer(Int64)
        case text([UInt8])
        case bytes([UInt8])

        /// `kms_value_type` and the value; integers big-endian.
        var encoded: [UInt8] {
            switch self {
            case .integer(let number):
                var writer = FieldWriter()
                writer.number(1, 1)
                writer.number(number, 8)
                return writer.bytes
            case .text(let bytes): return [2] + bytes
            case .bytes(let bytes): return [3] + bytes
            }
        }

        /// Nil for a type that this version does not know.
        init?(_ value: Value) {
            switch value.content {
            case .integer(let number): self = .integer(number)
            case .text(let text): self = .text(Array(text.utf8))
            case .bytes(let bytes): self = .bytes(Array(bytes))
            case .unknown: return nil
            }
        }

        init?(type: UInt64, _ bytes: BorrowedBytes) {
            switch type {
            case 1:
                guard bytes.count == 8 else { return nil }
                self = .integer(Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) }))
            case 2: self = .text(Array(bytes))
            case 3: self = .bytes(Array(bytes))
            default: return nil
            }
        }
    }

    /// Nil for a value of a type that this version does not know.
    init?(_ term: Term) {
        guard let content = Content(term.value) else { return nil }
        path = Array(term.path.utf8)
        self.content = content
        isUnique = term.isUnique
        isIndexed = term.value.rank < .common
    }

    init(path: [UInt8], content: Content, isUnique: Bool, isIndexed: Bool) {
        self.path = path
        self.content = content
        self.isUnique = isUnique
        self.isIndexed = isIndexed
    }

    /// What tells path and value from every other: for the key of the record of a unique term.
    var identity: [UInt8] { [UInt8(clamping: path.count)] + path + content.encoded }
}
