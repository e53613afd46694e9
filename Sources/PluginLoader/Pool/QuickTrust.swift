import Synchronization

/// Whether a driver's quick functions are called on threads that must not wait. It ends when one of
/// them waited there: what is stuck stays so, but no other thread follows.
final class QuickTrust: Sendable {
    private let lost = Atomic(false)

    var isLost: Bool { lost.load(ordering: .relaxed) }

    func lose() { lost.store(true, ordering: .relaxed) }
}
