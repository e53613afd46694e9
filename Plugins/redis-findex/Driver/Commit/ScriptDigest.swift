import Synchronization

/// The name under which Redis knows the script, once it was loaded; the same on every server.
final class ScriptDigest: Sendable {
    private let digest = Mutex<[UInt8]?>(nil)

    var value: [UInt8]? {
        get { digest.withLock { $0 } }
        set { digest.withLock { $0 = newValue } }
    }
}
