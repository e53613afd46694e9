import Synchronization

/// What was found wrong while one case ran. Threads of the case share it.
final class Findings: Sendable {
    /// More of the same helps nobody.
    private static let most = 12
    private let texts = Mutex<[String]>([])

    func add(_ text: String) {
        texts.withLock { texts in
            if texts.count < Self.most && !texts.contains(text) { texts.append(text) }
        }
    }

    var all: [String] { texts.withLock { $0 } }
}
