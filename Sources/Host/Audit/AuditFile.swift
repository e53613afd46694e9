import Glibc

/// The open file of an audit log, appended to line by line. Not thread-safe: its log locks.
///
/// One server writes one file, which a lock on it enforces.
final class AuditFile {
    let path: String
    private let descriptor: Int32
    /// Bytes of whole lines.
    private(set) var size: Int64

    /// The end of a file that was there before.
    struct Tail {
        /// Nil in an empty file.
        var line: AuditLine?
        /// What follows the last line break: a line that a power failure cut.
        var torn: [UInt8] = []
    }

    static func open(_ path: String) throws(AuditError) -> (file: AuditFile, tail: Tail) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .last(path, "cannot be opened") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw AuditError("\(path): another server writes it; give each server a file of its own")
        }
        let size = Int64(lseek(descriptor, 0, SEEK_END))
        do {
            let tail = try Self.tail(descriptor, size, path)
            return (AuditFile(path: path, descriptor: descriptor, size: size), tail)
        } catch {
            close(descriptor)
            throw error
        }
    }

    private init(path: String, descriptor: Int32, size: Int64) {
        self.path = path
        self.descriptor = descriptor
        self.size = size
    }

    deinit { close(descriptor) }

    /// Appends the bytes whole. They have reached the system then, and outlive this process.
    ///
    /// - Throws: When they did not all fit; what was written of them is taken back.
    func append(_ bytes: [UInt8]) throws(AuditError) {
        var count = write(descriptor, bytes, bytes.count)
        while count < 0, errno == EINTR { count = write(descriptor, bytes, bytes.count) }
        guard count == bytes.count else {
            let error: AuditError =
                count < 0 ? .last(path, "cannot be written") : AuditError("\(path): no space is left")
            if count > 0 { _ = ftruncate(descriptor, off_t(size)) }
            throw error
        }
        size += Int64(count)
    }

    /// Has what was written reach the disk.
    func synchronize() { fdatasync(descriptor) }

    private static func tail(
        _ descriptor: Int32, _ size: Int64, _ path: String
    ) throws(AuditError) -> Tail {
        // Room for the last whole line and a torn one behind it.
        let count = Int(min(size, Int64(2 * AuditLine.sizeMax)))
        var bytes = [UInt8](repeating: 0, count: count)
        guard count > 0 else { return Tail() }
        guard pread(descriptor, &bytes, count, off_t(size) - off_t(count)) == count else {
            throw .last(path, "cannot be read")
        }
        let lineBreak = UInt8(ascii: "\n")
        guard let end = bytes.lastIndex(of: lineBreak) else {
            return Tail(line: nil, torn: bytes)
        }
        let torn = Array(bytes[(end + 1)...])
        let start = bytes[..<end].lastIndex(of: lineBreak).map { $0 + 1 } ?? 0
        guard let line = AuditLine(bytes[start..<end]) else {
            throw AuditError(
                "\(path): its last line is damaged; look at it with kmsd audit verify, and move it away")
        }
        return Tail(line: line, torn: torn)
    }
}

/// What is wrong with an audit log, for the operator.
package struct AuditError: Error, Equatable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }

    /// Reads `errno`, which the failed call has just set on this thread.
    static func last(_ path: String, _ what: String) -> AuditError {
        AuditError("\(path): \(what): \(String(cString: strerror(errno)))")
    }
}
