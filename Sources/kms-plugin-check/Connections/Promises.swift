import Synchronization

/// What a driver said of batches that it may or may not have written.
final class Promises: Sendable {
    struct Batch: Sendable {
        var uids: [String]
        /// nil: it said that it does not know.
        var isWritten: Bool?
    }

    private let batches = Mutex<[Batch]>([])

    var all: [Batch] { batches.withLock { $0 } }

    func latest(_ count: Int) -> [Batch] { batches.withLock { Array($0.suffix(count)) } }

    func add(_ uids: [String], isWritten: Bool?) {
        batches.withLock { $0.append(Batch(uids: uids, isWritten: isWritten)) }
    }
}
