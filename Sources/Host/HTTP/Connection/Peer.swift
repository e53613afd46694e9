import NIOCore

/// The client's end of a connection, made once for all its requests.
package final class Peer: Sendable {
    /// Without the port: `192.0.2.1`. "unknown" for what has none.
    let address: String
    /// Nil for plain HTTP.
    let tls: TLSSession?

    init(_ channel: any Channel, tls: TLSSession?) {
        address = channel.remoteAddress?.ipAddress ?? "unknown"
        self.tls = tls
    }
}
