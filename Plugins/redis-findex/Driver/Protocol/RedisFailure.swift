import PluginKit

/// Turns what the server says into failures.
enum RedisFailure {
    /// - Parameter text: An error reply: a code in capitals and a text.
    static func make(_ text: String) -> DriverFailure {
        let code = text.prefix { $0 != " " }
        switch code {
        case "NOAUTH", "WRONGPASS", "NOPERM":
            return DriverFailure(.denied, "Redis: \(text)")
        case "READONLY", "LOADING", "BUSY", "MASTERDOWN", "TRYAGAIN", "NOREPLICAS", "MISCONF":
            return DriverFailure(.unavailable, "Redis: \(text)", flags: .retryable)
        case "OOM":
            return DriverFailure(.exhausted, "Redis: \(text)", flags: .retryable)
        case "MOVED", "ASK", "CROSSSLOT", "CLUSTERDOWN":
            return DriverFailure(.unsupported, "Redis: cluster mode is not supported: \(text)")
        default: break
        }
        // Redis 6 wraps what a command inside a script says.
        if text.contains("-OOM ") {
            return DriverFailure(.exhausted, "Redis: \(text)", flags: .retryable)
        }
        if text.contains("-READONLY ") {
            return DriverFailure(.unavailable, "Redis: \(text)", flags: .retryable)
        }
        if text.contains("invalid password") || text.contains("AUTH") {
            return DriverFailure(.denied, "Redis: \(text)")
        }
        return DriverFailure(.internal, "Redis: \(text)")
    }

    /// Whether the server behind the connection is of no more use: it no longer writes.
    static func endsConnection(_ text: String) -> Bool {
        text.hasPrefix("READONLY") || text.contains("-READONLY ") || text.hasPrefix("MASTERDOWN")
    }

    /// An answer of another shape than the command has.
    static let unexpected = DriverFailure(
        .internal, "Redis: the answer has another form than the command's: is there a proxy?")
}
