import PluginKit
import SQLStore

/// How connections of one handle are made.
struct RedisAccess: Sendable {
    var url: RedisURL
    var tls: TLSSettings?
    /// What the server lists them under.
    var name: String
}

/// One connection, used by one call at a time.
package final class RedisConnection {
    /// Ends the waits of the call that uses the connection.
    let watch: CallWatch
    private let transport: Transport
    private let reader: ReplyReader
    /// Answers are missing, or the server no longer serves: it is of no more use.
    private(set) var isSpent = false
    /// Something was handed to the network and its answer was not heard.
    private(set) var isInDoubt = false

    /// As far as can be told without a round trip. Only between calls.
    var isUsable: Bool { !isSpent && transport.isQuiet }

    /// Connects, logs in and selects the database. The watch has begun a call.
    init(_ access: RedisAccess, watch: CallWatch) throws(DriverFailure) {
        self.watch = watch
        reader = try ReplyReader()
        let hasSentinels = !access.url.sentinels.isEmpty
        let place = hasSentinels ? try Sentinels.master(access.url, watch) : access.url.place
        transport = try Transport(to: place, tls: access.tls, watch: watch)
        do throws(DriverFailure) {
            try logIn(access.url, name: access.name)
            if hasSentinels { try requireMaster() }
        } catch {
            transport.close()
            throw error
        }
    }

    /// Connects to a sentinel, which keeps nothing and asks for no password.
    init(asking sentinel: Place, watch: CallWatch) throws(DriverFailure) {
        self.watch = watch
        reader = try ReplyReader()
        transport = try Transport(to: sentinel, tls: nil, watch: watch)
    }

    /// What a sentinel says may be older than the last failover.
    private func requireMaster() throws(DriverFailure) {
        guard try run("ROLE").elements().first == .bytes(Array("master".utf8)) else {
            throw DriverFailure(
                .unavailable, "Redis: \(transport.place) is no longer the master", flags: .retryable
            )
        }
    }

    func close() {
        isSpent = true
        transport.close()
    }

    private func logIn(_ url: RedisURL, name: String) throws(DriverFailure) {
        var commands: [Command] = []
        defer { for index in commands.indices { commands[index].wipeAll() } }
        if let password = url.password {
            let secret = password.withExposedBytes { Array($0) }
            let user: [[UInt8]] = url.user.isEmpty ? [] : [Array(url.user.utf8)]
            commands.append([Array("AUTH".utf8)] + user + [secret])
        }
        if url.database != 0 {
            commands.append([Array("SELECT".utf8), Array("\(url.database)".utf8)])
        }
        commands.append([Array("CLIENT".utf8), Array("SETNAME".utf8), Array(name.utf8)])
        for reply in try exchange(commands) {
            if case .error(let text) = reply {
                var failure = RedisFailure.make(text)
                if failure.status == .internal { failure.status = .denied }
                failure.message = "Redis: \(transport.place) refused the connection: \(text)"
                throw failure
            }
        }
    }

    /// Sends commands together and returns their answers in order, error replies among them.
    package func exchange(_ commands: [Command]) throws(DriverFailure) -> [Reply] {
        try watch.check()
        guard !isSpent else { throw transport.lost("it broke earlier") }
        var output: [UInt8] = []
        defer { output.wipe() }
        for command in commands { try CommandFormat.append(command, to: &output) }
        // Until all is answered; what is thrown in between leaves it so.
        isSpent = true
        isInDoubt = true
        try transport.send(output)
        var replies: [Reply] = []
        replies.reserveCapacity(commands.count)
        while replies.count < commands.count {
            if let reply = try reader.next() {
                replies.append(reply)
            } else {
                try transport.receive(into: reader)
            }
        }
        isInDoubt = false
        isSpent = replies.contains {
            if case .error(let text) = $0 { RedisFailure.endsConnection(text) } else { false }
        }
        return replies
    }

    /// One command that must succeed.
    package func run(_ command: String...) throws(DriverFailure) -> Reply {
        try run(command.map { Array($0.utf8) })
    }

    package func run(_ command: Command) throws(DriverFailure) -> Reply {
        guard let reply = try exchange([command]).first else { throw RedisFailure.unexpected }
        if case .error(let text) = reply { throw RedisFailure.make(text) }
        return reply
    }
}

extension Array where Element == [UInt8] {
    fileprivate mutating func wipeAll() { for index in indices { self[index].wipe() } }
}

extension Reply {
    /// The elements of an array reply.
    func elements() throws(DriverFailure) -> [Reply] {
        switch self {
        case .array(let elements): return elements
        case .error(let text): throw RedisFailure.make(text)
        default: throw RedisFailure.unexpected
        }
    }

    /// The bytes; nil for nothing.
    func optionalBytes() throws(DriverFailure) -> [UInt8]? {
        switch self {
        case .bytes(let bytes): return bytes
        case .none: return nil
        case .error(let text): throw RedisFailure.make(text)
        default: throw RedisFailure.unexpected
        }
    }

    func number() throws(DriverFailure) -> Int64 {
        switch self {
        case .integer(let number): return number
        case .error(let text): throw RedisFailure.make(text)
        default: throw RedisFailure.unexpected
        }
    }
}
