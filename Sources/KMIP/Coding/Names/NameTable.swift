/// A fixed set of names with a number each, searched by the bytes of a message.
///
/// Lookup makes no String: length, first and last eight bytes decide for names of up to sixteen bytes,
/// the rest is compared for longer ones. Open addressing, at most half full.
///
/// A class, so that handing a table to a reader is one reference instead of three arrays.
final class NameTable: Sendable {
    private struct Entry: Sendable {
        var head: UInt64
        var tail: UInt64
        var length: Int
        var offset: Int
        var value: UInt32
    }

    private let entries: [Entry]
    /// Index into `entries` plus one; zero is an empty slot.
    private let slots: [UInt16]
    private let text: [UInt8]

    /// The first of equal names wins.
    init(_ names: [(value: UInt32, name: String)]) {
        var capacity = 8
        while capacity < names.count * 2 { capacity *= 2 }
        var entries: [Entry] = []
        var slots = [UInt16](repeating: 0, count: capacity)
        var text: [UInt8] = []
        var known: Set<String> = []
        for (value, name) in names where known.insert(name).inserted {
            let name = Array(name.utf8)
            let entry = NameTable.entry(name, value, offset: text.count)
            var slot = NameTable.slot(entry.head, entry.tail, entry.length) & (capacity - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            entries.append(entry)
            slots[slot] = UInt16(entries.count)
            text += name
        }
        self.entries = entries
        self.slots = slots
        self.text = text
    }

    private static func entry(_ name: [UInt8], _ value: UInt32, offset: Int) -> Entry {
        let bytes = name.span.bytes
        return Entry(
            head: word(bytes, at: 0, length: name.count),
            tail: word(bytes, at: max(0, name.count - 8), length: min(8, name.count)),
            length: name.count, offset: offset, value: value)
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
