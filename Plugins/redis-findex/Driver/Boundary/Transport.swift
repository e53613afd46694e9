import PluginKit
import SQLStore

/// A stream of bytes to a server, plain or through TLS.
final class Transport {
    private let socket: Socket
    private let tls: TLSSession?
    /// For what goes through it: of one thread, reused.
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    var place: Place { socket.place }
    var isQuiet: Bool { socket.isQuiet }

    /// Connects and, with TLS, proves who the server is.
    init(to place: Place, tls settings: TLSSettings?, watch: CallWatch) throws(DriverFailure) {
        socket = try Socket.connect(to: place, watch: watch)
        guard let settings else {
            tls = nil
            return
        }
        guard case .tcp(let host, _) = place else { throw .invalid("Redis: TLS needs a host") }
        let session = try TLSSession(settings, name: host)
        tls = session
        while case .wantsInput = try session.handshake() {
            try flush(session)
            try receiveCiphertext(session)
        }
        try flush(session)
    }

    func close() { socket.close() }
    func lost(_ reason: String) -> DriverFailure { socket.lost(reason) }

    func send(_ bytes: [UInt8]) throws(DriverFailure) {
        try bytes.withBorrowedBytes { (bytes) throws(DriverFailure) in
            try bytes.withUnsafeBytes { (bytes) throws(DriverFailure) in
                guard let tls else { return try socket.send(bytes) }
                var rest = bytes[...]
                while !rest.isEmpty {
                    switch try tls.write(UnsafeRawBufferPointer(rebasing: rest)) {
                    case .done(let count): rest = rest.dropFirst(count)
                    case .wantsInput: try receiveCiphertext(tls)
                    }
                    try flush(tls)
                }
            }
        }
    }

    /// Feeds `reader` with what has arrived, at least one byte; waits for it.
    func receive(into reader: ReplyReader) throws(DriverFailure) {
        guard let tls else {
            return try withBuffer { (buffer) throws(DriverFailure) in
                let count = try socket.receive(into: buffer)
                try reader.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        while true {
            let count = try withBuffer { (buffer) throws(DriverFailure) -> Int in
                guard case .done(let count) = try tls.read(into: buffer) else { return 0 }
                try reader.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                return count
            }
            if count > 0 { return }
            try flush(tls)
            try receiveCiphertext(tls)
        }
    }

    private func receiveCiphertext(_ tls: TLSSession) throws(DriverFailure) {
        try withBuffer { (buffer) throws(DriverFailure) in
            let count = try socket.receive(into: buffer)
            try tls.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private func flush(_ tls: TLSSession) throws(DriverFailure) {
        try withBuffer { (buffer) throws(DriverFailure) in
            while case let count = tls.drain(into: buffer), count > 0 {
                try socket.send(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
    }

    /// Lends the buffer for the call of `body`.
    private func withBuffer<R>(
        _ body: (UnsafeMutableRawBufferPointer) throws(DriverFailure) -> R
    ) throws(DriverFailure) -> R {
        let outcome: Result<R, DriverFailure> = buffer.withUnsafeMutableBytes { buffer in
            do throws(DriverFailure) { return .success(try body(buffer)) } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
