import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// SIGHUP: what can change while the server runs is read again, part by part. A part that cannot be
/// read stays as it was.
struct Reload: ServiceLifecycle.Service {
    struct Part: Sendable {
        /// For the log: "certificates".
        var name: String
        /// Throws what is wrong.
        var reload: @Sendable () async throws -> Void
    }

    let parts: [Part]
    let logger: Logger

    /// Keeps a SIGHUP that comes before the server serves from ending it.
    static func ignoreSignal() { signal(SIGHUP, SIG_IGN) }

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() {
            if parts.isEmpty { logger.notice("SIGHUP: nothing to reload is configured") }
            for part in parts {
                do {
                    try await part.reload()
                    logger.notice("reloaded: \(part.name)")
                } catch {
                    logger.error(
                        "not reloaded: \(part.name): the old ones stay in use",
                        metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
