import Glibc
import Secrets

/// Why a file could not be read.
struct FileError: Error, Equatable {
    /// Of `errno`; 0 when the file is too large or not regular.
    var code: Int32
    var message: String

    /// Reads `errno`, which the failed call has just set on this thread.
    static func last() -> FileError {
        let code = errno
        return FileError(
            code: code, message: strerror(code).map { String(cString: $0) } ?? "error \(code)")
    }
}

/// A small file that was read whole.
struct FileContents {
    var bytes: [UInt8]
    /// Whether others than its owner and group may read it.
    var isReadableByOthers: Bool

    /// Reads a regular file of at most `sizeMax` bytes. Blocks; for startup only.
    static func read(_ path: String, sizeMax: Int) throws(FileError) -> FileContents {
        // Not blocking: opening a FIFO would otherwise wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .last() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .last() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(code: 0, message: "not a regular file")
        }
        // One byte more than allowed, so that a larger file is noticed even if it just grew.
        var bytes = [UInt8](repeating: 0, count: sizeMax + 1)
        var count = 0
        while count < bytes.count {
            let wanted = bytes.count - count
            // The buffer is valid for the call, and has `wanted` bytes from `count` on.
            let got = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: count), wanted)
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw .last() }
            if got == 0 { break }
            count += got
        }
        guard count <= sizeMax else {
            throw FileError(code: 0, message: "larger than \(sizeMax) bytes")
        }
        bytes.removeLast(bytes.count - count)
        return FileContents(bytes: bytes, isReadableByOthers: status.st_mode & S_IROTH != 0)
    }

    /// The contents as a secret, without a final line break. ``bytes`` are overwritten and gone.
    mutating func takeSecret() -> SecretBytes {
        var end = bytes.count
        if end > 0, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
        if end > 0, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        let secret = SecretBytes(count: end) { memory in memory.copyBytes(from: bytes[..<end]) }
        bytes.zeroize()
        bytes = []
        return secret
    }
}

extension SecretBytes {
    /// A secret that arrived as text; the text itself cannot be erased.
    convenience init(utf8Of text: String) {
        self.init(count: text.utf8.count) { memory in memory.copyBytes(from: text.utf8) }
    }
}
