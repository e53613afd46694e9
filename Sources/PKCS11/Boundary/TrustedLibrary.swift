import Glibc
import PluginKit

/// A vendor's library that nobody but root and the user of this process can have written: it runs
/// in the server's address space. The rules are those for drivers.
package struct TrustedLibrary: Sendable {
    /// Without symbolic links.
    package let path: String
    /// What tells files apart, whatever they are called.
    let file: Identity

    struct Identity: Hashable, Sendable {
        var device: UInt, inode: UInt
    }

    package init(_ given: String) throws(DriverFailure) {
        guard given.hasPrefix("/") else {
            throw .invalid("\(given): the path of a library must be absolute")
        }
        guard let resolved = realpath(given, nil) else {
            throw DriverFailure(
                .notFound, "\(given): \(String(cString: strerror(errno)))",
                nativeCode: Int64(errno))
        }
        path = String(cString: resolved)
        free(resolved)  // `realpath` allocated it
        let facts = try Self.status(path)
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw DriverFailure(.denied, "\(path): not loaded: it is not a regular file")
        }
        try Self.check(facts, path, for: path)
        for folder in Self.ancestors(of: path) {
            let facts = try Self.status(folder)
            // In a sticky folder of root's only the owner of an entry can replace it.
            if facts.st_mode & S_ISVTX != 0 && facts.st_uid == 0 { continue }
            try Self.check(facts, folder, for: path)
        }
        file = Identity(device: UInt(facts.st_dev), inode: UInt(facts.st_ino))
        try Self.checkIsWhole(path, size: UInt64(clamping: facts.st_size))
    }

    private static func status(_ path: String) throws(DriverFailure) -> stat {
        var facts = stat()
        guard lstat(path, &facts) == 0 else {
            throw DriverFailure(.notFound, "\(path): \(String(cString: strerror(errno)))")
        }
        return facts
    }

    private static func check(
        _ facts: stat, _ place: String, for library: String
    ) throws(DriverFailure) {
        guard facts.st_uid == 0 || facts.st_uid == geteuid() else {
            throw DriverFailure(
                .denied, "\(library): not loaded: \(place) belongs to user \(facts.st_uid)")
        }
        guard facts.st_mode & (S_IWGRP | S_IWOTH) == 0 else {
            throw DriverFailure(
                .denied,
                "\(library): not loaded: \(place) can be written by others; "
                    + "fix with chmod go-w \(place)")
        }
    }

    /// The folders above, `/` included.
    static func ancestors(of path: String) -> [String] {
        var parts = path.split(separator: "/").dropLast()
        var folders: [String] = []
        while !parts.isEmpty {
            folders.append("/" + parts.joined(separator: "/"))
            parts.removeLast()
        }
        return folders + ["/"]
    }

    /// The dynamic linker maps what the headers say; where the file is shorter, the process dies.
    ///
    /// Source: System V ABI, chapters 4 and 5 (64-bit objects).
    private static func checkIsWhole(_ path: String, size: UInt64) throws(DriverFailure) {
        func refuse(_ problem: String) -> DriverFailure {
            DriverFailure(.unsupported, "\(path): not loaded: \(problem)")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw refuse(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let head = read(descriptor, from: 0, count: 64)
        guard head.count == 64, head.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else {
            throw refuse("it is no 64-bit shared library")
        }
        let segments = (
            at: number(head, 32, 8), size: number(head, 54, 2), count: number(head, 56, 2)
        )
        let sections = (
            at: number(head, 40, 8), size: number(head, 58, 2), count: number(head, 60, 2)
        )
        guard segments.size >= 56,
            isInside(segments.at, segments.size * segments.count, size),
            isInside(sections.at, sections.size * sections.count, size)
        else { throw refuse("it is truncated") }
        let table = read(
            descriptor, from: Int(segments.at), count: Int(segments.size * segments.count))
        for index in 0..<Int(segments.count) {
            let at = index * Int(segments.size)
            guard at + 40 <= table.count,
                isInside(number(table, at + 8, 8), number(table, at + 32, 8), size)
            else { throw refuse("it is truncated") }
        }
    }

    private static func isInside(_ offset: UInt64, _ count: UInt64, _ size: UInt64) -> Bool {
        offset <= size && count <= size - offset
    }

    /// A little-endian number; 0 where there are no such bytes.
    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
        guard offset + count <= bytes.count else { return 0 }
        return bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func read(_ descriptor: Int32, from offset: Int, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            // At most `count` bytes, which is the capacity.
            filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
        }
    }
}
