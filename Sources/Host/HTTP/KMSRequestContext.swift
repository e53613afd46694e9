import Hummingbird

/// What HTTP handlers know of a request beside the request itself. Its `id` stands in each log line
/// about the request and in an answer that reports a failure.
package struct KMSRequestContext: Hummingbird.RequestContext {
    package var coreContext: CoreRequestContextStorage

    package init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
}
