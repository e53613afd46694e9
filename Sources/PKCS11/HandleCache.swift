import CPKCS11
import Synchronization

/// A key of the token, as operations need it.
struct KeyHandle: Sendable {
    var handle: CK_OBJECT_HANDLE
    var type: TokenKeyType
    /// 0: not known.
    var bits: Int
}

/// Where keys are, by id, so that an operation does not search the token.
///
/// Handles are valid until the login that they were found under ends. Two generations of entries
/// stand for an order of use: what was not used while half of the cache was filled anew is dropped.
final class HandleCache: Sendable {
    private struct Entry {
        var key: KeyHandle
        var stamp: Stamp
    }

    private struct State {
        var young: [[UInt8]: Entry] = [:]
        var old: [[UInt8]: Entry] = [:]
        var hits = 0, misses = 0
    }

    private let state = Mutex(State())
    /// A search costs some 24 us for each object of a token, an entry some hundred bytes.
    private static let halfMax = 5_000

    func key(_ id: [UInt8], under stamp: Stamp) -> KeyHandle? {
        state.withLock { state in
            guard let entry = state.young[id] ?? state.old[id], entry.stamp == stamp else {
                state.misses += 1
                return nil
            }
            state.hits += 1
            if state.young[id] == nil { Self.insert(entry, id, &state) }
            return entry.key
        }
    }

    func insert(_ key: KeyHandle, _ id: [UInt8], under stamp: Stamp) {
        state.withLock { Self.insert(Entry(key: key, stamp: stamp), id, &$0) }
    }

    func forget(_ id: [UInt8]) {
        state.withLock { state in
            state.young[id] = nil
            state.old[id] = nil
        }
    }

    var counts: (hits: Int, misses: Int) { state.withLock { ($0.hits, $0.misses) } }

    private static func insert(_ entry: Entry, _ id: [UInt8], _ state: inout State) {
        if state.young.count >= halfMax {
            state.old = state.young
            state.young = [:]
        }
        state.young[id] = entry
    }
}
