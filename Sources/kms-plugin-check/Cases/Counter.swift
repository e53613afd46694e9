import Synchronization

/// A number that several threads of a case add to.
final class Counter: Sendable {
    private let number = Atomic(0)

    var value: Int { number.load(ordering: .sequentiallyConsistent) }
    func add(_ count: Int = 1) { number.wrappingAdd(count, ordering: .sequentiallyConsistent) }
}
