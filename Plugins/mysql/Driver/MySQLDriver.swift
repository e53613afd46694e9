import PluginKit
import SQLStore

/// The database on a MariaDB or MySQL server, or on the nodes of a cluster.
package typealias MySQLDriver = ServerDriver<MySQLConnection>

extension MySQLConnection: NetworkConnection {
    package static var engine: String { "MySQL" }
    package static var dialect: Dialect { .mysql }

    package static func connector(
        _ options: OpenOptions, host: Host, isReadOnly: Bool
    ) throws(DriverFailure) -> ConnectionPool<MySQLConnection>.Connect {
        for name in ClientLibrary.forgetVariables() {
            host.log(.warning, "MySQL: the variable \(name) does not count")
        }
        let connecting = try connecting(options, host, isReadOnly: isReadOnly)
        return { (call, latest_ns) throws(DriverFailure) in
            try connecting.connect(for: call, latest_ns: latest_ns)
        }
    }

    private static func connecting(
        _ options: OpenOptions, _ host: Host, isReadOnly: Bool
    ) throws(DriverFailure) -> Connecting {
        guard let text = options.text("database-url") else {
            throw .invalid("MySQL: database-url is missing")
        }
        let url = try ConnectionURL(text, host: host)
        var certificate: ClientCertificate?
        if let file = options.text("mysql-user-cert-file"), !file.isEmpty {
            certificate = try ClientCertificate(
                file: String(file), password: options.text("mysql-user-cert-password"), host: host)
        }
        let given = options.text("mysql-ssl-mode").map { String($0) } ?? ""
        let caFile = options.text("mysql-ca-file").map { String($0) } ?? ""
        let security = try TransportSecurity(
            mode: url.sslMode ?? TransportSecurity.Mode(rawValue: given),
            caFile: url.caFile ?? (caFile.isEmpty ? nil : caFile), certificate: certificate)
        guard let user = url.user ?? certificate?.commonName else {
            throw .invalid(
                certificate == nil
                    ? "MySQL: database-url names no user"
                    : "MySQL: database-url names no user, and the certificate has no common name")
        }
        var password = url.password
        if let secret = options.text("mysql-password"), !secret.isEmpty {
            password = try host.secureMemory(copying: secret.utf8)
        }
        return Connecting(
            url, user: user, password: password, security: security, certificate: certificate,
            host: host,
            timeout_ns: options.connectTimeout_ns,
            isReadOnly: isReadOnly)
    }

    package static func isCollision(_ failure: DriverFailure) -> Bool {
        MySQLFailure.isCollision(failure)
    }
}
