extension [UInt8] {
    /// Copies bytes that are no secret: wrapped keys, ciphertexts.
    public init(copying span: RawSpan) {
        self = span.withUnsafeBytes { Array($0) }
    }
}
