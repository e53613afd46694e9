import Glibc

/// The system calls behind discovery and trust. Each returns values; no pointer leaves the file.
enum FileSystem {
    /// A system call that failed: the text of `errno`.
    struct Failure: Error { var problem: String }

    struct Status {
        var isRegular: Bool, isFolder: Bool
        var isSticky: Bool, isWritableByOthers: Bool
        var owner: UInt32
        var size: Int
    }

    /// Entries of a folder in no order; none when it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        // The entry is ours until the next `readdir` on this stream; the name is copied at once.
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Without symbolic links, `.` and `..`.
    static func realPath(_ path: String) throws(Failure) -> String {
        guard let resolved = realpath(path, nil) else { throw failure() }
        defer { free(resolved) }  // `realpath` with a NULL buffer allocates with `malloc`
        return String(cString: resolved)
    }

    /// Of the path itself, not of what a link points to.
    static func status(_ path: String) throws(Failure) -> Status {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { throw failure() }
        return Status(facts)
    }

    /// An open file, read only, closed with the last reference.
    final class File: Sendable {
        let descriptor: Int32

        init(_ path: String) throws(Failure) {
            // O_NONBLOCK: a FIFO under this name must not stop the host.
            descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { throw FileSystem.failure() }
        }

        deinit { close(descriptor) }

        func status() throws(Failure) -> Status {
            var facts = stat()
            guard fstat(descriptor, &facts) == 0 else { throw FileSystem.failure() }
            return Status(facts)
        }

        /// The bytes from `offset`, fewer when the file ends before.
        func read(from offset: Int, count: Int) throws(Failure) -> [UInt8] {
            var failed: Failure?
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while filled < count, let base = buffer.baseAddress {
                    // Writes within the capacity: `filled` never exceeds `count`.
                    let got = pread(
                        descriptor, base + filled, count - filled, off_t(offset + filled))
                    if got < 0 && errno == EINTR { continue }
                    if got < 0 { failed = FileSystem.failure() }
                    if got <= 0 { break }
                    filled += got
                }
            }
            if let failed { throw failed }
            return bytes
        }
    }

    private static func failure() -> Failure {
        // glibc keeps the text per thread.
        Failure(problem: String(cString: strerror(errno)))
    }
}

extension FileSystem.Status {
    fileprivate init(_ facts: stat) {
        isRegular = facts.st_mode & S_IFMT == S_IFREG
        isFolder = facts.st_mode & S_IFMT == S_IFDIR
        isSticky = facts.st_mode & S_ISVTX != 0
        isWritableByOthers = facts.st_mode & (S_IWGRP | S_IWOTH) != 0
        owner = facts.st_uid
        size = Int(facts.st_size)
    }
}
