import Glibc
import ServiceLifecycle
import Threads

/// Ends the process when an orderly stop does not: a driver may block a thread that connections need for
/// their end, and no deadline reaches that.
struct StopLimit: ServiceLifecycle.Service {
    /// From the signal on. More than all that an orderly stop may wait for.
    let limit: Duration

    func run() async throws {
        try await gracefulShutdown()
        let seconds = UInt32(clamping: limit.components.seconds + 1)
        // Without a thread to spare the stop has no limit but the patience of who waits for it.
        _ = OwnThread.start(name: "kms-stop") {
            sleep(seconds)
            ErrorStream.write(
                "kmsd: the server does not stop: something does not return, see the log; it ends as it "
                    + "is; nothing that was acknowledged is lost\n")
            // Not `exit`: what it would run may wait for the same.
            _exit(1)
        }
    }
}
