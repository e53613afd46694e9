import Secrets
import Synchronization

/// Keyed contexts for one direction of one key, lent to one caller at a time.
final class ContextPool: Sendable {
    /// Contexts kept while idle; more are made when more threads want them, and freed afterwards.
    private static let idleMax = 8

    private let cipher: FetchedCipher
    private let key: SecretBytes
    private let direction: CipherContext.Direction
    private let idle = Mutex<[CipherContext]>([])

    init(_ cipher: FetchedCipher, key: SecretBytes, direction: CipherContext.Direction) {
        self.cipher = cipher
        self.key = key
        self.direction = direction
    }

    /// Calls `body` with a context that nobody else uses meanwhile.
    ///
    /// - Returns: What `body` returns. After nil the context is dropped: its state is unknown.
    func withContext<R>(_ body: (CipherContext) -> R?) throws(CryptographyError) -> R? {
        let context: CipherContext
        if let kept = idle.withLock({ $0.popLast() }) {
            context = kept
        } else {
            context = try CipherContext(cipher, key: key, direction: direction)
        }
        guard let result = body(context) else { return nil }
        idle.withLock { idle in
            if idle.count < ContextPool.idleMax { idle.append(context) }
        }
        return result
    }
}
