/// The `traceparent` of a request: which trace it belongs to. Source: W3C Trace Context, section 3.2.
struct TraceParent: Sendable, Equatable {
    /// 32 hexadecimal digits, not all 0.
    let traceID: String
    /// 16 hexadecimal digits, not all 0: the span of the caller.
    let parentID: String
    let isSampled: Bool

    /// Nil when the header is not as the specification has it; it is as if there were none then.
    init?(_ header: String) {
        // Later versions may append members behind a dash.
        let parts = header.split(separator: "-", omittingEmptySubsequences: false)
        guard (4...16).contains(parts.count), header.utf8.count <= 256,
            Self.isHex(parts[0], 2), parts[0] != "ff", parts[0] != "00" || parts.count == 4,
            Self.isHex(parts[1], 32), Self.isHex(parts[2], 16), Self.isHex(parts[3], 2),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" }),
            let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        traceID = String(parts[1])
        parentID = String(parts[2])
        isSampled = flags & 1 == 1
    }

    private static func isHex(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }
}
