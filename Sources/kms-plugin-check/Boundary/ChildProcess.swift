import Glibc
import PluginLoader

/// A child of this program: the same executable with other arguments. It reads lines from its
/// standard input and answers with lines on descriptor 3; what it or a driver in it writes to the
/// standard streams ends in a file that nobody else sees.
final class ChildProcess {
    static let answersDescriptor: Int32 = 3

    let id: pid_t
    private let orders: Int32
    private let answers: Int32
    private let output: Int32
    private var outputRead = 0
    private var unread: [UInt8] = []
    private var ending: Ending?

    /// How a process ended.
    enum Ending: Equatable, CustomStringConvertible {
        case exit(Int32)
        case signal(Int32)

        var description: String {
            switch self {
            case .exit(let code): "the process exited with \(code)"
            case .signal(let number): "the process was ended by \(Self.name(of: number))"
            }
        }

        static func name(of signal: Int32) -> String {
            let names = [
                SIGABRT: "SIGABRT", SIGSEGV: "SIGSEGV", SIGBUS: "SIGBUS", SIGILL: "SIGILL",
                SIGFPE: "SIGFPE", SIGTRAP: "SIGTRAP", SIGKILL: "SIGKILL", SIGALRM: "SIGALRM",
                SIGTERM: "SIGTERM", SIGSYS: "SIGSYS", SIGPIPE: "SIGPIPE", SIGINT: "SIGINT",
            ]
            return names[signal] ?? "signal \(signal)"
        }
    }

    enum Answer {
        case line(String)
        case ended(Ending)
        case timedOut
    }

    /// - Parameter outputFolder: Where the file with the standard streams is made; it has no name.
    init(arguments: [String], outputFolder: String) throws {
        signal(SIGPIPE, SIG_IGN)  // a child that died is found by its answers
        let orders = try Self.pipe()
        let answers = try Self.pipe()
        let name =
            outputFolder + "/kms-plugin-check-"
            + String(UInt64.random(in: .min ... .max), radix: 36)
        output = open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw CouldNotRun("cannot make a file in \(outputFolder)") }
        unlink(name)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, orders.reading, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        posix_spawn_file_actions_adddup2(&actions, answers.writing, Self.answersDescriptor)
        // The strings are ours; the child has its own copies when posix_spawn returns.
        let strings = (["kms-plugin-check"] + arguments).map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var child = pid_t()
        let failure = posix_spawn(&child, "/proc/self/exe", &actions, nil, strings, environ)
        close(orders.reading)
        close(answers.writing)
        self.orders = orders.writing
        self.answers = answers.reading
        id = child
        guard failure == 0 else { throw CouldNotRun("cannot start a child of this program") }
    }

    deinit {
        if ending == nil { kill() }
        close(orders)
        close(answers)
        close(output)
    }

    func send(_ line: String) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(orders, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }  // it has ended, which reading will tell
            bytes = bytes.dropFirst(count)
        }
    }

    /// Waits for the next line, for the end of the process, or for the limit.
    func receive(within limit: Duration) -> Answer {
        let end = monotonicNanoseconds() + UInt64(max(0, limit / .nanoseconds(1)))
        while true {
            if let newline = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: unread[..<newline], as: UTF8.self)
                unread.removeSubrange(...newline)
                return .line(line)
            }
            let now = monotonicNanoseconds()
            guard now < end else { return .timedOut }
            var wait = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
            let ready = poll(&wait, 1, Int32(clamping: (end - now) / 1_000_000 + 1))
            guard ready > 0 else { continue }
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = read(answers, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return .ended(reap()) }
            unread += buffer[..<count]
        }
    }

    /// Ends it without a chance to do anything more, and tells how it ended.
    @discardableResult func kill() -> Ending {
        if ending == nil { Glibc.kill(id, SIGKILL) }
        return reap()
    }

    /// What was written to the standard streams since last asked, cut to its last part.
    func takeOutput() -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            // `buffer` is as large as we say, and pread writes no more than that.
            let count = pread(output, &buffer, buffer.count, off_t(outputRead))
            guard count > 0 else { break }
            outputRead += count
            text += buffer[..<count]
        }
        return escapingControls(String(decoding: text.suffix(4000), as: UTF8.self))
    }

    private func reap() -> Ending {
        if let ending { return ending }
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 && errno == EINTR {}
        // WIFEXITED and WEXITSTATUS are macros, which Swift does not see.
        let signal = status & 0x7F
        let end: Ending = signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal)
        ending = end
        return end
    }

    private static func pipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw CouldNotRun("cannot make a pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}

/// The child's side.
enum ParentProcess {
    /// The next order; nil when the parent has no more or is gone.
    static func receive() -> String? { readLine() }

    static func send(_ line: String) {
        fflush(nil)  // what a driver printed belongs before the answer
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                write(ChildProcess.answersDescriptor, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { exit(2) }  // nobody listens any more
            bytes = bytes.dropFirst(count)
        }
    }

    /// Descriptor 3 is for this process alone: nothing that a driver starts may inherit it.
    static func takeDescriptor() {
        _ = fcntl(ChildProcess.answersDescriptor, F_SETFD, FD_CLOEXEC)
    }

    /// Ends this process after so many seconds, should the parent be gone and a driver hang.
    static func limit(seconds: Int) { alarm(UInt32(clamping: seconds)) }
}
