import Glibc
import PluginABI
import PluginKit
import RedisFindexDriver

/// A bare client, to see what lies in Redis and to damage it.
final class RawRedis {
    // Owned: closed in deinit.
    private let descriptor: Int32
    private let reader: ReplyReader

    init(_ server: Server, database: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        reader = try ReplyReader()
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        address.sin_port = server.port.bigEndian
        // The system reads the struct during the call.
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw TestFailure(status: Int(errno)) }
        try run("AUTH", server.password)
        try run("SELECT", "\(database)")
    }

    deinit { Glibc.close(descriptor) }

    @discardableResult
    func run(_ command: String...) throws -> Reply { try run(command.map { Array($0.utf8) }) }

    @discardableResult
    func run(_ command: Command) throws -> Reply {
        var output: [UInt8] = []
        try CommandFormat.append(command, to: &output)
        guard send(descriptor, output, output.count, Int32(MSG_NOSIGNAL)) == output.count else {
            throw TestFailure(status: Int(errno))
        }
        let reply = try next()
        if case .error(let text) = reply { throw TestFailure(status: -1, message: text) }
        return reply
    }

    func next() throws -> Reply {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            if let reply = try reader.next() { return reply }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw TestFailure(status: Int(errno)) }
            try buffer.withUnsafeBytes {
                try reader.feed(UnsafeRawBufferPointer(rebasing: $0[..<count]))
            }
        }
    }

    /// All keys with their values, as DUMP gives them.
    func everything() throws -> [[UInt8]: [UInt8]] {
        var all: [[UInt8]: [UInt8]] = [:]
        for key in try keys("*") {
            if case .bytes(let value) = try run([Array("DUMP".utf8), key]) { all[key] = value }
        }
        return all
    }

    func keys(_ pattern: String) throws -> [[UInt8]] { try keys(Array(pattern.utf8)) }

    func keys(_ pattern: [UInt8]) throws -> [[UInt8]] {
        guard case .array(let keys) = try run([Array("KEYS".utf8), pattern]) else { return [] }
        return keys.compactMap { if case .bytes(let key) = $0 { key } else { nil } }
    }

    /// Keys of a table.
    func keys(_ table: RecordKey.Table) throws -> [[UInt8]] {
        try keys(table.prefix + Array("*".utf8))
    }

    func value(_ key: [UInt8]) throws -> [UInt8] {
        guard case .bytes(let value) = try run([Array("GET".utf8), key]) else {
            throw TestFailure(status: -1, message: "no such key")
        }
        return value
    }

    func set(_ key: [UInt8], _ value: [UInt8]) throws {
        try run([Array("SET".utf8), key, value])
    }
}

/// The services that vectors need.
func hostForVectors() -> Host {
    // The host copies the table.
    withUnsafePointer(to: testHost) { Host($0) }
}

/// Feeds a reader with what a server might send.
func replies(to text: [UInt8], bytesMax: Int = 1 << 20) throws -> [Reply] {
    let reader = try ReplyReader(bytesMax: bytesMax)
    try text.withUnsafeBytes { try reader.feed($0) }
    var replies: [Reply] = []
    while let reply = try reader.next() { replies.append(reply) }
    return replies
}
