import Dispatch
import Glibc

struct CommandFailed: Error { var command: [String], status: Int32 }

/// One command at a time: a compiler keeps a core busy anyway, and Swift's own threads come from
/// the same pool as Dispatch's.
private let commands = DispatchQueue(label: "commands")

/// Runs a command found in `PATH`, waiting off the cooperative threads. Throws when it fails.
func run(_ command: [String]) async throws {
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
        commands.async { done.resume(with: Result { try spawn(command) }) }
    }
}

private func spawn(_ command: [String]) throws {
    // The strings are ours; the child has its own copies when posix_spawnp returns.
    let arguments = command.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var child = pid_t()
    let failure = posix_spawnp(&child, command[0], nil, nil, arguments, environ)
    guard failure == 0 else { throw CommandFailed(command: command, status: failure) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    guard status == 0 else { throw CommandFailed(command: command, status: status) }
}
