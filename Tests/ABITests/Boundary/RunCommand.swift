import Dispatch
import Glibc

/// What a command did: its exit status, and what it wrote to both standard streams, in order.
struct CommandOutcome {
    /// Negative: the signal that ended it.
    var status: Int32
    var output: String
}

struct CommandFailed: Error {
    var command: [String]
    var errno: Int32
}

/// Runs a command that is found in `PATH`, waiting off the cooperative threads.
func run(_ command: [String]) async throws -> CommandOutcome {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result { try spawn(command) })
        }
    }
}

private func spawn(_ command: [String]) throws -> CommandOutcome {
    // A file without a name rather than a pipe: other tests spawn at the same time, and a child
    // that inherited the writing end would keep us reading.
    let name = "/tmp/claviger-output-" + String(UInt64.random(in: .min ... .max), radix: 36)
    let file = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw CommandFailed(command: command, errno: errno) }
    unlink(name)
    defer { close(file) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, file, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, file, STDERR_FILENO)

    // The strings are ours; the child has its own copies when posix_spawnp returns.
    let arguments = command.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var child = pid_t()
    let failure = posix_spawnp(&child, command[0], &actions, nil, arguments, environ)
    guard failure == 0 else { throw CommandFailed(command: command, errno: failure) }

    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    // WIFEXITED and WEXITSTATUS are macros, which Swift does not see.
    let signal = status & 0x7F
    return CommandOutcome(
        status: signal == 0 ? (status >> 8) & 0xFF : -signal, output: contents(of: file))
}

private func contents(of file: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        // `buffer` is as large as we say, and pread writes no more than that.
        let count = pread(file, &buffer, buffer.count, off_t(bytes.count))
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += buffer[..<count]
    }
}
