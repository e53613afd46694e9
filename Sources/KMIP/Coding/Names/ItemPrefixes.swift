/// For each tag the text from the opening brace to the type, `{"tag":"Data","type":"`, ready to be copied.
final class ItemPrefixes: Sendable {
    /// Padded so that whole words can be read.
    let text: [UInt8]
    /// By the low bits of the tag: standard tags first, then those of the dialect.
    private let standard: [Range<Int32>]
    private let dialect: [Range<Int32>]

    private static let opening = Array(#"{"tag":""#.utf8)
    private static let closing = Array(#"","type":""#.utf8)

    init(_ names: [(Tag, String)]) {
        var text: [UInt8] = []
        var standard = [Range<Int32>](repeating: 0..<0, count: 0x200)
        var dialect = [Range<Int32>](repeating: 0..<0, count: 0x300)
        for (tag, name) in names {
            let start = Int32(text.count)
            text += ItemPrefixes.opening + Array(name.utf8) + ItemPrefixes.closing
            let range = start..<Int32(text.count)
            let index = Int(tag.rawValue & 0xFFF)
            if tag.isStandard { standard[index] = range } else { dialect[index] = range }
        }
        self.text = text + [UInt8](repeating: 0, count: 8)
        self.standard = standard
        self.dialect = dialect
    }

    /// Where in ``text`` the prefix of a tag stands; empty for a tag without a name.
    @inline(__always)
    func range(of tag: Tag) -> Range<Int> {
        let index = Int(tag.rawValue & 0xFFF)
        let ranges = tag.isStandard ? standard : dialect
        guard index < ranges.count else { return 0..<0 }
        return Int(ranges[index].lowerBound)..<Int(ranges[index].upperBound)
    }

    /// Where in ``text`` the bare name of a tag stands.
    func nameRange(of tag: Tag) -> Range<Int> {
        let range = range(of: tag)
        guard !range.isEmpty else { return range }
        return range.lowerBound + ItemPrefixes.opening.count..<range.upperBound
            - ItemPrefixes.closing.count
    }

    func name(of tag: Tag) -> String {
        String(decoding: text[nameRange(of: tag)], as: UTF8.self)
    }
}
