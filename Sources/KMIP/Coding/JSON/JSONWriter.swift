import Secrets

/// Writes JSON TTLV of the 4.22 dialect: compact, members in the order `tag`, `type`, `value`.
struct JSONWriter: TTLVWriter, ~Copyable {
    typealias Shape = Cosmian422Dialect

    private var sink: ByteSink
    let isAnswer: Bool
    private let prefixes = CosmianTagNames.writing
    private var isFirst = true

    /// - Parameter capacity: An estimate of the size; growing costs a copy.
    init(capacity: Int, isAnswer: Bool) {
        sink = ByteSink(capacity: capacity)
        self.isAnswer = isAnswer
    }

    consuming func finish() -> [UInt8] { sink.finish() }

    /// Everything from the separator to the value's first character, given the type's name and what
    /// comes up to there.
    @inline(__always)
    private mutating func open(_ tag: Tag, _ type: TypeText) {
        if !isFirst { sink.append(UInt8(ascii: ",")) }
        isFirst = false
        let range = prefixes.range(of: tag)
        let text = prefixes.text
        sink.appendPadded(text.span.bytes, at: range.lowerBound, size: range.count)
        sink.append(word: type.first, size: min(type.size, 8))
        if type.size > 8 { sink.append(word: type.second, size: min(type.size - 8, 8)) }
        if type.size > 16 { sink.append(word: type.third, size: type.size - 16) }
    }

    mutating func begin(_ tag: Tag) {
        open(tag, .structure)
        isFirst = true
    }

    mutating func end() {
        // ]}
        sink.append(word: 0x7D5D, size: 2)
        isFirst = false
    }

    mutating func beginElements(_ tag: Tag) { begin(tag) }
    mutating func endElements() { end() }

    @inline(__always)
    private mutating func closeString() {
        // "}
        sink.append(word: 0x7D22, size: 2)
    }

    mutating func write(_ tag: Tag, _ value: Int32) {
        open(tag, .integer)
        sink.append(decimal: Int64(value))
        sink.append(UInt8(ascii: "}"))
    }

    mutating func write(_ tag: Tag, long value: Int64) {
        open(tag, .longInteger)
        let value = UInt64(bitPattern: value)
        sink.append(
            word: Hex.digits(of: UInt32(truncatingIfNeeded: value &>> 32).byteSwapped), size: 8)
        sink.append(word: Hex.digits(of: UInt32(truncatingIfNeeded: value).byteSwapped), size: 8)
        closeString()
    }

    mutating func write<E: KMIPEnumeration>(_ tag: Tag, _ value: E) {
        open(tag, .enumeration)
        let names = E.spellings.cosmian
        if let range = names.range(of: value.rawValue) {
            let text = names.text
            sink.appendPadded(text.span.bytes, at: range.lowerBound, size: range.count)
        } else {
            writeNumber(of: value.rawValue)
        }
        sink.append(UInt8(ascii: "}"))
    }

    /// An extension value without a name.
    private mutating func writeNumber(of value: UInt32) {
        // "0x
        sink.append(word: 0x78_3022, size: 3)
        sink.append(word: Hex.digits(of: value.byteSwapped), size: 8)
        sink.append(UInt8(ascii: "\""))
    }

    mutating func write(_ tag: Tag, tagName value: Tag) {
        open(tag, .enumeration)
        sink.append(UInt8(ascii: "\""))
        let range = prefixes.nameRange(of: value)
        let text = prefixes.text
        sink.appendPadded(text.span.bytes, at: range.lowerBound, size: range.count)
        closeString()
    }

    mutating func write(_ tag: Tag, _ value: Bool) {
        open(tag, .boolean)
        // true} and false}
        if value {
            sink.append(word: 0x7D_6575_7274, size: 5)
        } else {
            sink.append(word: 0x7D65_736C_6166, size: 6)
        }
    }

    mutating func write(_ tag: Tag, _ value: String) {
        open(tag, .textString)
        sink.append(escaped: value)
        closeString()
    }

    mutating func write(_ tag: Tag, _ value: borrowing RawSpan) {
        open(tag, .byteString)
        sink.appendHex(value)
        closeString()
    }

    mutating func write(_ tag: Tag, date value: Int64) { write(tag, long: value) }
    mutating func write(_ tag: Tag, number value: Int64) { write(tag, long: value) }
    mutating func write(_ tag: Tag, interval value: Int32) { write(tag, value) }
}
