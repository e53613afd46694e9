import Glibc
import Synchronization
import Threads

/// A TCP proxy before the server, which fails on demand as networks do.
final class Proxy: Sendable {
    /// What it does with what it is sent.
    enum Mode: Equatable {
        case forward
        /// Keeps connections open and passes nothing on.
        case stall
        /// Closes connections, and new ones at once.
        case refuse
    }

    private struct State {
        var mode = Mode.forward
        /// Cuts a connection when the client sends these bytes, before or after passing them on.
        var cut: (bytes: [UInt8], passesOn: Bool)?
        var isClosed = false
        var refusesTLS = false
        var accepted = 0
        var sent = 0
    }

    private let state = Mutex(State())
    private let listener: Int32
    private let server: UInt16
    let port: UInt16

    init(to server: UInt16) throws {
        self.server = server
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = Self.loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        // The system reads and fills the struct during the calls.
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        guard bound else { throw TestFailure(status: Int(errno)) }
        port = UInt16(bigEndian: address.sin_port)
        start { [self] in acceptAll() }
    }

    /// Ends the threads; connections are closed.
    func close() { state.withLock { $0.isClosed = true } }

    var mode: Mode {
        get { state.withLock { $0.mode } }
        set { state.withLock { $0.mode = newValue } }
    }

    /// Says to each client that the server has no TLS, as somebody on the way would.
    var answersNoToTLS: Bool {
        get { state.withLock { $0.refusesTLS } }
        set { state.withLock { $0.refusesTLS = newValue } }
    }

    /// Connections made so far.
    var accepted: Int { state.withLock { $0.accepted } }

    /// Bytes that clients have sent so far.
    var sent: Int { state.withLock { $0.sent } }

    func cut(at text: String, passingOn: Bool) {
        state.withLock { $0.cut = (Array(text.utf8), passingOn) }
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }

    /// Takes the offer out of a MySQL server's greeting: packet 0 with version 10, in which the lower
    /// capabilities stand behind the server's name for itself, 4 + 8 + 1 bytes, and the zero byte.
    private static func hideTLS(_ packet: inout [UInt8], _ count: Int) {
        guard count > 5, packet[3] == 0, packet[4] == 10,
            let end = packet[5..<count].firstIndex(of: 0), end + 15 < count
        else { return }
        packet[end + 15] &= ~0x08
    }

    private func start(_ body: @escaping @Sendable () -> Void) {
        _ = OwnThread.start(name: "proxy", body)
    }

    private func acceptAll() {
        while !state.withLock({ $0.isClosed }) {
            var waited = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            guard poll(&waited, 1, 20) > 0 else { continue }
            let client = accept(listener, nil, nil)
            guard client >= 0 else { continue }
            state.withLock { $0.accepted += 1 }
            start { [self] in serve(client) }
        }
        Glibc.close(listener)
    }

    private func serve(_ client: Int32) {
        defer { Glibc.close(client) }
        if mode == .refuse { return }
        let upstream = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { Glibc.close(upstream) }
        var address = Self.loopback(server)
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(upstream, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { return }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !state.withLock({ $0.isClosed || $0.mode == .refuse }) {
            var waited = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: upstream, events: Int16(POLLIN), revents: 0),
            ]
            guard mode == .forward else {
                usleep(5000)
                continue
            }
            guard poll(&waited, 2, 20) > 0 else { continue }
            if waited[0].revents != 0 {
                let count = recv(client, &buffer, buffer.count, 0)
                guard count > 0 else { return }
                state.withLock { $0.sent += count }
                // The request for TLS: its length, 8, and its code.
                if answersNoToTLS, buffer[..<count].elementsEqual([0, 0, 0, 8, 4, 210, 22, 47]) {
                    send(client, "N", 1, Int32(MSG_NOSIGNAL))
                    continue
                }
                let cut = state.withLock { $0.cut }
                if let cut, buffer[..<count].firstRange(of: cut.bytes) != nil {
                    if cut.passesOn { _ = send(upstream, buffer, count, Int32(MSG_NOSIGNAL)) }
                    state.withLock { $0.cut = nil }
                    usleep(50_000)  // the server acts on what it got before it sees the end
                    return
                }
                guard send(upstream, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
            }
            if waited[1].revents != 0 {
                let count = recv(upstream, &buffer, buffer.count, 0)
                if answersNoToTLS { Self.hideTLS(&buffer, count) }
                guard count > 0,
                    send(client, buffer, count, Int32(MSG_NOSIGNAL)) == count
                else { return }
            }
        }
    }
}

/// One after the other, across tests of a process.
final class TestTurn: Sendable {
    private let mutex = Mutex(())
    func withLock(_ body: () throws -> Void) rethrows { try mutex.withLock { _ in try body() } }
}
