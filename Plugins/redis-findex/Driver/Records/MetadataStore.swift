import PluginKit

/// Reads and changes the metadata, always together with the check record.
struct MetadataStore {
    let connection: RedisConnection

    /// Both change, or nothing does. KEYS: metadata, check record, feed. ARGV: the epoch that is
    /// replaced, empty for a database that is to be made; the check record; fields with values.
    private static let script = Array(
        """
        local e=redis.call('HGET',KEYS[1],'epoch')
        if (e or '')~=ARGV[1] then return 0 end
        if not e and redis.call('DBSIZE')>0 then return 0 end
        redis.call('HSET',KEYS[1],unpack(ARGV,3))
        redis.call('SET',KEYS[2],ARGV[2])
        if not e then redis.call('XADD',KEYS[3],'*','w','0') end
        return 1
        """.utf8)

    struct Found {
        var metadata: Metadata
        /// As it lies there; nil: it is gone.
        var check: [UInt8]?
    }

    /// Nil: there is none.
    func read() throws(DriverFailure) -> Found? {
        let replies = try connection.exchange([
            [Array("MULTI".utf8)], [Array("HGETALL".utf8), Metadata.name],
            [Array("GET".utf8), RecordKey.check.bytes], [Array("EXEC".utf8)],
        ])
        guard let result = try replies.last?.elements(), result.count == 2 else {
            throw RedisFailure.unexpected
        }
        guard let metadata = try Metadata(try result[0].elements()) else { return nil }
        return Found(metadata: metadata, check: try result[1].optionalBytes())
    }

    /// Replaces what has the given epoch, or makes the first; false when somebody was faster.
    func write(
        _ metadata: Metadata, replacing epoch: UInt64?, _ keys: VaultKeys, _ host: Host
    ) throws(DriverFailure) -> Bool {
        let check = try metadata.checkText.withBorrowedBytes { (text) throws(DriverFailure) in
            try Sealing.seal(text, at: .check, nonce: try host.random(GCM.nonceSize), keys)
        }
        var command: Command = [
            Array("EVAL".utf8), Self.script, Array("3".utf8), Metadata.name, RecordKey.check.bytes,
            Metadata.feed, epoch.map { Array("\($0)".utf8) } ?? [], check,
        ]
        for field in metadata.fields {
            command += [Array(field.name.utf8), Array(field.value.utf8)]
        }
        return try connection.run(command).number() == 1
    }

    /// Throws ``Metadata/changed`` unless the check record was made with these keys for this metadata.
    static func verify(_ found: Found, _ keys: VaultKeys) throws(DriverFailure) {
        guard let check = found.check else { throw Metadata.changed }
        do throws(DriverFailure) {
            let text = try Sealing.open(check, at: .check, keys)
            guard text.bytes.elementsEqual(found.metadata.checkText) else { throw Metadata.changed }
        } catch {
            throw error.status == .corrupt ? Metadata.changed : error
        }
    }

    /// Whether the database holds anything at all.
    func isEmpty() throws(DriverFailure) -> Bool { try connection.run("DBSIZE").number() == 0 }

    /// Whose data it is, of which there is no metadata: "cosmian-kms-4", or empty for unknown.
    func foreignFormat() throws(DriverFailure) -> String {
        let scan = Scan(connection: connection)
        // A few looks: a database of that system is full of these.
        for pattern in [Array("do::*".utf8), RecordKey.Table.entry.prefix + [UInt8(ascii: "*")]] {
            if try scan.finds(pattern, looks: 50) { return "cosmian-kms-4" }
        }
        return ""
    }
}
