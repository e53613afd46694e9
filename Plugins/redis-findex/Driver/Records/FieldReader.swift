import PluginKit

/// Reads the fields of a plaintext; whatever does not fit is damage.
struct FieldReader {
    private var rest: BorrowedBytes

    init(_ bytes: BorrowedBytes) { rest = bytes }

    /// All that is left.
    var remaining: BorrowedBytes { rest }

    private static let damaged = DriverFailure(
        .corrupt, "Redis: a record has another form than this version writes")

    mutating func bytes(_ count: Int) throws(DriverFailure) -> BorrowedBytes {
        guard count >= 0, rest.count >= count else { throw Self.damaged }
        let bytes = rest.slice(0..<count)
        rest = rest.slice(count..<rest.count)
        return bytes
    }

    /// Big-endian, of so many bytes.
    mutating func number(_ size: Int) throws(DriverFailure) -> UInt64 {
        try bytes(size).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A size of so many bytes, and as many bytes as it says.
    mutating func sized(_ size: Int) throws(DriverFailure) -> BorrowedBytes {
        try bytes(Int(truncatingIfNeeded: number(size)))
    }
}

/// Writes the fields of a plaintext.
struct FieldWriter {
    private(set) var bytes: [UInt8] = []

    mutating func number(_ number: some FixedWidthInteger, _ size: Int) {
        for index in (0..<size).reversed() {
            bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index)))
        }
    }

    mutating func sized(_ content: some Collection<UInt8>, _ size: Int) {
        number(content.count, size)
        bytes.append(contentsOf: content)
    }
}
