import KMIP
import Metrics
import Synchronization

/// What the server counts about itself: few series, none of which a client can multiply.
package final class ServerMetrics: Sendable {
    /// How an operation ended, as far as that is worth a series.
    enum Outcome: String, CaseIterable { case success, denied, failure, unavailable }

    private struct Instruments: Sendable {
        var counters: [Outcome: Counter]
        var duration: Timer
    }

    private let operations = Mutex<[KMIP.Operation: Instruments]>([:])
    private let refusals: [Refusal: Counter]
    private let store: PrometheusStore

    /// Why a request did not come as far as an operation.
    enum Refusal: String, CaseIterable { case host, authentication, rate, connections }

    /// - Parameter store: What swift-metrics was started with.
    package init(_ store: PrometheusStore) {
        self.store = store
        refusals = Dictionary(
            uniqueKeysWithValues: Refusal.allCases.map {
                ($0, Counter(label: "kms_refused_total", dimensions: [("reason", $0.rawValue)]))
            })
    }

    func count(_ refusal: Refusal) { refusals[refusal]?.increment() }

    /// - Parameter failure: Nil for a success.
    func count(_ operation: KMIP.Operation, _ failure: Failure?, took duration: Duration) {
        let instruments = operations.withLock { operations in
            if let known = operations[operation] { return known }
            let made = Self.instruments(of: operation)
            operations[operation] = made
            return made
        }
        instruments.counters[Outcome(failure)]?.increment()
        instruments.duration.recordNanoseconds(
            duration.components.seconds * 1_000_000_000
                + duration.components.attoseconds / 1_000_000_000)
    }

    private static func instruments(of operation: KMIP.Operation) -> Instruments {
        let label = ("operation", Cosmian422.name(of: operation))
        return Instruments(
            counters: Dictionary(
                uniqueKeysWithValues: Outcome.allCases.map {
                    (
                        $0,
                        Counter(
                            label: "kms_operations_total", dimensions: [label, ("result", $0.rawValue)])
                    )
                }),
            duration: Timer(label: "kms_operation_duration_seconds", dimensions: [label]))
    }

    /// What is looked at when somebody asks.
    struct Moment {
        var isDatabaseUp: Bool
        /// Nil without an audit log.
        var isAuditUp: Bool?
        var connections: Int
        var cachedObjects: Int
        /// Of the server's certificate, in seconds since 1970-01-01 UTC; nil without TLS.
        var certificateEnd: Int64?
    }

    /// Everything, in the text form of Prometheus.
    func text(at moment: Moment) -> String {
        Gauge(label: "kms_database_up").record(moment.isDatabaseUp ? 1 : 0)
        if let isUp = moment.isAuditUp { Gauge(label: "kms_audit_up").record(isUp ? 1 : 0) }
        Gauge(label: "kms_connections").record(moment.connections)
        Gauge(label: "kms_key_cache_objects").record(moment.cachedObjects)
        if let end = moment.certificateEnd {
            Gauge(label: "kms_certificate_expiry_timestamp_seconds").record(end)
        }
        return store.text()
    }
}

extension ServerMetrics.Outcome {
    fileprivate init(_ failure: Failure?) {
        guard let failure else {
            self = .success
            return
        }
        switch failure.reason {
        case .permissionDenied, .itemNotFound, .objectNotFound: self = .denied
        default: self = failure.kind == .unavailable ? .unavailable : .failure
        }
    }
}
