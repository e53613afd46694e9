import Glibc

/// Looks at memory of this process that may no longer be there.
enum OwnMemory {
    /// The bytes at an address, as far as they can be read.
    ///
    /// They are read as a file: memory that was unmapped is an error and no fault, and sanitizers do
    /// not take the look at freed memory for a use of it.
    static func bytes(at address: UInt, count: Int) -> [UInt8] {
        let file = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        // `buffer` is as large as we say, and pread writes no more than that.
        var buffer = [UInt8](repeating: 0, count: count)
        let got = pread(file, &buffer, count, off_t(address))
        return Array(buffer.prefix(max(0, got)))
    }
}
