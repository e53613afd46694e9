import PluginKit

/// Where the next page begins, as the host carries it: opaque, valid on any host, and safe to show.
enum Cursor {
    private enum Kind { static let ascending: UInt8 = 1, descending: UInt8 = 2 }

    static func encode(_ position: PageQuery.Position) -> [UInt8] {
        [position.isDescending ? Kind.descending : Kind.ascending] + bigEndian(position.after)
    }

    /// The position of a first page when the cursor is empty.
    static func position(
        _ cursor: BorrowedBytes, isDescending: Bool
    ) throws(DriverFailure) -> PageQuery.Position {
        guard !cursor.isEmpty else {
            return PageQuery.Position(
                after: isDescending ? .max : 0, isDescending: isDescending)
        }
        guard cursor.count == 9, cursor[0] == (isDescending ? Kind.descending : Kind.ascending)
        else { throw .invalid("cursor of another query") }
        return PageQuery.Position(after: number(cursor, at: 1), isDescending: isDescending)
    }

    /// Two texts of at most 255 bytes, behind their sizes: 512 bytes at most, which is all there is.
    static func encode(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
        [UInt8(clamping: first.count), UInt8(clamping: second.count)]
            + first.prefix(255) + second.prefix(255)
    }

    static func pair(_ cursor: BorrowedBytes) throws(DriverFailure) -> ([UInt8], [UInt8]) {
        guard !cursor.isEmpty else { return ([], []) }
        guard cursor.count >= 2, cursor.count == 2 + Int(cursor[0]) + Int(cursor[1])
        else { throw .invalid("cursor of another query") }
        let middle = 2 + Int(cursor[0])
        return (Array(cursor.slice(2..<middle)), Array(cursor.slice(middle..<cursor.count)))
    }

    static func bigEndian(_ number: Int64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: number >> Int64($0))
        }
    }

    /// Eight bytes from `offset`, which must be there.
    static func number(_ bytes: BorrowedBytes, at offset: Int) -> Int64 {
        (offset..<offset + 8).reduce(0) { $0 << 8 | Int64(bytes[$1]) }
    }
}
