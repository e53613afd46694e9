import CPlatform
import Glibc

/// Closes ways by which secrets leave a running process.
public enum ProcessHardening {
    /// The system refused; `code` is the `errno` that it gave.
    public struct Refused: Error, Equatable {
        public let code: Int32
    }

    /// Makes the process neither dump core nor let others of its user attach or read its memory.
    ///
    /// Call it first, before secrets are read. It cannot be undone; a program that is executed
    /// later has the core limit of zero too but is open to debuggers again.
    public static func disableCoreDumps() throws(Refused) {
        guard platform_disable_core_dumps() else { throw Refused(code: errno) }
    }

    /// Overwrites an argument of the process with asterisks where other processes can read it.
    ///
    /// For `--name=secret` give the length of `--name=` in bytes as `skip`. Read
    /// `CommandLine.arguments` first: copies made before keep the secret, later ones hold the
    /// asterisks. Not to be called from two threads at a time.
    ///
    /// - Parameter index: As in `CommandLine.arguments`; 0 is the program.
    /// - Returns: The number of bytes overwritten; 0 when there is nothing at that place.
    @discardableResult
    public static func overwriteArgument(at index: Int, skip: Int = 0) -> Int {
        guard index >= 0, skip >= 0 else { return 0 }
        return platform_overwrite_argument(index, skip)
    }
}
