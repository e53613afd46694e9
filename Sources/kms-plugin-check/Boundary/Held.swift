import PluginABI
import Synchronization

/// A result of the driver that nobody has released yet. It can be read again and again, by any
/// thread, and is released once, at the latest when it goes away.
///
/// Before its handle is closed, as the contract has it: cases let go of it first.
final class Held<Value: Sendable>: @unchecked Sendable {  // `result` is never written after `init`
    private let result: () -> Value
    private let owner: kms_owner
    private let isReleased = Atomic(false)

    /// - Parameter result: Copies the slices of the driver's struct, which live until the release.
    init(_ owner: kms_owner, _ result: @escaping () -> Value) {
        self.owner = owner
        self.result = result
    }

    deinit { release() }

    /// What it holds now. Not after the release.
    var value: Value { result() }

    /// Any thread may do that; a second time does nothing.
    func release() {
        guard !isReleased.exchange(true, ordering: .acquiringAndReleasing) else { return }
        owner.release?(owner.owner)
    }

    /// Reads it once and releases it.
    func take() -> Value {
        defer { release() }
        return value
    }
}
