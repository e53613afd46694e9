import CPlatform
import CPostgreSQL
import Glibc
import PluginKit

/// Where the database is and how to get in, as `database-url` says and nothing else.
///
/// libpq fills what it is not told from `PG*` variables, a service file, `~/.pgpass` and
/// `~/.postgresql`. So it is told everything: every option that it has is given, with the value from
/// the URL or a fixed one. An empty value counts as given.
struct ConnectionURL: Sendable {
    /// One server of the list, in the order of the URL.
    struct Server: Sendable {
        /// What libpq is told, NUL-terminated; holds the password.
        var parameters: SecureMemory
        /// `host:port`, for messages.
        var place: String
    }

    private(set) var servers: [Server] = []
    private(set) var sslmode = "prefer"
    /// The URL names it.
    private(set) var hasSSLMode = false
    private(set) var database = ""

    /// Values for what the URL leaves out. `/dev/null/none` is a file that cannot be: none is read
    /// from the home directory, and libpq does not complain about it.
    private static let fixed: [String: String] = [
        "port": "5432", "connect_timeout": "0", "client_encoding": "UTF8",
        "application_name": "claviger", "keepalives": "1", "keepalives_idle": "30",
        "keepalives_interval": "10", "keepalives_count": "3", "tcp_user_timeout": "30000",
        "sslmode": "prefer", "sslcompression": "0", "sslcert": "/dev/null/none",
        "sslkey": "/dev/null/none", "sslrootcert": "/dev/null/none", "sslcrl": "/dev/null/none",
        "sslsni": "1", "ssl_min_protocol_version": "TLSv1.2", "gssencmode": "disable",
        "krbsrvname": "postgres", "passfile": "/dev/null/none", "channel_binding": "prefer",
        "replication": "", "target_session_attrs": "any", "sslcertmode": "allow",
        "gssdelegation": "0", "load_balance_hosts": "disable", "sslnegotiation": "postgres",
    ]

    /// What would take from elsewhere, or make a connection that is none for us.
    private static let refused: Set<String> = [
        "service", "servicefile", "replication", "client_encoding", "authtype", "tty",
        "load_balance_hosts",
    ]

