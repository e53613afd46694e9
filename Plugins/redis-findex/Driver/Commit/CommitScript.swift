import PluginKit

/// The one script through which data are written: everything of a commit, or nothing.
struct CommitScript {
    /// KEYS: metadata, feed, turn, then the data. ARGV: the epoch; the write id and the sealed uids for
    /// the feed; whose turn it may be; then for each key of data a guard and a new value.
    ///
    /// A guard is empty for a key that must be absent, else what its value must begin with. A new value
    /// is empty to delete, "=" to leave alone. All checks come first, then only commands that cannot
    /// fail: a script is not undone when one of them does.
    private static let text = Array(
        """
        if redis.call('HGET',KEYS[1],'epoch')~=ARGV[1] then return redis.error_reply('EPOCH stale') end
        local t=redis.call('GET',KEYS[3])
        if t and t~=ARGV[4] then return 2 end
        local bad={}
        for i=4,#KEYS do
          local g=ARGV[2*i-3]
          local c=redis.call('GET',KEYS[i])
          if g=='' then if c then bad[#bad+1]=i-4 bad[#bad+1]=c end
          elseif (not c) or string.sub(c,1,#g)~=g then bad[#bad+1]=i-4 bad[#bad+1]=c or '' end
        end
        if #bad>0 then return bad end
        for i=4,#KEYS do
          local v=ARGV[2*i-2]
          if v=='' then redis.call('DEL',KEYS[i]) elseif v~='=' then redis.call('SET',KEYS[i],v) end
        end
        if ARGV[3]~='' then
          redis.call('XADD',KEYS[2],'MAXLEN','~','65536','*','w',ARGV[2],'u',ARGV[3])
        end
        if t then redis.call('DEL',KEYS[3]) end
        return 1
        """.utf8)

    /// Says whose commit is next, for a moment: see ``takeTurn(_:on:)``.
    private static let turn = Array("kms:rf1:turn".utf8)
    private static let turn_ms = "300"

    static let keep = Array("=".utf8)

    struct Item {
        var key: RecordKey
        var guardValue: [UInt8]
        var newValue: [UInt8]
    }

    enum Outcome {
        case committed
        /// Keys whose guard did not hold, with what they hold now; nil: nothing.
        case refused([(index: Int, value: [UInt8]?)])
        case staleEpoch
        /// Somebody else, who has failed often, goes first.
        case notOurTurn
    }

    var items: [Item] = []
    var writeID: [UInt8]
    /// The same for all attempts at a commit.
    var turnMark: [UInt8] = []
    /// Replicas that must have it before it counts as done.
    var replicas: Int64 = 0

    /// How long is waited for replicas.
    private static let replication_ms = "1000"
    static let tooFewReplicas = "REPLICAS"
    /// What the feed tells, sealed; empty: nothing.
    var told: [UInt8] = []

    /// SHA-1 of the text, as Redis says it.
    private static func load(_ connection: RedisConnection) throws(DriverFailure) -> [UInt8] {
        let reply = try connection.run([Array("SCRIPT".utf8), Array("LOAD".utf8), text])
        guard let digest = try reply.optionalBytes() else { throw RedisFailure.unexpected }
        return digest
    }

    /// Runs it. When the answer is not heard the failure is ``DriverFailure/Flags/inDoubt``.
    func run(
        on connection: RedisConnection, epoch: UInt64, _ loaded: ScriptDigest
    ) throws(DriverFailure) -> Outcome {
        if loaded.value == nil { loaded.value = try Self.load(connection) }
        let digest = loaded.value ?? []
        var reply = try send([Array("EVALSHA".utf8), digest], epoch, connection)
        if case .error(let text) = reply, text.hasPrefix("NOSCRIPT") {
            // Also loads it.
            reply = try send([Array("EVAL".utf8), Self.text], epoch, connection)
        }
        switch reply {
        case .integer(1): return .committed
        case .integer(2): return .notOurTurn
        case .error(let text) where text.contains("EPOCH stale"): return .staleEpoch
        case .error(let text): throw RedisFailure.make(text)
        case .array(let pairs): return .refused(try Self.refusals(pairs))
        default: throw RedisFailure.unexpected
        }
    }

