/// A fixed set of names with a number each, searched by the bytes of a message.
///
/// Lookup makes no String: length, first and last eight bytes decide for names of up to sixteen bytes,
/// the rest is compared for longer ones. Open addressing, at most half full.
struct NameTable: Sendable {
    private struct Entry: Sendable {
        var head: UInt64
        var tail: UInt64
        var length: Int
        var offset: Int
        var value: UInt32
    }

    private var entries: [Entry] = []
    /// Index into `entries` plus one; zero is an empty slot.
    private var slots: [UInt16]
    private var text: [UInt8] = []

    /// The first of equal names wins.
    init(_ names: [(value: UInt32, name: String)]) {
        var capacity = 8
        while capacity < names.count * 2 { capacity *= 2 }
        slots = [UInt16](repeating: 0, count: capacity)
        for (value, name) in names { insert(Array(name.utf8), value) }
    }

    private mutating func insert(_ name: [UInt8], _ value: UInt32) {
        let head = NameTable.word(name.span.bytes, at: 0, length: name.count)
        let tail = NameTable.word(name.span.bytes, at: max(0, name.count - 8), length: min(8, name.count))
        var slot = NameTable.slot(head, tail, name.count) & (slots.count - 1)
        while slots[slot] != 0 {
            let other = entries[Int(slots[slot]) - 1]
            if other.length == name.count, Array(text[other.offset..<other.offset + other.length]) == name {
                return
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        entries.append(
            Entry(head: head, tail: tail, length: name.count, offset: text.count, value: value))
        text += name
        slots[slot] = UInt16(entries.count)
    }

    /// The number of the name that stands in `bytes` at `start`; nil when it is not in the set.
    func value(of bytes: borrowing RawSpan, at start: Int, length: Int) -> UInt32? {
        let head = NameTable.word(bytes, at: start, length: length)
        let tail =
            length <= 8 ? head : NameTable.word(bytes, at: start &+ length &- 8, length: 8)
        let mask = slots.count &- 1
        var slot = NameTable.slot(head, tail, length) & mask
        while true {
            let index = Int(slots[slot])
            if index == 0 { return nil }
            let entry = entries[index &- 1]
            if entry.head == head, entry.tail == tail, entry.length == length,
                length <= 16 || middleMatches(entry, bytes, at: start)
            {
                return entry.value
            }
            slot = (slot &+ 1) & mask
        }
    }

    func value(of name: [UInt8]) -> UInt32? {
        value(of: name.span.bytes, at: 0, length: name.count)
    }

    private func middleMatches(_ entry: Entry, _ bytes: borrowing RawSpan, at start: Int) -> Bool {
        for index in 8..<entry.length - 8
        where text[entry.offset + index]
            != bytes.unsafeLoad(fromByteOffset: start + index, as: UInt8.self)
        {
            return false
        }
        return true
    }

    /// Up to eight bytes as one number, the missing ones zero.
    @inline(__always)
    private static func word(_ bytes: borrowing RawSpan, at start: Int, length: Int) -> UInt64 {
        // Reading eight bytes and dropping the surplus is quicker than reading one by one, where
        // the message goes on that far.
        if start &+ 8 <= bytes.byteCount {
            let word = bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
            return length >= 8 ? word : word & ((1 &<< UInt64(length &* 8)) &- 1)
        }
        var word: UInt64 = 0
        for index in 0..<min(length, 8) {
            let byte = bytes.unsafeLoad(fromByteOffset: start + index, as: UInt8.self)
            word |= UInt64(byte) << UInt64(index * 8)
        }
        return word
    }

    @inline(__always)
    private static func slot(_ head: UInt64, _ tail: UInt64, _ length: Int) -> Int {
        let mixed = (head ^ (tail &<< 23 | tail &>> 41)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: (mixed &>> 40) &+ UInt64(truncatingIfNeeded: length))
    }
}
