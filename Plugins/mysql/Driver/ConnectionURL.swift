import PluginKit

/// Where the database is and how to get in, as `database-url` says:
/// `mysql://user:password@host:3306/database?ssl-mode=verify-identity`.
///
/// The part behind `@` may list several hosts, of which any will do: the nodes of a cluster.
struct ConnectionURL: Sendable {
    struct Server: Sendable, Equatable {
        var host: String
        var port: UInt32
        /// A socket of this machine instead of host and port.
        var socket: String?

        /// For messages.
        var place: String {
            socket ?? (host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)")
        }
    }

    private(set) var servers: [Server] = []
    /// Nil when the URL names none.
    private(set) var user: String?
    private(set) var password: SecureMemory?
    private(set) var database = ""
    private(set) var sslMode: TransportSecurity.Mode?
    private(set) var caFile: String?

    private static let schemes = ["mysql://", "mariadb://"]
    private static let usualPort: UInt32 = 3306

    static let malformed = DriverFailure.invalid(
        "MySQL: database-url must be mysql://user:password@host:3306/database, with ssl-mode, ssl-ca or "
            + "socket behind a question mark; special characters in it as %XX")

    init(_ url: BorrowedText, host services: Host) throws(DriverFailure) {
        var text = Array(url.utf8)
        defer { text.wipe() }
        guard let scheme = Self.schemes.first(where: { text.starts(with: $0.utf8) }) else {
            throw Self.malformed
        }
        let rest = text[scheme.utf8.count...]
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        var path = rest[authority.endIndex...].prefix { $0 != UInt8(ascii: "?") }
        let query = rest[path.endIndex...].dropFirst()
        if path.first == UInt8(ascii: "/") { path = path.dropFirst() }
        database = try Self.text(path)
        guard !database.isEmpty else { throw Self.malformed }
        var hosts = authority
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            try readUser(authority[..<at], services)
            hosts = authority[(at + 1)...]
        }
        let socket = try readOptions(query)
        try readHosts(hosts, socket: socket)
    }

    private mutating func readUser(
        _ text: ArraySlice<UInt8>, _ services: Host
    ) throws(DriverFailure) {
        let name = text.prefix { $0 != UInt8(ascii: ":") }
        user = name.isEmpty ? nil : try Self.text(name)
        guard name.endIndex < text.endIndex else { return }
        var secret = try Self.decoded(text[(name.endIndex + 1)...])
        defer { secret.wipe() }
        guard !secret.isEmpty else { return }
        password = try secret.withBorrowedBytes { (bytes) throws(DriverFailure) in
            try services.secureMemory(copying: bytes)
        }
    }

    private mutating func readHosts(
        _ text: ArraySlice<UInt8>, socket: String?
    ) throws(DriverFailure) {
        for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            // An IPv6 address stands in brackets, as it has colons of its own.
            let isBracketed = part.first == UInt8(ascii: "[")
            let end =
                isBracketed
                ? part.firstIndex(of: UInt8(ascii: "]")) : part.firstIndex(of: UInt8(ascii: ":"))
            guard !isBracketed || end != nil else { throw Self.malformed }
            let name =
                isBracketed
                ? part[..<(end ?? part.endIndex)].dropFirst() : part[..<(end ?? part.endIndex)]
            let tail =
                isBracketed
                ? part[(end ?? part.endIndex)...].dropFirst() : part[(end ?? part.endIndex)...]
            var server = Server(host: try Self.text(name), port: Self.usualPort, socket: socket)
            if !tail.isEmpty {
                guard tail.first == UInt8(ascii: ":"),
                    let port = UInt32(String(decoding: tail.dropFirst(), as: UTF8.self)),
                    (1...65535).contains(port)
                else { throw Self.malformed }
                server.port = port
            }
            guard !server.host.isEmpty || socket != nil else {
                throw .invalid("MySQL: database-url names no host")
            }
            servers.append(server)
        }
    }

    /// Returns the socket, if there is one.
    private mutating func readOptions(_ query: ArraySlice<UInt8>) throws(DriverFailure) -> String? {
        var socket: String?
        for item in query.split(separator: UInt8(ascii: "&")) {
            let name = item.prefix { $0 != UInt8(ascii: "=") }
            let value = try Self.text(item[name.endIndex...].dropFirst())
            switch String(decoding: name, as: UTF8.self) {
            case "ssl-mode":
                guard
                    let mode = TransportSecurity.Mode(
                        rawValue: TransportSecurity.Mode.normal(value))
                else {
                    throw .invalid(
                        "MySQL: database-url: ssl-mode is one of "
                            + TransportSecurity.Mode.allCases.map(\.rawValue).joined(
                                separator: ", "))
                }
                sslMode = mode
            case "ssl-ca": caFile = value
            case "socket": socket = value
            default:
                // The name may be a part of a password that should have been written with %XX.
                throw .invalid(
                    "MySQL: database-url: the options behind ? are ssl-mode, ssl-ca and socket")
            }
        }
        return socket
    }

    /// `%XX` resolved.
    private static func decoded(_ text: ArraySlice<UInt8>) throws(DriverFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)  // not left behind by growing: it may be the password
        var index = text.startIndex
        while index < text.endIndex {
            guard text[index] == UInt8(ascii: "%") else {
                bytes.append(text[index])
                index += 1
                continue
            }
            guard text.endIndex - index > 2, let high = digit(text[index + 1]),
                let low = digit(text[index + 2])
            else { throw malformed }
            bytes.append(high << 4 | low)
            index += 3
        }
        // The client library takes texts that end with a zero byte.
        guard !bytes.contains(0) else { throw malformed }
        return bytes
    }

    private static func text(_ text: ArraySlice<UInt8>) throws(DriverFailure) -> String {
        guard let text = String(validating: try decoded(text), as: UTF8.self) else {
            throw malformed
        }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
