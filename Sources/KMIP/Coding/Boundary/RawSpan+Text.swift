extension RawSpan {
    /// The bytes as text; what is not UTF-8 is replaced, so the caller has checked that before.
    func decodedText() -> String {
        // The pointer does not leave the call: String copies.
        withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}

extension RawSpan {
    func isUTF8() -> Bool {
        // Nothing is kept of the pointer.
        withUnsafeBytes { String(validating: $0, as: UTF8.self) != nil }
    }

    func copied() -> [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}
