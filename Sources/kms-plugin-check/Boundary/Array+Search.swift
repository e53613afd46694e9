import Glibc

extension [UInt8] {
    /// Whether these bytes lie in them one after the other. Files are long, and this is quick.
    func holds(_ wanted: [UInt8]) -> Bool {
        withUnsafeBytes { all in
            wanted.withUnsafeBytes { wanted in
                // An array without bytes may have no address.
                guard let start = all.baseAddress, let first = wanted.baseAddress else {
                    return wanted.isEmpty
                }
                return memmem(start, all.count, first, wanted.count) != nil
            }
        }
    }
}
