import Glibc
import PluginKit

/// The directory, the file in it, and the lock file beside it.
///
/// The locks are on a file of their own: closing any descriptor of the database file would drop the
/// locks that SQLite holds on it in this process. They are "open file description" locks: two
/// handles in one process count as two, and the kernel releases them when a process dies.
package final class DatabaseFile: Sendable {
    package let path: String
    let isReadOnly: Bool
    // Owned: closed in deinit; -1 when the lock file cannot be had, which read-only opening bears.
    private let lock: Int32

    /// How often and how long to wait for a lock that another server holds: 5 s in all.
    static let attempts = 1000
    static let pause_us: UInt32 = 5000

    /// Bytes of the lock file.
    private enum Region: off_t {
        /// Shared by all who have the database open.
        case presence = 0
        /// Held by who changes the schema.
        case schema = 1
    }

    // Linux; Glibc's Swift module leaves them out.
    private static let setLock: Int32 = 37  // F_OFD_SETLK

    /// Makes directory and file, private to this user, where they are missing.
    package init(directory: String, isReadOnly: Bool) throws(DriverFailure) {
        path = directory + "/kms.db"
        self.isReadOnly = isReadOnly
        if !isReadOnly {
            if mkdir(directory, 0o700) != 0, errno != EEXIST {
                throw Self.failure("cannot make the directory \(directory)")
            }
            try Self.makeFile(path)
        } else if access(path, R_OK) != 0 {
            throw Self.failure("cannot read \(path)")
        }
        let mode = isReadOnly ? O_RDONLY : O_RDWR | O_CREAT
        lock = Glibc.open(path + ".lock", mode | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 || isReadOnly else { throw Self.failure("cannot open \(path).lock") }
        // Somebody who is clearing holds it for a moment.
        try wait(for: .presence, Int16(F_RDLCK)) { () throws(DriverFailure) in }
    }

    /// The file of another system, which is only read: nothing is made beside it.
    ///
    /// - Parameter path: Of the file, or of the directory that holds it as `kms.db`.
    package init(foreign path: String) throws(DriverFailure) {
        var status = stat()
        let isDirectory = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        self.path = isDirectory ? path + "/kms.db" : path
        isReadOnly = true
        lock = -1
        guard access(self.path, R_OK) == 0 else { throw Self.failure("cannot read \(self.path)") }
    }

    deinit { if lock >= 0 { close(lock) } }

    /// Makes an empty file for SQLite to fill. An existing one is not opened: see above.
    private static func makeFile(_ path: String) throws(DriverFailure) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            close(descriptor)
        } else if errno != EEXIST {
            throw failure("cannot make \(path)")
        }
    }

    private static func failure(_ what: String) -> DriverFailure {
        let code = errno
        let status: Status = code == ENOSPC || code == EDQUOT ? .exhausted : .unavailable
        return DriverFailure(
            status, "SQLite: \(what): \(String(cString: strerror(code)))", nativeCode: Int64(code))
    }

    func lockSchema(
        _ check: () throws(DriverFailure) -> Void
    ) throws(DriverFailure) { try wait(for: .schema, Int16(F_WRLCK), check) }

    func unlockSchema() { _ = set(.schema, Int16(F_UNLCK)) }

    /// Runs `body` while no other handle, here or in another process, has the database open.
    ///
    /// - Returns: False, without running it, when there is one.
    func whileAlone(_ body: () throws(DriverFailure) -> Void) throws(DriverFailure) -> Bool {
        guard set(.presence, Int16(F_WRLCK)) else { return false }
        defer { _ = set(.presence, Int16(F_RDLCK)) }
        try body()
        return true
    }

    private func wait(
        for region: Region, _ type: Int16, _ check: () throws(DriverFailure) -> Void
    ) throws(DriverFailure) {
        guard lock >= 0 else { return }
        for _ in 0..<Self.attempts {
            if set(region, type) { return }
            guard errno == EAGAIN || errno == EACCES || errno == EINTR else {
                throw Self.failure("cannot lock \(path).lock")
            }
            try check()
            usleep(Self.pause_us)
        }
        throw DriverFailure(
            .upgrading, "SQLite: another server is changing the schema of \(path)",
            flags: .retryable)
    }

    private func set(_ region: Region, _ type: Int16) -> Bool {
        var range = flock()
        range.l_type = type
        range.l_whence = Int16(SEEK_SET)
        range.l_start = region.rawValue
        range.l_len = 1
        // The kernel reads the struct during the call.
        return withUnsafeMutablePointer(to: &range) { fcntl(lock, Self.setLock, $0) } == 0
    }

    /// Bytes that a file beside the database takes; 0 when it is not there.
    package func size(suffix: String) -> Int64 {
        var status = stat()
        return stat(path + suffix, &status) == 0 ? Int64(status.st_size) : 0
    }
}
