import PluginKit

/// Turns what the server and the client library say into failures.
/// https://mariadb.com/kb/en/mariadb-error-codes/
enum MySQLFailure {
    /// Two transactions met, or a node of a cluster gave way to another.
    private static let collisions: Set<UInt32> = [1205, 1213]

    /// The connection, or the server behind it, is of no more use.
    static func endsConnection(_ code: UInt32) -> Bool {
        switch code {
        case 2000..<3000: true  // the client library's own
        case 1047, 1053, 1077, 1079, 1152, 1153, 1158...1161, 1184, 1290, 1792, 1836, 1927, 4031:
            true
        default: false
        }
    }

    /// - Parameters:
    ///   - code: The number of the error.
    ///   - state: SQLSTATE, five characters.
    ///   - message: The server's words.
    static func make(code: UInt32, state: String, message: String) -> DriverFailure {
        var failure = DriverFailure(
            .internal, "MySQL: \(message) (error \(code))", nativeCode: Int64(code),
            nativeState: state)
        switch code {
        case 1146, 1054, 1051, 1072, 1091:
            // Our texts are fixed: what is not there, nobody has made yet, or somebody has replaced.
            failure = .upgrading
            failure.nativeCode = Int64(code)
            failure.nativeState = state
        case 1044, 1142, 1143, 1370, 1227:
            failure.status = .denied
            failure.message += ": grant the right to the user in database-url"
        case 1045, 1698, 1862, 1820, 3118, 4151, 1130, 1129:
            failure.status = .denied
        case 1290, 1792, 1836:
            failure.message = "MySQL: the server only reads: a replica, or set so (error \(code))"
            retryable(&failure, .unavailable)
        case 1049:
            failure.status = .unavailable
        case 1062, 1586:
            failure.status = .exists
            failure.message = "MySQL: there is such a row already (error \(code))"
        case 1264, 1292, 1366, 1406:
            failure.message = "MySQL: a value does not fit its column (error \(code))"
        case 1153, 1301:
            failure.status = .exhausted
            failure.message =
                "MySQL: an object is too large for the server: raise max_allowed_packet "
                + "(error \(code))"
        case 1021, 1114, 1461, 3:
            failure.status = .exhausted
        case 1037, 1038, 1040, 1041, 1203, 1206, 1226, 1135:
            retryable(&failure, .exhausted)
        case 1205, 1213:
            retryable(&failure, .unavailable)
        case 1317, 1969, 3024:
            // Statements are stopped by max_statement_time, which follows the deadline.
            failure.status = code == 1317 ? .unavailable : .deadline
            failure.flags = code == 1317 ? .retryable : []
        case 1034, 1035, 1194, 1195, 1712, 1877:
            failure.status = .corrupt
        case 1047, 1053, 1077, 1079, 1152, 1158...1161, 1184, 1180, 1181, 1243, 1615, 1927, 4031:
            retryable(&failure, .unavailable)
        case 2000..<3000:
            failure = lost("\(message) (error \(code))")
            failure.nativeCode = Int64(code)
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
            .unavailable, "MySQL: the connection was lost: \(detail)", flags: .retryable)
    }

    /// Whether the same writes, done again at once, will probably succeed.
    static func isCollision(_ failure: DriverFailure) -> Bool {
        collisions.contains(UInt32(clamping: failure.nativeCode))
            && !failure.flags.contains(.inDoubt)
    }

    /// What went wrong before the connection stood.
    static func connecting(
        code: UInt32, state: String, message: String, to place: String, hasCertificate: Bool
    ) -> DriverFailure {
        var failure = make(code: code, state: state, message: message)
        switch code {
        case 2026:
            failure = tls(message, place)
        case 2054, 2058...2061:
            failure.status = .denied
            failure.flags = []
            failure.message =
                "MySQL: \(place) wants another way to log in than the client library has: \(message)"
        case 2000..<3000:
            failure.message = "MySQL: cannot connect to \(place): \(message)"
            // How TLS 1.3 shows it: the server hangs up where it would answer.
            if message.contains("authori") || message.contains("authenti"), hasCertificate {
                failure.message += "; it may have refused the certificate in mysql-user-cert-file"
            }
        default:
            failure.message = "MySQL: \(place) refused the connection: \(message) (error \(code))"
            if code == 1045, hasCertificate {
                failure.message += ": is it the certificate that the user is required to have?"
            }
        }
        if failure.status == .upgrading { failure.status = .unavailable }
        failure.nativeCode = Int64(code)
        failure.nativeState = state
        return failure
    }

    /// A certificate that is refused stays so; anything else may be a server that goes away.
    private static func tls(_ message: String, _ place: String) -> DriverFailure {
        let words = ["certificate", "verif", "alert", "not support", "required", "host", "version"]
        let lowercased = message.lowercased()
        let isLasting = words.contains { lowercased.contains($0) }
        return DriverFailure(
            isLasting ? .denied : .unavailable,
            "MySQL: no encrypted connection to \(place): \(message)",
            flags: isLasting ? [] : .retryable)
    }
}
