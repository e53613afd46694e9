import PluginKit
import SQLStore

/// The database on a PostgreSQL server, or on several of which one writes.
package typealias PostgresDriver = ServerDriver<PostgresConnection>

extension PostgresConnection: NetworkConnection {
    package static var engine: String { "PostgreSQL" }
    package static var dialect: Dialect { .postgres }

    package static func connector(
        _ options: OpenOptions, host: Host, isReadOnly: Bool
    ) throws(DriverFailure) -> ConnectionPool<PostgresConnection>.Connect {
        for name in ConnectionURL.forgetVariables() {
            host.log(.warning, "PostgreSQL: the variable \(name) does not count")
        }
        guard let text = options.text("database-url") else {
            throw .invalid("PostgreSQL: database-url is missing")
        }
        let url = try ConnectionURL(
            text, password: options.text("postgresql-password"), marker: try marker(host),
            isReadOnly: isReadOnly, host: host)
        let connecting = Connecting(
            url, host: host, timeout_ns: options.connectTimeout_ns, isReadOnly: isReadOnly)
        return { (call, latest_ns) throws(DriverFailure) in
            try connecting.connect(for: call, latest_ns: latest_ns)
        }
    }

    /// Tells the connections of one handle from those of others.
    private static func marker(_ host: Host) throws(DriverFailure) -> String {
        try host.random(8).map {
            String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)
        }.joined()
    }

    package static func isCollision(_ failure: DriverFailure) -> Bool {
        PostgresFailure.isCollision(failure)
    }
}
