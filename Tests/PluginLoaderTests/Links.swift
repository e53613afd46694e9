import Glibc

/// A symbolic link at `path`.
func makeLink(to target: String, at path: String) throws {
    guard symlink(target, path) == 0 else {
        throw CommandFailed(command: ["ln", "-s", target, path], status: errno)
    }
}
