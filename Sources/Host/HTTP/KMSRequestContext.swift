import Hummingbird

/// What HTTP handlers know of a request beside the request itself.
package struct KMSRequestContext: Hummingbird.RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Unique in this process; in each log line about the request and in its answer.
    let requestID: String

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        requestID = RequestID.next()
    }
}
