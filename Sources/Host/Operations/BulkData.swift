/// Several data in one: `87 87`, a count, then length and bytes of each; numbers in LEB128.
///
/// Source: wire format notes, "Bulk form".
enum BulkData {
    private static let magic: [UInt8] = [0x87, 0x87]

    /// The items, or nil when the data are not exactly a packed list.
    static func items(of data: [UInt8]) -> [[UInt8]]? {
        guard data.count > 2, data[0] == magic[0], data[1] == magic[1] else { return nil }
        var rest = data[2...]
        guard let count = number(from: &rest), count <= UInt64(rest.count) else { return nil }
        var items: [[UInt8]] = []
        items.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let length = number(from: &rest), length <= UInt64(rest.count) else { return nil }
            items.append(Array(rest.prefix(Int(length))))
            rest.removeFirst(Int(length))
        }
        return rest.isEmpty ? items : nil
    }

    static func pack(_ items: [[UInt8]]) -> [UInt8] {
        var data = magic
        data.reserveCapacity(items.reduce(16) { $0 + $1.count + 10 })
        append(items.count, to: &data)
        for item in items {
            append(item.count, to: &data)
            data += item
        }
        return data
    }

    private static func number(from rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst() {
            // Ten groups of seven bits hold 64; the last may carry one bit.
            guard shift < 63 || (shift == 63 && byte <= 1) else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
        return nil
    }

    private static func append(_ number: Int, to data: inout [UInt8]) {
        var rest = UInt64(number)
        while rest >= 0x80 {
            data.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        data.append(UInt8(rest))
    }
}
