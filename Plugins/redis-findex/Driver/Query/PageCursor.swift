import PluginKit

/// Where a page ended: the key of its last object and, newest first, when that was created.
struct PageCursor {
    let key: [UInt8]
    /// Nil: in the order of keys.
    let created: Int64?

    private enum Kind { static let keys: UInt8 = 1, newest: UInt8 = 2 }
    private static let keySize = 2 + KMAC.size

    init(key: [UInt8], created: Int64?) {
        self.key = key
        self.created = created
    }

    /// Nil for an empty cursor: the first page.
    init?(_ cursor: BorrowedBytes, isNewestFirst: Bool) throws(DriverFailure) {
        guard !cursor.isEmpty else { return nil }
        let size = 1 + Self.keySize + (isNewestFirst ? 8 : 0)
        guard cursor.count == size, cursor[0] == (isNewestFirst ? Kind.newest : Kind.keys),
            cursor.slice(1..<3).elementsEqual(RecordKey.Table.object.prefix)
        else { throw .invalid("cursor of another query") }
        key = Array(cursor.slice(1..<1 + Self.keySize))
        created =
            isNewestFirst
            ? cursor.slice(1 + Self.keySize..<size).reduce(0) { $0 << 8 | Int64($1) } : nil
    }

    func write(to objects: inout ObjectsBuilder) throws(DriverFailure) {
        var fields = FieldWriter()
        fields.number(created == nil ? Kind.keys : Kind.newest, 1)
        let bytes = fields.bytes + key
        var time = FieldWriter()
        if let created { time.number(created, 8) }
        try (bytes + time.bytes).withBorrowedBytes { (cursor) throws(DriverFailure) in
            try objects.setCursor(cursor)
        }
    }

    /// The newer first; of one instant, by key.
    static func isBefore(_ l: (Int64, RecordKey), _ r: (Int64, RecordKey)) -> Bool {
        l.0 != r.0 ? l.0 > r.0 : l.1.bytes.lexicographicallyPrecedes(r.1.bytes)
    }

    /// The page ended before this one.
    func isBefore(_ created: Int64, _ key: RecordKey) -> Bool {
        Self.isBefore((self.created ?? .max, RecordKey(bytes: self.key)), (created, key))
    }
}
