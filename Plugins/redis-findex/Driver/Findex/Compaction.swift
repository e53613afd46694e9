import PluginKit

/// Writes the chain of one keyword anew, without what was added and taken away again.
///
/// The new chain has a new seed, so nothing connects it with the old one. Entry and links change in one
/// script; whoever reads meanwhile misses an old link, and begins again with the new entry.
struct Compaction {
    let session: ReadSession
    let host: Host

    /// Shorter chains are read as fast as they are.
    static let linksMin = 64
    /// Longer ones would keep Redis from others for too long.
    static let linksMax = 2000
    private static let linksAtOnce = 500

    /// Whether it pays: more than half of what is read comes to nothing.
    static func isWorn(_ reader: ChainLink.Reader) -> Bool {
        reader.links >= linksMin && reader.links <= linksMax
            && reader.changes > 2 * reader.values.count
    }

    /// False: somebody has just changed the keyword, or it is not worn.
    func run(_ keyword: Keyword, _ digest: ScriptDigest) throws(DriverFailure) -> Bool {
        let hash = try keyword.hash()
        let vault = session.vault
        let key = try IndexEntry.key(
            hash, label: Array(vault.metadata.label.utf8), vault.keys.entryToken)
        guard let old = try session.values({ _ in [key] })[0] else { return false }
        let entry = try IndexEntry(old, for: hash, vault.keys.entryValue)
        guard let (reader, links) = try read(entry), Self.isWorn(reader) else { return false }
        var random = RandomBytes(host)
        var fresh = IndexEntry(seed: try random.take(16), hash: hash)
        let chain = try Chain(seed: fresh.seed)
        var script = CommitScript(writeID: try random.take(16))
        script.items = links
        for link in ChainLink.pack(reader.values.map { .init(isAddition: true, value: $0) }) {
            fresh.last = try chain.following(fresh)
            script.items.append(
                .init(
                    key: RecordKey(.link, token: fresh.last), guardValue: [],
                    newValue: try chain.sealed(link, nonce: try random.nonce())))
        }
        let sealed = try fresh.sealed(vault.keys.entryValue, nonce: try random.nonce())
        script.items.append(.init(key: key, guardValue: old, newValue: sealed))
        let epoch = vault.metadata.epoch
        guard case .committed = try script.run(on: session.connection, epoch: epoch, digest) else {
            return false
        }
        return true
    }

    /// What the chain says, and its links as they are to be deleted; nil when one was not there.
    private func read(
        _ entry: IndexEntry
    ) throws(DriverFailure) -> (ChainLink.Reader, [CommitScript.Item])? {
        let chain = try Chain(seed: entry.seed)
        var tokens: [[UInt8]] = []
        while entry.last != IndexEntry.noLink, tokens.last != entry.last {
            guard tokens.count < Self.linksMax else { return nil }
            if let last = tokens.last {
                tokens.append(try chain.next(after: last))
            } else {
                tokens.append(try chain.first(entry.hash))
            }
        }
        var reader = ChainLink.Reader()
        var items: [CommitScript.Item] = []
        for start in stride(from: 0, to: tokens.count, by: Self.linksAtOnce) {
            let keys = tokens[start..<min(start + Self.linksAtOnce, tokens.count)]
                .map { RecordKey(.link, token: $0) }
            for (key, value) in zip(keys, try session.values { _ in keys }) {
                guard let value else { return nil }
                try reader.read(try chain.opened(value))
                // The nonce tells this link from any other.
                items.append(
                    .init(
                        key: key, guardValue: Array(value.prefix(GCM.nonceSize)), newValue: []))
            }
        }
        return (reader, items)
    }
}
