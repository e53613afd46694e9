import Glibc
import PluginKit
import SQLStore

/// A connected stream of bytes that waits for nothing by itself.
final class Socket {
    enum Readiness { case toRead, toWrite }

    // Owned: closed by `close`, at the latest in deinit.
    private var descriptor: Int32
    private let watch: CallWatch
    let place: Place

    /// How often a wait looks whether the call is to end.
    private static let tick_ms: Int32 = 20

    private init(_ descriptor: Int32, _ place: Place, _ watch: CallWatch) {
        self.descriptor = descriptor
        self.place = place
        self.watch = watch
    }

    deinit { close() }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Tries every address of the place in turn, until the call's time is up.
    static func connect(to place: Place, watch: CallWatch) throws(DriverFailure) -> Socket {
        switch place {
        case .unix(let path): return try connectUnix(path, place, watch)
        case .tcp(let host, let port): return try connectTCP(host, port, place, watch)
        }
    }

    private static func connectUnix(
        _ path: String, _ place: Place, _ watch: CallWatch
    ) throws(DriverFailure) -> Socket {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
            // One byte stays zero and ends the path.
            guard bytes.count < room.count else { return false }
            room.copyBytes(from: bytes)
            return true
        }
        guard fits else { throw .invalid("Redis: the path of the socket is too long") }
        return try withUnsafeBytes(of: &address) { (address) throws(DriverFailure) in
            try connect(
                AF_UNIX, address.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(address.count), place, watch)
        }
    }

    private static func connectTCP(
        _ host: String, _ port: UInt16, _ place: Place, _ watch: CallWatch
    ) throws(DriverFailure) -> Socket {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, "\(port)", &hints, &list)
        guard status == 0, let list else {
            throw away(place, String(cString: gai_strerror(status)))
        }
        // The list is ours until here; `connect` copies what it needs of an address.
        defer { freeaddrinfo(list) }
        var last: DriverFailure?
        var entry: UnsafeMutablePointer<addrinfo>? = list
        while let current = entry {
            do throws(DriverFailure) {
                return try connect(
                    current.pointee.ai_family, current.pointee.ai_addr,
                    current.pointee.ai_addrlen, place, watch)
            } catch {
                if error.status != .unavailable { throw error }
                last = error
            }
            entry = current.pointee.ai_next
        }
        throw last ?? away(place, "it has no address")
    }

    private static func connect(
        _ family: Int32, _ address: UnsafePointer<sockaddr>?, _ size: socklen_t, _ place: Place,
        _ watch: CallWatch
    ) throws(DriverFailure) -> Socket {
        let flags = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(family, flags, 0)
        guard descriptor >= 0 else { throw away(place, reason()) }
        let socket = Socket(descriptor, place, watch)
        var on: Int32 = 1
        if family != AF_UNIX {
            // Neither is needed for a connection to work.
            let intSize = socklen_t(MemoryLayout<Int32>.size)
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, intSize)
            setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, intSize)
        }
        if Glibc.connect(descriptor, address, size) != 0 {
            guard errno == EINPROGRESS || errno == EINTR else { throw away(place, reason()) }
            try socket.wait(.toWrite)
            var code: Int32 = 0
            var codeSize = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &codeSize)
            guard code == 0 else { throw away(place, String(cString: strerror(code))) }
        }
        return socket
    }

    private static func reason() -> String { String(cString: strerror(errno)) }

    private static func away(_ place: Place, _ reason: String) -> DriverFailure {
        DriverFailure(
            .unavailable, "Redis: cannot connect to \(place): \(reason)", flags: .retryable)
    }

    func lost(_ reason: String) -> DriverFailure {
        DriverFailure(
            .unavailable, "Redis: the connection to \(place) was lost: \(reason)",
            flags: .retryable)
    }

    /// Waits until the socket is ready or broken; throws when the call is to end.
    func wait(_ readiness: Readiness) throws(DriverFailure) {
        var poll = pollfd(
            fd: descriptor, events: Int16(readiness == .toRead ? POLLIN : POLLOUT), revents: 0)
        while true {
            try watch.check()
            let left_ms = watch.remaining_ns.map { $0 / 1_000_000 + 1 } ?? UInt64.max
            let ready = Glibc.poll(&poll, 1, Int32(min(UInt64(Self.tick_ms), left_ms)))
            if ready > 0 { return }
            if ready < 0, errno != EINTR { throw lost(Self.reason()) }
        }
    }

    /// Sends all of it.
    func send(_ bytes: UnsafeRawBufferPointer) throws(DriverFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // The slice is not empty, so it has an address; the kernel copies what it takes.
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let sent = Glibc.send(descriptor, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
            if sent > 0 {
                rest = rest.dropFirst(sent)
            } else if errno == EAGAIN {
                try wait(.toWrite)
            } else if errno != EINTR {
                throw lost(Self.reason())
            }
        }
    }

    /// What has arrived, at least one byte; waits for it.
    func receive(into buffer: UnsafeMutableRawBufferPointer) throws(DriverFailure) -> Int {
        while true {
            let count = Glibc.recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return count }
            if count == 0 { throw lost("the server closed it") }
            if errno == EAGAIN {
                try wait(.toRead)
            } else if errno != EINTR {
                throw lost(Self.reason())
            }
        }
    }

    /// Nothing has arrived and the other side has not gone, as far as can be told at once.
    var isQuiet: Bool {
        var byte: UInt8 = 0
        let count = Glibc.recv(descriptor, &byte, 1, Int32(MSG_PEEK))
        return count < 0 && errno == EAGAIN
    }
}
