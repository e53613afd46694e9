import Hummingbird
import Synchronization

/// What HTTP handlers know of a request beside the request itself.
package struct KMSRequestContext: Hummingbird.RequestContext {
    package var coreContext: CoreRequestContextStorage
    private let number: UInt64

    /// Numbers of one run are in order; they begin anywhere, so that those of two runs differ.
    private static let next = Atomic(UInt64.random(in: 0...UInt64.max >> 1))

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        number = Self.next.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// Stands in each log line about the request and in an answer that reports a failure.
    package var id: String { String(number, radix: 16) }
}
