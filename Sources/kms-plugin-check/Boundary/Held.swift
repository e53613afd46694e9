import PluginABI
import Synchronization

/// A result of the driver that nobody has released yet. It can be read again and again, by any
/// thread, and is released once, at the latest when it goes away.
///
/// Before its handle is closed, as the contract has it: cases let go of it first.
final class Held<Value: Sendable>: @unchecked Sendable {  // nothing is written after `init`
    private let result: () -> Value
    private let end: () -> Void
    private let isReleased = Atomic(false)

    /// - Parameters:
    ///   - release: Gives the driver's struct back.
    ///   - result: Copies the slices of the driver's struct, which live until then.
    init(release: @escaping () -> Void, _ result: @escaping () -> Value) {
        end = release
        self.result = result
    }

    convenience init(_ owner: kms_owner, _ result: @escaping () -> Value) {
        self.init(release: { owner.release?(owner.owner) }, result)
    }

    deinit { release() }

    /// What it holds now. Not after the release.
    var value: Value { result() }

    /// Any thread may do that; a second time does nothing.
    func release() {
        guard !isReleased.exchange(true, ordering: .acquiringAndReleasing) else { return }
        end()
    }

    /// Reads it once and releases it.
    func take() -> Value {
        defer { release() }
        return value
    }
}
