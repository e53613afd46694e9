import COpenSSL

/// An array of up to `capacity` bytes that `body` writes; it says how many, or nil when it failed,
/// and then has left nothing worth hiding.
func filledBytes(
    _ capacity: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int?
) -> [UInt8]? {
    capacity <= shortMax ? filledOnStack(capacity, body) : filledInPlace(capacity, body)
}

// An array with uninitialised capacity costs 50 ns in this runtime, which looks its type up each
// time; one made of bytes that exist costs 28 ns. For a nonce, a tag and a short message that is a
// tenth of it all.
private let shortMax = 128

private func filledOnStack(
    _ capacity: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int?
) -> [UInt8]? {
    withUnsafeTemporaryAllocation(byteCount: shortMax, alignment: 16) { stack in
        // The bytes may be plaintext, and the stack is used again by anybody.
        defer { OPENSSL_cleanse(stack.baseAddress, capacity) }
        guard let written = body(UnsafeMutableRawBufferPointer(rebasing: stack[..<capacity]))
        else { return nil }
        return [UInt8](UnsafeRawBufferPointer(rebasing: stack[..<written]))
    }
}

private func filledInPlace(
    _ capacity: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int?
) -> [UInt8]? {
    var isFilled = false
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        // Only bytes that `body` vouches for become elements.
        guard let written = body(UnsafeMutableRawBufferPointer(buffer)) else { return }
        count = written
        isFilled = true
    }
    return isFilled ? bytes : nil
}
