import KMIP
import PluginLoader

/// What one request carries through the operations.
package struct OperationContext: Sendable {
    let principal: Principal
    let gate: Gate
    let policy: OperationPolicy
    /// Seconds since 1970-01-01 UTC, read once for the request.
    let now: Int64
    let deadline: Deadline
    /// Where the operations of the request are recorded; nil without an audit log.
    var audit: AuditTrail?
    /// Where they are counted; nil where nothing is.
    var metrics: ServerMetrics?
    /// Objects that one driver call brought for neighbouring items of a batch.
    var prefetched: [String: LoadedObject] = [:]

    var store: ObjectStore { gate.store }
}

/// Settings that operations obey.
struct OperationPolicy: Sendable {
    /// Objects that Revoke leaves alone without saying so.
    var nonRevocableUIDs: Set<String> = []
}
