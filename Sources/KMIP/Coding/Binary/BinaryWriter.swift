import Secrets

/// Writes binary TTLV of KMIP 2.1. Source: KMIP 2.1, section 9.1.1.
struct BinaryWriter: TTLVWriter, ~Copyable {
    typealias Shape = StandardDialect

    private var sink: ByteSink
    /// Where the lengths of the open structures stand.
    private var open: [Int] = []
    var isAnswer: Bool { false }

    /// - Parameter format: A byte to go before the first item.
    init(capacity: Int, format: UInt8) {
        sink = ByteSink(capacity: capacity)
        sink.append(format)
    }

    consuming func finish() -> [UInt8] { sink.finish() }
    consuming func finishAsSecret() throws(Failure) -> SecretBytes { try sink.finishAsSecret() }

    private mutating func head(_ tag: Tag, _ type: ItemType, length: Int) {
        let head =
            UInt64(tag.rawValue) << 40 | UInt64(type.rawValue) << 32
            | UInt64(UInt32(truncatingIfNeeded: length))
        sink.append(word: head.byteSwapped, size: 8)
    }

    mutating func begin(_ tag: Tag) {
        open.append(sink.count + 4)
        head(tag, .structure, length: 0)
    }

    mutating func end() {
        guard let place = open.popLast() else { return }
        sink.patch(at: place, bigEndian: UInt32(truncatingIfNeeded: sink.count - place - 4))
    }

    mutating func beginElements(_ tag: Tag) {}
    mutating func endElements() {}

    private mutating func write(_ tag: Tag, _ type: ItemType, value32 value: UInt32) {
        head(tag, type, length: 4)
        sink.append(word: UInt64(value.byteSwapped), size: 8)
    }

    private mutating func write(_ tag: Tag, _ type: ItemType, value64 value: Int64) {
        head(tag, type, length: 8)
        sink.append(word: UInt64(bitPattern: value.byteSwapped), size: 8)
    }

    mutating func write(_ tag: Tag, _ value: Int32) {
        write(tag, .integer, value32: UInt32(bitPattern: value))
    }

    mutating func write(_ tag: Tag, long value: Int64) { write(tag, .longInteger, value64: value) }

    mutating func write<E: KMIPEnumeration>(_ tag: Tag, _ value: E) {
        write(tag, .enumeration, value32: value.rawValue)
    }

    mutating func write(_ tag: Tag, tagName value: Tag) {
        write(tag, .enumeration, value32: value.rawValue)
    }

    mutating func write(_ tag: Tag, _ value: Bool) {
        write(tag, .boolean, value64: value ? 1 : 0)
    }

    mutating func write(_ tag: Tag, _ value: String) {
        write(tag, .textString, value.utf8Span.span.bytes)
    }

    mutating func write(_ tag: Tag, _ value: borrowing RawSpan) { write(tag, .byteString, value) }

    private mutating func write(_ tag: Tag, _ type: ItemType, _ value: borrowing RawSpan) {
        head(tag, type, length: value.byteCount)
        sink.append(contentsOf: value)
        let padding = (8 - value.byteCount & 7) & 7
        if padding > 0 { sink.append(word: 0, size: padding) }
    }

    mutating func write(_ tag: Tag, date value: Int64) { write(tag, .dateTime, value64: value) }

    mutating func write(_ tag: Tag, number value: Int64) {
        if let small = Int32(exactly: value) { write(tag, small) } else { write(tag, long: value) }
    }

    mutating func write(_ tag: Tag, interval value: Int32) {
        write(tag, .interval, value32: UInt32(clamping: value))
    }
}
