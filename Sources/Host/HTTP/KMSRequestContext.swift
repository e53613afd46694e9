import Hummingbird
import Synchronization

/// What HTTP handlers know of a request beside the request itself.
package struct KMSRequestContext: Hummingbird.RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Nil for a request that came over no connection.
    let peer: Peer?
    /// Who the request acts for; nil until it is let in.
    var principal: Principal?
    /// The trace that the client counts the request to.
    var trace: TraceParent?
    private let number: UInt64

    /// Numbers of one run are in order; they begin anywhere, so that those of two runs differ.
    private static let next = Atomic(UInt64.random(in: 0...UInt64.max >> 1))

    package init(source: ApplicationRequestContextSource) { self.init(source: source, peer: nil) }

    init(source: ApplicationRequestContextSource, peer: Peer?) {
        self.peer = peer
        coreContext = .init(source: source)
        number = Self.next.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// Who the request acts for.
    ///
    /// - Throws: 401 when it was not let in, which only routes that are open to everybody see.
    func user() throws -> Principal {
        guard let principal else { throw HTTPError(.unauthorized) }
        return principal
    }

    /// Stands in each log line about the request and in an answer that reports a failure.
    package var id: String { String(number, radix: 16) }
}
