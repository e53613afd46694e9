import PluginKit
import SQLStore

/// Brings a database to the schema that this driver writes.
struct Upgrade {
    let connection: RedisConnection
    let door: VaultDoor
    let host: Host

    private static let attempts = 16

    func run() throws(DriverFailure) {
        for _ in 0..<Self.attempts {
            switch try door.inspect(connection) {
            case .empty: try door.create(connection)
            case .foreign(let format): throw Self.foreign(format)
            case .vault(let vault):
                let metadata = vault.metadata
                switch metadata.contextState {
                case .ahead: throw Self.ahead(metadata)
                case .ready where !isNewer(than: metadata): return
                case .upgrading where metadata.state == .clearing:
                    try Eraser(connection: connection, door: door).resume()
                default:
                    // There is one schema so far, so there is nothing to work on.
                    _ = try door.change(vault, connection) { metadata in
                        metadata.schema = Metadata.supported
                        metadata.state = .ready
                        if isNewer(than: metadata) { metadata.host = host.version }
                    }
                }
            }
        }
        throw DriverFailure(.upgrading, "Redis: others are at it", flags: .retryable)
    }

    func plan() throws(DriverFailure) -> [String] {
        switch try door.inspect(connection) {
        case .empty: return ["make kms:rf1 and the check record, with a new salt"]
        case .foreign(let format): throw Self.foreign(format)
        case .vault(let vault):
            switch vault.metadata.contextState {
            case .ahead: throw Self.ahead(vault.metadata)
            case .ready: return []
            default:
                return [
                    vault.metadata.state == .clearing
                        ? "go on deleting everything" : "set the schema to \(Metadata.supported)"
                ]
            }
        }
    }

    private func isNewer(than metadata: Metadata) -> Bool {
        Version(metadata.host) < Version(host.version)
    }

    private static func foreign(_ format: String) -> DriverFailure {
        let whose =
            format.isEmpty
            ? "something else" : "a database of \(format): import it into another database number"
        return DriverFailure(
            .unsupported, "Redis: the database holds \(whose); nothing was changed")
    }

    private static func ahead(_ metadata: Metadata) -> DriverFailure {
        DriverFailure(
            .unsupported,
            "Redis: the database has schema \(metadata.schema) of version \(metadata.host), which this "
                + "driver is too old for: it writes schema \(Metadata.supported)")
    }
}

extension Metadata {
    var contextState: SchemaContext.State {
        if schema > Metadata.supported { return .ahead }
        if state != .ready { return .upgrading }
        return schema < Metadata.supported ? .behind : .ready
    }
}
