import Dispatch
import Glibc
import Testing

/// What a command did: its exit status, and what it wrote to both standard streams, in order.
struct CommandOutcome {
    var status: Int32
    var output: String
}

/// Runs a command that is found in `PATH`, waiting off the cooperative threads.
func run(_ command: [String]) async throws -> CommandOutcome {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result { try spawn(command) })
        }
    }
}

struct CommandFailed: Error {
    var command: [String]
    var errno: Int32
}

private func spawn(_ command: [String]) throws -> CommandOutcome {
    var ends: [Int32] = [0, 0]
    guard pipe2(&ends, O_CLOEXEC) == 0 else { throw CommandFailed(command: command, errno: errno) }
    let (reading, writing) = (ends[0], ends[1])
    defer { close(reading) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, writing, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, writing, STDERR_FILENO)

    // The strings are ours until the child has its own copy, which it has when posix_spawnp returns.
    let arguments = command.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var child = pid_t()
    let failure = posix_spawnp(&child, arguments[0] ?? nil, &actions, nil, arguments, environ)
    close(writing)
    guard failure == 0 else { throw CommandFailed(command: command, errno: failure) }

    let output = readAll(reading)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    // WIFEXITED and WEXITSTATUS are macros; a signal shows as a negative number.
    return CommandOutcome(
        status: status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F), output: output)
}

/// Reads until every writer has closed its end.
private func readAll(_ descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        // `buffer` is as large as we say, and read writes no more than that.
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += buffer[..<count]
    }
}
