import PluginKit

/// Turns what the server says into failures.
/// https://www.postgresql.org/docs/current/errcodes-appendix.html
enum PostgresFailure {
    /// - Parameters:
    ///   - state: SQLSTATE, five characters.
    ///   - message: The server's primary message.
    static func make(state: String, message: String) -> DriverFailure {
        var failure = DriverFailure(
            .internal, "PostgreSQL: \(message) (SQLSTATE \(state))", nativeState: state)
        switch state {
        case "57014":
            // Only the session's statement_timeout stops statements, and it follows the deadline.
            failure = .deadline
            failure.nativeState = state
        case "42P01", "42703", "3F000":
            // Our texts are fixed: what is not there, nobody has made yet, or somebody has replaced.
            failure = .upgrading
            failure.nativeState = state
        case "42501":
            failure.status = .denied
            failure.message += ": grant the right to the role in database-url"
        case "28000", "28P01":
            failure.status = .denied
        case "25006":
            failure.message =
                "PostgreSQL: the server only reads: a standby, or set so (SQLSTATE \(state))"
            retryable(&failure, .unavailable)
        case "3D000":
            failure.status = .unavailable
        case "23505":
            failure.status = .exists
        case "53100":
            failure.status = .exhausted
        case "0A000", "26000":
            // A prepared statement that no longer fits or, behind a proxy, is not ours.
            retryable(&failure, .unavailable)
        case "55P03", "40001", "40P01", "40003":
            retryable(&failure, .unavailable)
        case "XX001", "XX002":
            failure.status = .corrupt
        case _ where state.hasPrefix("08") || state.hasPrefix("57P"):
            retryable(&failure, .unavailable)
        case _ where state.hasPrefix("53"):
            retryable(&failure, .exhausted)
        case _ where state.hasPrefix("58"):
            failure.status = .unavailable
        default:
            break
        }
        return failure
    }

    private static func retryable(_ failure: inout DriverFailure, _ status: Status) {
        failure.status = status
        failure.flags = .retryable
    }

    /// The connection broke; what was not committed is undone.
    static func lost(_ detail: String) -> DriverFailure {
        DriverFailure(
            .unavailable, "PostgreSQL: the connection was lost: \(detail)", flags: .retryable)
    }

    /// Whether the connection, or the server behind it, is of no more use.
    static func endsConnection(_ state: String) -> Bool {
        state == "25006" || state == "0A000" || state == "26000" || state.hasPrefix("08")
            || state.hasPrefix("57P")
    }

    /// Whether the same writes, done again at once, will probably succeed: two transactions met.
    static func isCollision(_ failure: DriverFailure) -> Bool {
        (failure.nativeState == "40001" || failure.nativeState == "40P01")
            && !failure.flags.contains(.inDoubt)
    }

    /// Takes apart what libpq says when it cannot connect, in its verbose form: the server's message
    /// stands behind `: SQLSTATE: `.
    static func connecting(_ text: String, to place: String) -> DriverFailure {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard let state = sqlState(in: line) else {
            return DriverFailure(
                .unavailable, "PostgreSQL: cannot connect to \(place): \(reason(in: line))",
                flags: .retryable)
        }
        let said = line.components(after: "\(state): ")
        var failure = make(state: state, message: said)
        failure.message = "PostgreSQL: \(place) refused the connection: \(said) (SQLSTATE \(state))"
        if state == "42P01" || state == "3F000" { failure.status = .unavailable }
        return failure
    }

    /// Behind `failed: `, where libpq has repeated the place.
    private static func reason(in line: String) -> String {
        line.contains(" failed: ") ? line.components(after: " failed: ") : line
    }

    /// Five capital letters or digits between ":  " and ": ".
    private static func sqlState(in line: String) -> String? {
        let utf8 = Array(line.utf8)
        let isCode = { (byte: UInt8) in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        }
        guard utf8.count > 10 else { return nil }
        for start in 3..<(utf8.count - 6)
        where utf8[start - 1] == UInt8(ascii: " ") && utf8[start - 2] == UInt8(ascii: " ")
            && utf8[start + 5] == UInt8(ascii: ":")
            && utf8[start..<start + 5].allSatisfy(isCode)
        {
            return String(decoding: utf8[start..<start + 5], as: UTF8.self)
        }
        return nil
    }
}

extension String {
    /// What follows the first `mark`; empty when it is not there.
    fileprivate func components(after mark: String) -> String {
        let mark = Array(mark.utf8)
        let utf8 = Array(self.utf8)
        guard let found = utf8.firstRange(of: mark) else { return "" }
        return String(decoding: utf8[found.upperBound...], as: UTF8.self)
    }
}
