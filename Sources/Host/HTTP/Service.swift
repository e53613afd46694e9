import KMIP
import Logging
import PluginLoader

/// What the handlers of all routes share: the objects behind their gate, and how a request begins.
package struct Service: Sendable {
    let gate: Gate
    package let dispatch = Dispatch()
    let logger: Logger
    private let policy: OperationPolicy
    /// Nil where none is configured.
    let audit: AuditLog?
    /// Nil where nothing is counted.
    let metrics: ServerMetrics?
    private let requestTimeout: Duration
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - database: Ready; stays open as long as the service is used.
    ///   - now: Seconds since 1970-01-01 UTC.
    package init(
        database: Database, settings: Settings, audit: AuditLog? = nil,
        metrics: ServerMetrics? = nil, logger: Logger,
        now: @escaping @Sendable () -> Int64
    ) {
        gate = Gate(
            store: ObjectStore(
                database: database, cache: ObjectCache(capacity: settings.keyCacheSize),
                logger: logger))
        policy = OperationPolicy(nonRevocableUIDs: Set(settings.nonRevocableKeyIDs))
        requestTimeout = settings.requestTimeout
        self.audit = audit
        self.metrics = metrics
        self.logger = logger
        self.now = now
    }

    /// The context of a new request.
    package func context(for principal: Principal) -> OperationContext {
        var context = OperationContext(
            principal: principal, gate: gate, policy: policy, now: now(),
            deadline: .after(requestTimeout))
        context.metrics = metrics
        return context
    }

    /// The context of a request that came over HTTP and was let in.
    func context(for request: KMSRequestContext) throws -> OperationContext {
        let user = try request.user()
        var context = context(for: user)
        if let audit {
            var record = AuditRecord("")
            record.user = user.name
            record.credential = user.credential.auditText
            record.address = request.peer?.address ?? ""
            record.request = request.id
            record.trace = request.trace?.traceID ?? ""
            context.audit = AuditTrail(audit, record)
        }
        return context
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
