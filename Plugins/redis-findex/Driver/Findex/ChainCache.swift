import Synchronization

/// What searches have read of chains, so that the next one reads only what was added since.
///
/// Holds uids in the clear, which are no secret; a chain under another seed is another chain.
final class ChainCache: Sendable {
    struct Chained {
        var last: [UInt8]
        var seed: [UInt8]
        var reader: ChainLink.Reader
    }

    private struct State {
        var chains: [Keyword: (chained: Chained, used: UInt64)] = [:]
        var values = 0
        /// To be written anew, when there is time.
        var worn: Keyword?
        var clock: UInt64 = 0
    }

    private let state = Mutex(State())
    /// Values in all chains together; each takes some hundred bytes.
    private let valuesMax: Int

    init(valuesMax: Int = 200_000) { self.valuesMax = valuesMax }

    func chained(_ keyword: Keyword, seed: [UInt8]) -> Chained? {
        state.withLock { state in
            guard let found = state.chains[keyword] else { return nil }
            guard found.chained.seed == seed else {
                Self.drop(keyword, &state)
                return nil
            }
            state.clock += 1
            state.chains[keyword]?.used = state.clock
            return found.chained
        }
    }

    func keep(_ keyword: Keyword, _ chained: Chained) {
        let count = chained.reader.values.count + 1
        // Short chains are read as fast as they are remembered; the longest would push out all else.
        guard count >= 16, count <= valuesMax / 2 else { return }
        state.withLock { state in
            Self.drop(keyword, &state)
            state.clock += 1
            state.chains[keyword] = (chained, state.clock)
            state.values += count
            while state.values > valuesMax,
                let oldest = state.chains.min(by: { $0.value.used < $1.value.used })?.key
            {
                Self.drop(oldest, &state)
            }
        }
    }

    func note(worn keyword: Keyword) { state.withLock { $0.worn = keyword } }

    /// A keyword whose chain is to be written anew; told once.
    func takeWorn() -> Keyword? {
        state.withLock { state in
            defer { state.worn = nil }
            return state.worn
        }
    }

    private static func drop(_ keyword: Keyword, _ state: inout State) {
        guard let old = state.chains.removeValue(forKey: keyword) else { return }
        state.values -= old.chained.reader.values.count + 1
    }

    func removeAll() { state.withLock { $0 = State() } }
}
