import Glibc

extension [UInt8] {
    /// Whether these bytes lie in them one after the other. Files are long, and this is quick.
    func holds(_ wanted: [UInt8]) -> Bool {
        guard let head = wanted.first else { return true }
        return withUnsafeBytes { all in
            wanted.withUnsafeBytes { wanted in
                var start = 0
                // Both stay within `all`: what is looked at begins where `wanted` still fits.
                while start + wanted.count <= all.count, let base = all.baseAddress,
                    let first = wanted.baseAddress,
                    let found = memchr(
                        base + start, Int32(head), all.count - wanted.count - start + 1)
                {
                    if memcmp(found, first, wanted.count) == 0 { return true }
                    start = UnsafeRawPointer(found) - base + 1
                }
                return false
            }
        }
    }
}
