import PluginKit

/// Finds damage in a stored row, so that only its object is refused.
///
/// A chain of invertible steps over 64-bit words: damage within eight neighbouring bytes is found
/// for certain, other damage but for one case in 2^64. It guards against accidents, not against
/// somebody who can write to the file. The results are stored, so the steps must never change.
struct Checksum {
    private var sum: UInt64 = 0x243F_6A88_85A3_08D3

    /// The bit pattern, as SQL integers are signed.
    var value: Int64 { Int64(bitPattern: sum) }

    @inline(__always)
    mutating func add(_ word: UInt64) {
        sum = (sum ^ word) &* 0x9E37_79B9_7F4A_7C15
        sum ^= sum >> 32
    }

    mutating func add(_ bytes: BorrowedBytes) {
        add(UInt64(bytes.count))
        var offset = 0
        while bytes.count - offset >= 8 {
            add(bytes.word(at: offset))
            offset += 8
        }
        guard offset < bytes.count else { return }
        var tail: UInt64 = 0
        for index in offset..<bytes.count { tail = tail << 8 | UInt64(bytes[index]) }
        add(tail)
    }

    /// Over everything in a row that is not a blob.
    static func head(
        uid: BorrowedText, owner: BorrowedText, type: UInt32, state: UInt32, revision: UInt64
    ) -> Int64 {
        var checksum = Checksum()
        checksum.add(uid.utf8)
        checksum.add(owner.utf8)
        checksum.add(UInt64(type) << 32 | UInt64(state))
        checksum.add(revision)
        return checksum.value
    }

    /// Over one blob. With the uid, so that a blob that ended up in another row is found too.
    static func part(_ part: Parts, of uid: BorrowedText, _ bytes: BorrowedBytes) -> Int64 {
        var checksum = Checksum()
        checksum.add(UInt64(part.rawValue))
        checksum.add(uid.utf8)
        checksum.add(bytes)
        return checksum.value
    }

    /// The owner's place in the key of `terms`; equal hashes only cost a look at the object.
    static func owner(_ owner: BorrowedText) -> Int64 {
        var checksum = Checksum()
        checksum.add(owner.utf8)
        return checksum.value
    }
}
