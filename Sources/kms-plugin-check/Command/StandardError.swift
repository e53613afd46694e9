import Glibc

/// Where people look for what went wrong; nothing of it is buffered.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static func print(_ text: String) { write(text + "\n") }

    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        // A message that cannot be written is lost: there is nobody to tell.
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
