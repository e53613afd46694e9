import KMIP

/// A set of object states, as bits: it is looked at for each item of a batch.
struct States: Sendable, ExpressibleByArrayLiteral {
    private var bits: UInt64 = 0

    static let all: States = [
        .preActive, .active, .deactivated, .compromised, .destroyed, .destroyedCompromised,
    ]

    init(arrayLiteral states: State...) { states.forEach { insert($0) } }

    /// States that no version of the protocol defines are in no set.
    func contains(_ state: State) -> Bool { bits & Self.bit(of: state) != 0 }

    mutating func insert(_ state: State) { bits |= Self.bit(of: state) }

    /// In ascending order.
    var rawValues: [UInt32] { (0..<64).filter { contains(State(rawValue: $0)) } }

    // A shift beyond the width gives 0.
    private static func bit(of state: State) -> UInt64 { 1 << UInt64(state.rawValue) }
}