    /// - Parameters:
    ///   - password: Counts instead of the one in the URL.
    ///   - marker: What the connections of this handle are known by on the server.
    init(
        _ url: BorrowedText, password: BorrowedText?, marker: String, isReadOnly: Bool, host: Host
    ) throws(DriverFailure) {
        guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://") else {
            throw Self.malformed
        }
        var values = try Self.parse(url)
        defer { for key in values.keys { values[key]?.wipe() } }
        if let name = values.keys.first(where: Self.refused.contains) {
            throw .invalid("PostgreSQL: database-url: \(name) is not supported")
        }
        if let password, !password.isEmpty { values["password"] = Array(password.utf8) }
        try checkMode(&values, isReadOnly: isReadOnly)
        values["application_name"] = Array("claviger \(marker)".utf8)
        database = String(decoding: values["dbname"] ?? [], as: UTF8.self)
        guard !database.isEmpty, values["user"]?.isEmpty == false else { throw Self.malformed }
        try split(values, host: host)
    }

    private static let malformed = DriverFailure.invalid(
        "PostgreSQL: database-url must be postgres://user:password@host:5432/database, with options "
            + "of libpq behind a question mark; special characters in it as %XX")

    /// The parts of the URL by libpq's names for them.
    private static func parse(_ url: BorrowedText) throws(DriverFailure) -> [String: [UInt8]] {
        var text = Array(url.utf8) + [0]
        defer { text.wipe() }
        var message: UnsafeMutablePointer<CChar>?
        // NUL-terminated; libpq keeps nothing of it.
        let options = text.withUnsafeBufferPointer { text in
            text.withMemoryRebound(to: CChar.self) { PQconninfoParse($0.baseAddress, &message) }
        }
        // The message may quote the URL.
        if let message { PQfreemem(message) }
        guard let options else { throw malformed }
        defer { PQconninfoFree(options) }
        var values: [String: [UInt8]] = [:]
        var option = options
        // The list ends with an option without keyword.
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                let count = strlen(value)
                values[String(cString: keyword)] = Array(
                    UnsafeRawBufferPointer(start: value, count: count))
                platform_zeroize(value, count)
            }
            option += 1
        }
        return values
    }

    private mutating func checkMode(
        _ values: inout [String: [UInt8]], isReadOnly: Bool
    ) throws(DriverFailure) {
        if let mode = values["sslmode"] {
            sslmode = String(decoding: mode, as: UTF8.self)
            hasSSLMode = true
        }
        if sslmode.hasPrefix("verify"), values["sslrootcert"] == nil {
            throw .invalid("PostgreSQL: database-url: sslmode=\(sslmode) needs sslrootcert")
        }
        if values["sslcert"] != nil, values["sslkey"] == nil {
            throw .invalid("PostgreSQL: database-url: sslcert needs sslkey")
        }
        let wanted = values["target_session_attrs"].map { String(decoding: $0, as: UTF8.self) }
        if let wanted, !["any", "read-write", "primary"].contains(wanted), !isReadOnly {
            throw .invalid(
                "PostgreSQL: database-url: target_session_attrs=\(wanted): the server writes")
        }
        if wanted == nil, !isReadOnly { values["target_session_attrs"] = Array("read-write".utf8) }
    }

    /// One set of parameters for each host: libpq would give all of them one time limit.
    private mutating func split(
        _ values: [String: [UInt8]], host services: Host
    ) throws(DriverFailure) {
        let list = { (name: String) in
            (values[name] ?? []).split(
                separator: UInt8(ascii: ","), omittingEmptySubsequences: false
            )
            .map { Array($0) }
        }
        let hosts = list("host")
        let addresses = list("hostaddr")
        let ports = list("port")
        let count = max(hosts.count, addresses.count, 1)
        guard hosts.count <= 1 || hosts.count == count,
            addresses.count <= 1 || addresses.count == count,
            ports.count <= 1 || ports.count == count
        else { throw Self.malformed }
        for index in 0..<count {
            var one = values
            one["host"] = hosts.count == count ? hosts[index] : hosts.first
            one["hostaddr"] = addresses.count == count ? addresses[index] : addresses.first
            one["port"] = ports.count == count ? ports[index] : ports.first
            if one["port"]?.isEmpty == true { one["port"] = nil }
            let name = [one["host"], one["hostaddr"]].compactMap(\.self).first { !$0.isEmpty }
            guard let name else { throw .invalid("PostgreSQL: database-url names no host") }
            let port = one["port"].map { String(decoding: $0, as: UTF8.self) } ?? "5432"
            guard let number = UInt16(port), number > 0 else { throw Self.malformed }
            var text = Self.text(one)
            defer { text.wipe() }
            servers.append(
                Server(
                    parameters: try text.withBorrowedBytes { (bytes) throws(DriverFailure) in
                        try services.secureMemory(copying: bytes)
                    }, place: "\(String(decoding: name, as: UTF8.self)):\(port)"))
        }
    }

    /// `keyword='value'` for every option that this libpq knows, NUL-terminated.
    private static func text(_ values: [String: [UInt8]]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(4096)  // not left behind by growing: it holds the password
        for keyword in keywords {
            text += Array(keyword.utf8) + [UInt8(ascii: "="), UInt8(ascii: "'")]
            for byte in values[keyword] ?? Array((fixed[keyword] ?? "").utf8) {
                if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") {
                    text.append(UInt8(ascii: "\\"))
                }
                text.append(byte)
            }
            text += [UInt8(ascii: "'"), UInt8(ascii: " ")]
        }
        return text + [0]
    }

    /// Every option of this libpq but those that name a service: an empty one would be looked for.
    private static let keywords: [String] = {
        guard let options = PQconninfoParse("", nil) else { return [] }
        defer { PQconninfoFree(options) }
        var names: [String] = []
        var option = options
        while let keyword = option.pointee.keyword {
            names.append(String(cString: keyword))
            option += 1
        }
        return names.filter { !["service", "servicefile", "authtype", "tty"].contains($0) }
    }()

    /// Variables that libpq reads although no parameter overrides them.
    ///
    /// - Returns: Those that were set and are no more.
    static func forgetVariables() -> [String] {
        ["PGSERVICE", "PGSERVICEFILE", "PGTZ", "PGDATESTYLE", "PGGEQO"].filter { name in
            guard getenv(name) != nil else { return false }
            return unsetenv(name) == 0
        }
    }
}

extension [UInt8] {
    /// Overwrites the bytes.
    mutating func wipe() {
        withUnsafeMutableBytes { bytes in
            if let base = bytes.baseAddress { platform_zeroize(base, bytes.count) }
        }
    }
}

extension BorrowedText {
    fileprivate func hasPrefix(_ prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }
}
