import KMIP
import Logging
import PluginLoader

/// What the handlers of all routes share: the objects behind their gate, and how a request begins.
package struct Service: Sendable {
    let gate: Gate
    package let dispatch = Dispatch()
    let logger: Logger
    private let policy: OperationPolicy
    private let requestTimeout: Duration
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - database: Ready; stays open as long as the service is used.
    ///   - now: Seconds since 1970-01-01 UTC.
    package init(
        database: Database, settings: Settings, logger: Logger, now: @escaping @Sendable () -> Int64
    ) {
        gate = Gate(
            store: ObjectStore(
                database: database, cache: ObjectCache(capacity: settings.keyCacheSize),
                logger: logger))
        policy = OperationPolicy(nonRevocableUIDs: Set(settings.nonRevocableKeyIDs))
        requestTimeout = settings.requestTimeout
        self.logger = logger
        self.now = now
    }

    /// The context of a new request.
    package func context(for principal: Principal) -> OperationContext {
        OperationContext(
            principal: principal, gate: gate, policy: policy, now: now(),
            deadline: .after(requestTimeout))
    }

    /// One line for a failed operation: what the client was told, nothing more.
    func log(_ failure: Failure, operation: KMIP.Operation? = nil, in context: KMSRequestContext) {
        logger.info(
            "request failed",
            metadata: [
                "request": "\(context.id)", "user": "\(context.principal?.name ?? "none")",
                "operation": "\(operation.map { Cosmian422.name(of: $0) } ?? "none")",
                "reason": "\(Cosmian422.name(of: failure.reason))",
                "message": "\(failure.message)",
            ])
    }
}
