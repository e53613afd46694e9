import Secrets

/// Writes the plain JSON form that 4.22 uses beside TTLV: fields are members, repeated fields arrays,
/// byte strings arrays of numbers. Source: wire format notes, sections 1.4 and 5.2.
struct PlainJSONWriter: TTLVWriter, ~Copyable {
    typealias Shape = Cosmian422Dialect

    private var sink: ByteSink
    var isAnswer: Bool { true }
    private let names = CosmianTagNames.writing
    private var isFirst = true
    /// For each open bracket whether it is a list, whose elements have no name.
    private var lists: [Bool] = []

    init(capacity: Int) { sink = ByteSink(capacity: capacity) }

    consuming func finish() -> [UInt8] { sink.finish() }
    consuming func finishAsSecret() throws(Failure) -> SecretBytes { try sink.finishAsSecret() }

    private mutating func open(_ tag: Tag) {
        if !isFirst { sink.append(UInt8(ascii: ",")) }
        isFirst = false
        // The outermost value has no name either.
        guard lists.last == false else { return }
        let range = names.nameRange(of: tag)
        let text = names.text
        sink.append(UInt8(ascii: "\""))
        sink.appendPadded(text.span.bytes, at: range.lowerBound, size: range.count)
        sink.append(UInt8(ascii: "\""))
        sink.append(UInt8(ascii: ":"))
    }

    private mutating func open(_ tag: Tag, bracket: UInt8, isList: Bool) {
        open(tag)
        sink.append(bracket)
        lists.append(isList)
        isFirst = true
    }

    private mutating func close(_ bracket: UInt8) {
        sink.append(bracket)
        lists.removeLast()
        isFirst = false
    }

    mutating func begin(_ tag: Tag) { open(tag, bracket: UInt8(ascii: "{"), isList: false) }
    mutating func end() { close(UInt8(ascii: "}")) }
    mutating func beginElements(_ tag: Tag) { open(tag, bracket: UInt8(ascii: "["), isList: true) }
    mutating func endElements() { close(UInt8(ascii: "]")) }

    mutating func write(_ tag: Tag, _ value: Int32) { write(tag, long: Int64(value)) }

    mutating func write(_ tag: Tag, long value: Int64) {
        open(tag)
        sink.append(decimal: value)
    }

    mutating func write<E: KMIPEnumeration>(_ tag: Tag, _ value: E) {
        if let name = E.spellings.cosmian.name(of: value.rawValue) {
            write(tag, name)
        } else {
            write(tag, long: Int64(value.rawValue))
        }
    }

    mutating func write(_ tag: Tag, tagName value: Tag) { write(tag, names.name(of: value)) }

    mutating func write(_ tag: Tag, _ value: Bool) {
        open(tag)
        sink.append(value ? "true" : "false")
    }

    mutating func write(_ tag: Tag, _ value: String) {
        open(tag)
        sink.append(UInt8(ascii: "\""))
        sink.append(escaped: value)
        sink.append(UInt8(ascii: "\""))
    }

    mutating func write(_ tag: Tag, _ value: borrowing RawSpan) {
        open(tag)
        sink.append(UInt8(ascii: "["))
        for offset in 0..<value.byteCount {
            if offset > 0 { sink.append(UInt8(ascii: ",")) }
            sink.append(decimal: Int64(value.unsafeLoad(fromByteOffset: offset, as: UInt8.self)))
        }
        sink.append(UInt8(ascii: "]"))
    }

    mutating func write(_ tag: Tag, date value: Int64) { write(tag, long: value) }
    mutating func write(_ tag: Tag, number value: Int64) { write(tag, long: value) }
    mutating func write(_ tag: Tag, interval value: Int32) { write(tag, value) }
}
