import CPKCS11
import Synchronization

/// What searches found and later pages tell of: a token has no order that a cursor could name, and
/// searching it again for each page takes as long as the first time.
final class Listings: Sendable {
    private struct Listing {
        var handles: [CK_OBJECT_HANDLE]
        var stamp: Stamp
    }

    private struct State {
        var next: UInt64 = 1
        var listings: [UInt64: Listing] = [:]
    }

    private let state = Mutex(State())
    /// Listings that are read at the same time; the oldest goes.
    private static let most = 8
    /// Objects that one listing tells of.
    static let handlesMax = 200_000

    func keep(_ handles: [CK_OBJECT_HANDLE], under stamp: Stamp) -> UInt64 {
        state.withLock { state in
            let number = state.next
            state.next += 1
            if state.listings.count >= Self.most, let oldest = state.listings.keys.min() {
                state.listings[oldest] = nil
            }
            state.listings[number] = Listing(handles: handles, stamp: stamp)
            return number
        }
    }

    /// Nil when it is gone, or its handles mean nothing any more.
    func handles(_ number: UInt64, under stamp: Stamp) -> [CK_OBJECT_HANDLE]? {
        state.withLock { state in
            guard let listing = state.listings[number], listing.stamp == stamp else { return nil }
            return listing.handles
        }
    }

    func drop(_ number: UInt64) { state.withLock { $0.listings[number] = nil } }
}
