import Glibc
import PluginLoader
import Threads

/// A TCP proxy between the driver and its backend, which fails on demand as networks do. It listens
/// on a port of this machine.
final class Proxy: Sendable {
    enum Mode: Sendable, Equatable {
        case forward
        /// Each piece arrives so much later.
        case slow(milliseconds: UInt32)
        /// Connections stay open and are dead, for good: the backend has closed its end, and the
        /// driver is told nothing. New ones are, too.
        case silent
        /// Ends every connection, and new ones at once.
        case down
    }

    /// What happens to a connection at one piece of what is sent on any, in any direction.
    struct Strike: Sendable {
        /// Pieces before it.
        var after: Int
        /// Whether the piece still arrives.
        var passesOn: Bool
        var ending: Ending
    }
    enum Ending: Sendable, CaseIterable { case close, reset, silence }

    private struct State {
        var mode = Mode.forward
        var strike: Strike?
        var isClosed = false
        /// Threads that serve.
        var threads = 0
    }

    /// Where it listens: `127.0.0.1:4711`.
    let address: String
    private let backend: Endpoint
    private let listener: Int32
    private let state = Monitor(State())

    /// - Throws: ``CouldNotRun``
    init(to backend: Endpoint) throws {
        self.backend = backend
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        // The system reads and fills the struct during the calls.
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        self.address = "127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        guard isBound else {
            Glibc.close(listener)
            throw CouldNotRun("cannot listen on 127.0.0.1: \(String(cString: strerror(errno)))")
        }
        try start { [self] in acceptAll() }
    }

    /// Ends every connection and waits for its threads.
    func close() {
        state.withLock { $0.isClosed = true }
        state.wait(for: .work) { $0.threads == 0 ? .found(()) : .wait }
    }

    var mode: Mode {
        get { state.withLock { $0.mode } }
        set { state.withLock { $0.mode = newValue } }
    }

    func strike(_ strike: Strike) { state.withLock { $0.strike = strike } }

    /// Takes the strike back. True when it was still to come.
    func calmDown() -> Bool {
        state.withLock { state in
            defer { state.strike = nil }
            return state.strike != nil
        }
    }

    // MARK: Connections

    private func start(_ body: @escaping @Sendable () -> Void) throws {
        state.withLock { $0.threads += 1 }
        let isStarted = OwnThread.start(name: "kit-proxy") { [self] in
            body()
            ended()
        }
        if !isStarted {
            ended()
            throw CouldNotRun("the system has no thread left")
        }
    }

    private func ended() {
        state.withLock { $0.threads -= 1 }
        state.wakeAll(.work)
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    private func acceptAll() {
        defer { Glibc.close(listener) }
        while !isClosed {
            guard !readable([listener]).isEmpty else { continue }
            let client = accept(listener, nil, nil)
            guard client >= 0 else { continue }
            _ = fcntl(client, F_SETFD, FD_CLOEXEC)
            do {
                try start { [self] in serve(client) }
            } catch {
                Glibc.close(client)
            }
        }
    }

    private func serve(_ client: Int32) {
        switch mode {
        case .down: return end(client, .reset)
        case .silent: return end(client, .silence)
        case .forward, .slow: break
        }
        guard let server = backend.connect() else { return end(client, .reset) }
        let ending = relay(client, server)
        // What has arrived there is acted on: the end comes behind it.
        shutdown(server, Int32(SHUT_WR))
        if ending != .silence { end(client, ending) }
        discard(server, until: monotonicNanoseconds() + 2_000_000_000)
        Glibc.close(server)
        if ending == .silence { end(client, .silence) }
    }

    private func end(_ client: Int32, _ ending: Ending) {
        switch ending {
        case .close: break
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                client, SOL_SOCKET, SO_LINGER, &linger,
                socklen_t(MemoryLayout.size(ofValue: linger)))
        case .silence: discard(client, until: .max)
        }
        Glibc.close(client)
    }

    /// Reads what still comes until the other side has ended.
    private func discard(_ source: Int32, until end: UInt64) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !isClosed, monotonicNanoseconds() < end {
            guard !readable([source]).isEmpty else { continue }
            guard recv(source, &buffer, buffer.count, 0) > 0 else { return }
        }
    }

    /// Passes on what comes from either side until one of them ends or a fault does it.
    private func relay(_ client: Int32, _ server: Int32) -> Ending {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !isClosed {
            for source in readable([client, server]) {
                // `buffer` is as large as we say.
                let count = recv(source, &buffer, buffer.count, 0)
                if let ending = endingOfMode() { return ending }
                guard count > 0 else { return .close }
                let strike = nextPiece()
                if strike?.passesOn ?? true,
                    !send(buffer[..<count], to: source == client ? server : client)
                {
                    return .close
                }
                if let strike { return strike.ending }
            }
            if let ending = endingOfMode() { return ending }
        }
        return .close
    }

    /// How connections end now; nil: they go on, perhaps slowly.
    private func endingOfMode() -> Ending? {
        switch mode {
        case .down: return .reset
        case .silent: return .silence
        case .slow(let milliseconds): usleep(milliseconds * 1000)
        case .forward: break
        }
        return nil
    }

    private func nextPiece() -> Strike? {
        state.withLock { state in
            guard let strike = state.strike else { return nil }
            state.strike?.after -= 1
            guard strike.after == 0 else { return nil }
            state.strike = nil
            return strike
        }
    }

    private func send(_ bytes: ArraySlice<UInt8>, to sink: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Those that have something to say, within a moment.
    private func readable(_ descriptors: [Int32]) -> [Int32] {
        var waits = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&waits, nfds_t(waits.count), 20) > 0 else { return [] }
        return waits.filter { $0.revents != 0 }.map(\.fd)
    }
}
