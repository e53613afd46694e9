import Glibc

/// A backend's place on the network, as an option names it: `{{proxy:127.0.0.1:5432}}`.
struct Endpoint: Sendable, Equatable {
    let host: String
    let port: String

    /// - Parameter text: `host:port`; an address of IPv6 stands in brackets.
    init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let host = text[..<colon]
        port = String(text[text.index(after: colon)...])
        guard !host.isEmpty, let number = UInt16(port), number > 0 else { return nil }
        self.host =
            host.hasPrefix("[") && host.hasSuffix("]")
            ? String(host.dropFirst().dropLast()) : String(host)
    }

    /// A connected socket, which is the caller's; nil when nobody answers.
    func connect() -> Int32? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, port, &hints, &first) == 0 else { return nil }
        // A list of the system's, which lives until it is freed.
        defer { freeaddrinfo(first) }
        var next = first
        while let place = next?.pointee {
            next = place.ai_next
            let descriptor = socket(
                place.ai_family, place.ai_socktype | Int32(SOCK_CLOEXEC.rawValue),
                place.ai_protocol)
            guard descriptor >= 0 else { continue }
            if Glibc.connect(descriptor, place.ai_addr, place.ai_addrlen) == 0 {
                return descriptor
            }
            close(descriptor)
        }
        return nil
    }
}
