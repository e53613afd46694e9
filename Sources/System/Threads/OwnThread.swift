import CPlatform
import Glibc

/// A thread of ours, which may block. It runs to the end of its body; nobody joins it.
package enum OwnThread {
    /// False when the system has none left.
    ///
    /// - Parameter name: Shown by `ps -T`; cut to 15 bytes.
    package static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        // Signals belong to the threads that the host made for them, save those that a thread
        // causes itself: blocked, they would end the process without a word.
        var most = sigset_t()
        var before = sigset_t()
        sigfillset(&most)
        for fatal in [SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP] { sigdelset(&most, fatal) }
        pthread_sigmask(SIG_SETMASK, &most, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

        // The new thread takes over this reference; on failure it is given back here.
        let start = Unmanaged.passRetained(Start(name, body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                platform_name_thread(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard status == 0 else {
            start.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(_ name: String, _ body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
