import Synchronization

/// Text of drivers and backends on its way to a log: control characters are escaped, so that it
/// cannot forge lines or drive a terminal.
package func escapingControls(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\n": escaped += "\\n"
        case "\r": escaped += "\\r"
        case "\t": escaped += "\\t"
        case _ where isControl(scalar): escaped += "\\u{" + String(scalar.value, radix: 16) + "}"
        default: escaped.unicodeScalars.append(scalar)
        }
    }
    return escaped
}

/// C0, DEL, C1, line and paragraph separators, and the marks that reorder what follows.
private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
}

/// Lets a message through a few times per window, then counts.
///
/// A driver that fails in a loop must not fill the disk with one sentence.
package struct RepeatLimit {
    package static let burst = 5
    package static let windowNanoseconds: UInt64 = 10_000_000_000
    /// Different messages remembered at once.
    package static let remembered = 64

    package enum Verdict: Equatable {
        case emit
        /// And tell how often it was held back before.
        case emitAfter(suppressed: Int)
        case suppress
    }

    private struct Entry { var start: UInt64, count: Int }
    private var entries: [String: Entry] = [:]

    package init() {}

    package mutating func consider(_ message: String, now: UInt64) -> Verdict {
        guard var entry = entries[message] else {
            if entries.count >= Self.remembered {
                entries = entries.filter { now &- $0.value.start < Self.windowNanoseconds }
                if entries.count >= Self.remembered { entries.removeAll() }
            }
            entries[message] = Entry(start: now, count: 1)
            return .emit
        }
        if now &- entry.start >= Self.windowNanoseconds {
            let suppressed = entry.count - Self.burst
            entries[message] = Entry(start: now, count: 1)
            return suppressed > 0 ? .emitAfter(suppressed: suppressed) : .emit
        }
        entry.count += 1
        entries[message] = entry
        return entry.count <= Self.burst ? .emit : .suppress
    }
}