    private func send(
        _ head: Command, _ epoch: UInt64, _ connection: RedisConnection
    ) throws(DriverFailure) -> Reply {
        var command = head
        command.reserveCapacity(8 + 3 * items.count)
        command += [
            Array("\(items.count + 3)".utf8), Metadata.name, Metadata.feed, Self.turn,
        ]
        command += items.map(\.key.bytes)
        command += [Array("\(epoch)".utf8), writeID, told, turnMark]
        for item in items { command += [item.guardValue, item.newValue] }
        do throws(DriverFailure) {
            guard replicas > 0 else { return try Self.only(connection.exchange([command])) }
            let replies = try connection.exchange([command, Self.wait(replicas)])
            guard replies.first == .integer(1) else { return try Self.only(replies) }
            try Self.require(replicas, replies.last, flags: .inDoubt)
            return .integer(1)
        } catch {
            var failure = error
            if connection.isInDoubt {
                failure.flags.insert(.inDoubt)
                failure.flags.remove(.retryable)
            }
            throw failure
        }
    }

    private static func wait(_ replicas: Int64) -> Command {
        [Array("WAIT".utf8), Array("\(replicas)".utf8), Array(replication_ms.utf8)]
    }

    private static func require(
        _ replicas: Int64, _ reply: Reply?, flags: DriverFailure.Flags
    ) throws(DriverFailure) {
        let reached = try reply?.number() ?? 0
        guard reached < replicas else { return }
        throw DriverFailure(
            .unavailable,
            "Redis: \(reached) replicas have the write, and redis-min-replicas is \(replicas): it may "
                + "be lost with the master",
            flags: flags, nativeState: tooFewReplicas)
    }

    /// Waits until replicas have all that was written before, by whomever: a connection waits for its
    /// own last write, so it makes one.
    static func waitForReplicas(
        _ replicas: Int64, on connection: RedisConnection
    ) throws(DriverFailure) {
        let write: Command = [
            Array("SET".utf8), Array("kms:rf1:wait".utf8), Array("1".utf8), Array("PX".utf8),
            Array("1000".utf8),
        ]
        let replies = try connection.exchange([write, wait(replicas)])
        for reply in replies { if case .error(let text) = reply { throw RedisFailure.make(text) } }
        try require(replicas, replies.last, flags: .retryable)
    }

    private static func only(_ replies: [Reply]) throws(DriverFailure) -> Reply {
        guard let reply = replies.first else { throw RedisFailure.unexpected }
        return reply
    }

    private static func refusals(
        _ pairs: [Reply]
    ) throws(DriverFailure) -> [(index: Int, value: [UInt8]?)] {
        var refused: [(index: Int, value: [UInt8]?)] = []
        for start in stride(from: 0, to: pairs.count - 1, by: 2) {
            let value = try pairs[start + 1].optionalBytes()
            refused.append(
                (Int(clamping: try pairs[start].number()), value?.isEmpty == true ? nil : value))
        }
        return refused
    }

    /// Makes all others wait for this commit, for some tenths of a second at most; somebody else may have
    /// done so before.
    ///
    /// A large commit would otherwise never come through beside small ones that write the same keyword:
    /// between what it reads and what it writes there is always one of them.
    static func takeTurn(
        _ mark: [UInt8], on connection: RedisConnection
    ) throws(DriverFailure) {
        _ = try connection.run([
            Array("SET".utf8), turn, mark, Array("NX".utf8), Array("PX".utf8),
            Array(turn_ms.utf8),
        ])
    }

    /// Whether the feed has the write id: the commit whose answer nobody heard took place.
    func wasCommitted(_ connection: RedisConnection) throws(DriverFailure) -> Bool {
        let reply = try connection.run("XREVRANGE", "kms:rf1:changes", "+", "-", "COUNT", "4096")
        for entry in try reply.elements() {
            let parts = try entry.elements()
            guard parts.count == 2 else { throw RedisFailure.unexpected }
            if try parts[1].elements().contains(.bytes(writeID)) { return true }
        }
        return false
    }
}
