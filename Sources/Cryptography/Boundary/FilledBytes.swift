/// An array made in place: `body` writes up to `capacity` bytes and says how many, or nil when it failed,
/// and then has left nothing worth hiding.
func filledBytes(
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
