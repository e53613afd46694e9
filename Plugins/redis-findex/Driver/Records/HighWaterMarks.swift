import Synchronization

/// The newest version that this process has seen of each record lately: an older one is a copy that
/// somebody has put back.
///
/// Only versions of one life of a record are compared: whoever makes it again after it was deleted may
/// have a clock that is behind. What was never seen here, or is forgotten, cannot be judged.
final class HighWaterMarks: Sendable {
    /// One version of a record.
    struct Mark: Equatable, Sendable {
        /// When this life of the record began.
        var created: Int64
        /// Grows with each write.
        var counter: UInt64
    }

    /// A moment in this process.
    struct Moment: Sendable { fileprivate let number: UInt64 }

    private struct State {
        var marks: [RecordKey: (mark: Mark, seen: UInt64)] = [:]
        var now: UInt64 = 0
    }

    private let state = Mutex(State())
    private let most: Int

    init(most: Int = 100_000) { self.most = most }

    /// To be taken before a record is read.
    func moment() -> Moment { state.withLock { Moment(number: $0.now) } }

    /// False for a version that is older than one which was seen before this one was read. One that was
    /// read earlier and is looked at late is no copy.
    func admits(_ mark: Mark, of key: RecordKey, readAfter start: Moment) -> Bool {
        state.withLock { state in
            if let (old, seen) = state.marks[key], old.created == mark.created,
                old.counter >= mark.counter
            {
                return old.counter == mark.counter || seen > start.number
            }
            // Some are forgotten when there is no room: the marks are a help, and no proof.
            if state.marks.count >= most, state.marks[key] == nil,
                let any = state.marks.keys.first
            {
                state.marks[any] = nil
            }
            state.now += 1
            state.marks[key] = (mark, state.now)
            return true
        }
    }
}
