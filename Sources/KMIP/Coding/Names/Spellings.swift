/// How the dialects write the values of one enumeration.
public struct Spellings: Sendable {
    /// Reads the registry's name, the 4.22 name and known misspellings alike.
    let reading: NameTable
    /// Writes the 4.22 name, in quotation marks.
    let cosmian: NameWriter

    /// - Parameters:
    ///   - names: The registry's.
    ///   - cosmian: 4.22 names that are not the registry's without underscores, and names of
    ///     extension values.
    ///   - aliases: Read, never written.
    init(
        _ names: [(value: UInt32, name: StaticString)],
        cosmian exceptions: [(value: UInt32, name: StaticString)] = [],
        aliases: [(value: UInt32, name: StaticString)] = []
    ) {
        var cosmian = exceptions.map { (value: $0.value, name: $0.name.description) }
        let excepted = Set(exceptions.map(\.value))
        for (value, name) in names where !excepted.contains(value) {
            cosmian.append((value, name.description.filter { $0 != "_" }))
        }
        let registry = (names + aliases).map { (value: $0.value, name: $0.name.description) }
        let plain = registry.map { (value: $0.value, name: $0.name.filter { $0 != "_" }) }
        reading = NameTable(cosmian + registry + plain)
        self.cosmian = NameWriter(cosmian)
    }
}

/// Names to be written, found by number.
final class NameWriter: Sendable {
    /// The names one after the other, each in quotation marks, padded so that whole words can be read.
    let text: [UInt8]
    private let ranges: [Range<Int32>]
    private let lowest: UInt32
    /// The few values far from the others: extensions.
    private let distant: [(value: UInt32, range: Range<Int32>)]

    private static let span: UInt32 = 512

    init(_ names: [(value: UInt32, name: String)]) {
        var text: [UInt8] = []
        let lowest = names.map(\.value).min() ?? 0
        let highest = names.map(\.value).filter { $0 - lowest < NameWriter.span }.max() ?? 0
        var ranges = [Range<Int32>](
            repeating: 0..<0, count: names.isEmpty ? 0 : Int(highest - lowest) + 1)
        var distant: [(value: UInt32, range: Range<Int32>)] = []
        for (value, name) in names {
            let start = Int32(text.count)
            text += [UInt8(ascii: "\"")] + Array(name.utf8) + [UInt8(ascii: "\"")]
            let range = start..<Int32(text.count)
            if value - lowest < NameWriter.span {
                if ranges[Int(value - lowest)].isEmpty { ranges[Int(value - lowest)] = range }
            } else if !distant.contains(where: { $0.value == value }) {
                distant.append((value, range))
            }
        }
        self.text = text + [UInt8](repeating: 0, count: 8)
        self.ranges = ranges
        self.lowest = lowest
        self.distant = distant
    }

    /// Where in ``text`` the quoted name of a value stands; nil when it has none.
    @inline(__always)
    func range(of value: UInt32) -> Range<Int>? {
        let index = Int(value &- lowest)
        if index < ranges.count {
            let range = ranges[index]
            if !range.isEmpty { return Int(range.lowerBound)..<Int(range.upperBound) }
        }
        return distantRange(of: value)
    }

    private func distantRange(of value: UInt32) -> Range<Int>? {
        guard let range = distant.first(where: { $0.value == value })?.range else { return nil }
        return Int(range.lowerBound)..<Int(range.upperBound)
    }

    /// The name without quotation marks; nil when the value has none.
    func name(of value: UInt32) -> String? {
        guard let range = range(of: value) else { return nil }
        return String(decoding: text[range.lowerBound + 1..<range.upperBound - 1], as: UTF8.self)
    }
}
