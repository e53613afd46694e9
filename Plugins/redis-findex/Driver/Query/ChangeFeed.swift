import PluginKit

/// The stream of what commits have changed, in their order. Tokens are ids of its entries.
struct ChangeFeed {
    let session: ReadSession

    private static let answerMax = "1000"
    private static let tokenSize = 16

    /// The newest entry: the current token.
    private func newest() throws(DriverFailure) -> [UInt8] {
        while true {
            let command: Command = [
                Array("XREVRANGE".utf8), Metadata.feed, Array("+".utf8), Array("-".utf8),
                Array("COUNT".utf8), Array("1".utf8),
            ]
            guard let replies = try session.run([command]) else { continue }
            guard let entry = try replies[0].elements().first else {
                throw DriverFailure(
                    .corrupt, "Redis: the feed of changes is empty: somebody has deleted it")
            }
            return try Entry(entry).id
        }
    }

    /// What changed since the token, waiting for some time; false: nothing did.
    func read(
        since token: BorrowedBytes, waiting milliseconds: Int, into changes: inout ChangesBuilder
    ) throws(DriverFailure) -> Bool {
        guard !token.isEmpty else {
            try set(try newest(), &changes)
            return true
        }
        // The entry itself must be there: then nothing behind it was dropped.
        guard token.count == Self.tokenSize else { return try lose(&changes) }
        let id = Self.text(token)
        let look: Command = [Array("XRANGE".utf8), Metadata.feed, id, id]
        let read: Command = [
            Array("XREAD".utf8), Array("COUNT".utf8), Array(Self.answerMax.utf8),
            Array("BLOCK".utf8), Array("\(max(milliseconds, 1))".utf8), Array("STREAMS".utf8),
            Metadata.feed, id,
        ]
        guard let there = try session.run([look]) else { return false }
        guard try !there[0].elements().isEmpty else { return try lose(&changes) }
        guard let replies = try session.run([read]) else { return false }
        if case .none = replies[0] { return false }
        guard let stream = try replies[0].elements().first, try stream.elements().count == 2 else {
            throw RedisFailure.unexpected
        }
        var last = Array(id)
        for element in try stream.elements()[1].elements() {
            let entry = try Entry(element)
            last = entry.id
            do throws(DriverFailure) {
                for uid in try entry.uids(session.vault.keys) {
                    try uid.withBorrowedBytes { (uid) throws(DriverFailure) in
                        try changes.append(BorrowedText(utf8: uid))
                    }
                }
            } catch {
                guard error.status == .corrupt else { throw error }
                changes.isLost = true  // nobody knows what it told
            }
        }
        try set(last, &changes)
        return true
    }

    private func lose(_ changes: inout ChangesBuilder) throws(DriverFailure) -> Bool {
        changes.isLost = true
        try set(try newest(), &changes)
        return true
    }

    /// `1700000000000-0`, of two numbers of 8 bytes.
    private static func text(_ token: BorrowedBytes) -> [UInt8] {
        let first = token.slice(0..<8).reduce(0) { $0 << 8 | UInt64($1) }
        let second = token.slice(8..<16).reduce(0) { $0 << 8 | UInt64($1) }
        return Array("\(first)-\(second)".utf8)
    }

    private func set(_ id: [UInt8], _ changes: inout ChangesBuilder) throws(DriverFailure) {
        var fields = FieldWriter()
        for part in id.split(separator: UInt8(ascii: "-")) {
            fields.number(UInt64(String(decoding: part, as: UTF8.self)) ?? 0, 8)
        }
        try fields.bytes.withBorrowedBytes { (token) throws(DriverFailure) in
            try changes.setToken(token)
        }
    }

    private struct Entry {
        let id: [UInt8]
        private var fields: [[UInt8]: [UInt8]] = [:]

        init(_ reply: Reply) throws(DriverFailure) {
            let parts = try reply.elements()
            guard parts.count == 2, let id = try parts[0].optionalBytes() else {
                throw RedisFailure.unexpected
            }
            self.id = id
            let pairs = try parts[1].elements()
            for index in stride(from: 0, to: pairs.count - 1, by: 2) {
                guard let name = try pairs[index].optionalBytes() else { continue }
                fields[name] = try pairs[index + 1].optionalBytes()
            }
        }

        func uids(_ keys: VaultKeys) throws(DriverFailure) -> [[UInt8]] {
            guard let sealed = fields[Array("u".utf8)], let writeID = fields[Array("w".utf8)] else {
                return []
            }
            return try ChangeNews.uids(sealed, writeID: writeID, keys)
        }
    }
}
