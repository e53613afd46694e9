import PluginKit

/// Where the server is and how to get in, as `database-url` says.
package struct RedisURL: Sendable {
    /// The server; with sentinels, which know it, the first of these.
    package var place: Place
    /// Who is asked where the master is; empty: nobody.
    package var sentinels: [Place] = []
    /// What the sentinels call it.
    package var service = ""
    package var usesTLS = false
    /// Empty: `AUTH` with the password alone.
    package var user = ""
    package var password: SecureMemory?
    package var database = 0

    private enum Form { case host, unix, sentinels }

    private static let schemes: [(scheme: String, usesTLS: Bool, form: Form)] = [
        ("redis://", false, .host), ("rediss://", true, .host), ("redis+unix://", false, .unix),
        ("redis-sentinel://", false, .sentinels),
    ]

    /// Nothing of the URL is in the failures: a password may stand in any part of a malformed one.
    package init(_ text: BorrowedText, host: Host) throws(DriverFailure) {
        var bytes = Array(text.utf8)
        defer { bytes.wipe() }
        guard
            let (scheme, usesTLS, form) = Self.schemes.first(where: {
                bytes.starts(with: $0.scheme.utf8)
            })
        else { throw Self.malformed }
        self.usesTLS = usesTLS
        var rest = bytes[scheme.utf8.count...]
        place = .unix(path: "")
        if form == .unix {
            try readUnix(rest, host)
            return
        }
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
            try readCredentials(rest[..<at], host)
            rest = rest[(at + 1)...]
        }
        if form == .sentinels {
            try readSentinels(rest)
            return
        }
        if let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
            let number = rest[(slash + 1)...]
            database = number.isEmpty ? 0 : try Self.number(number, most: 1_000_000)
            rest = rest[..<slash]
        }
        place = try Self.address(rest)
    }

    private static let malformed = DriverFailure.invalid(
        "Redis: database-url must be redis://user:password@host:6379/0, rediss:// for TLS, "
            + "redis+unix:///path?db=0&user=...&pass=..., or redis-sentinel://one:26379,two:26379/name/0; "
            + "special characters as %XX")

    private static func address(
        _ text: ArraySlice<UInt8>, port standard: UInt16 = 6379
    ) throws(DriverFailure) -> Place {
        var host = text
        var port = standard
        let hasBrackets = text.first == UInt8(ascii: "[")
        let end = hasBrackets ? text.lastIndex(of: UInt8(ascii: "]")) : text.startIndex
        guard let end else { throw malformed }
        if let colon = text[end...].firstIndex(of: UInt8(ascii: ":")) {
            port = UInt16(try number(text[(colon + 1)...], most: 65535))
            host = text[..<colon]
        }
        if hasBrackets { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, port > 0, hasBrackets || !host.contains(UInt8(ascii: ":")) else {
            throw malformed
        }
        return .tcp(host: String(decoding: try decoded(host), as: UTF8.self), port: port)
    }

    /// `host:port,host:port/name/database`.
    private mutating func readSentinels(_ text: ArraySlice<UInt8>) throws(DriverFailure) {
        let parts = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), !parts[1].isEmpty else { throw Self.malformed }
        for one in parts[0].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            sentinels.append(try Self.address(one, port: 26379))
        }
        place = sentinels[0]
        service = String(decoding: try Self.decoded(parts[1]), as: UTF8.self)
        if parts.count == 3, !parts[2].isEmpty {
            database = try Self.number(parts[2], most: 1_000_000)
        }
    }

    private mutating func readCredentials(
        _ text: ArraySlice<UInt8>, _ host: Host
    ) throws(DriverFailure) {
        let colon = text.firstIndex(of: UInt8(ascii: ":"))
        user = String(decoding: try Self.decoded(text[..<(colon ?? text.endIndex)]), as: UTF8.self)
        if let colon { try set(password: text[(colon + 1)...], host) }
    }

    private mutating func set(
        password text: ArraySlice<UInt8>, _ host: Host
    ) throws(DriverFailure) {
        var plain = try Self.decoded(text)
        defer { plain.wipe() }
        guard !plain.isEmpty else { return }
        password = try plain.withBorrowedBytes { (bytes) throws(DriverFailure) in
            try host.secureMemory(copying: bytes)
        }
    }

    private mutating func readUnix(_ text: ArraySlice<UInt8>, _ host: Host) throws(DriverFailure) {
        let question = text.firstIndex(of: UInt8(ascii: "?"))
        let path = try Self.decoded(text[..<(question ?? text.endIndex)])
        guard path.first == UInt8(ascii: "/") else { throw Self.malformed }
        place = .unix(path: String(decoding: path, as: UTF8.self))
        guard let question else { return }
        for item in text[(question + 1)...].split(separator: UInt8(ascii: "&")) {
            guard let equals = item.firstIndex(of: UInt8(ascii: "=")) else { throw Self.malformed }
            let value = item[(equals + 1)...]
            switch String(decoding: item[..<equals], as: UTF8.self) {
            case "db": database = try Self.number(value, most: 1_000_000)
            case "user": user = String(decoding: try Self.decoded(value), as: UTF8.self)
            case "pass": try set(password: value, host)
            default: throw Self.malformed
            }
        }
    }

    private static func number(_ text: ArraySlice<UInt8>, most: Int) throws(DriverFailure) -> Int {
        guard (1...7).contains(text.count), let number = Int(String(decoding: text, as: UTF8.self)),
            (0...most).contains(number)
        else { throw malformed }
        return number
    }

    /// Without the %XX; a NUL is refused.
    private static func decoded(_ text: ArraySlice<UInt8>) throws(DriverFailure) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                plain.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit),
                let low = rest.popFirst().flatMap(digit)
            else { throw malformed }
            plain.append(high << 4 | low)
        }
        guard !plain.contains(0) else { throw malformed }
        return plain
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
