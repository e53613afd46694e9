import Glibc

/// The standard error stream, unbuffered.
enum ErrorStream {
    /// Writes a line with one system call, so that lines of concurrent writers do not mix. What the
    /// stream does not take is lost: there is nowhere left to complain.
    static func write(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}
