import Glibc

/// Lines for the operator on standard error, before there is a log.
enum ErrorOutput {
    static func say(_ message: String) {
        let bytes = Array("kmsd: \(message)\n".utf8)
        // Nobody could be told if this failed.
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
