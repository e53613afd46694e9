/// When a server answered last, and how long it may take now to answer somebody in a hurry.
package struct Contact: Sendable {
    private var heard_ns: UInt64 = 0
    private var connecting_ns: UInt64 = 0

    /// What is allowed a server that has not been heard of lately.
    package static let hurry_ns: UInt64 = 75_000_000
    package static let lately_ns: UInt64 = 300_000_000

    package init() {}

    package mutating func connected(from_ns: UInt64, to_ns: UInt64) {
        heard(at_ns: to_ns)
        connecting_ns = to_ns &- from_ns
    }

    package mutating func heard(at_ns: UInt64) { heard_ns = max(heard_ns, at_ns) }

    /// What was heard before counts no more.
    package mutating func lost() { heard_ns = 0 }

    /// The latest moment for the answer; 0 when the server was there just now, and needs none.
    ///
    /// - Parameter now_ns: May be before what was heard last: another thread read the clock later.
    package func deadline(now_ns: UInt64) -> UInt64 {
        let isKnown = heard_ns != 0 && now_ns < heard_ns + Self.lately_ns
        return isKnown ? 0 : now_ns + max(Self.hurry_ns, 2 * connecting_ns)
    }
}
