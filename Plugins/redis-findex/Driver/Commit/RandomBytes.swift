import PluginKit

/// Bytes of the host's generator, fetched some at a time: each is handed out once.
struct RandomBytes {
    private let host: Host
    private var reserve: [UInt8] = []

    private static let step = 240

    init(_ host: Host) { self.host = host }

    mutating func take(_ count: Int) throws(DriverFailure) -> [UInt8] {
        if reserve.count < count { reserve = try host.random(max(Self.step, count)) }
        defer { reserve.removeLast(count) }
        return Array(reserve.suffix(count))
    }

    mutating func nonce() throws(DriverFailure) -> [UInt8] { try take(GCM.nonceSize) }
}
