import PluginKit
import SQLStore

/// Looks keywords up in the index.
struct IndexSearch {
    let session: ReadSession
    let cache: ChainCache

    private static let linksAtOnce = 500
    private static let linksMax = 50_000_000
    /// With no more candidates the records are looked at.
    private static let fewEnough = 2000
    private static let attempts = 8

    /// The chain of one keyword on its way to its last link.
    private struct Walk {
        let entry: IndexEntry
        let chain: Chain
        /// What an earlier search has read of it.
        let known: ChainCache.Chained?
        var tokens: [[UInt8]] = []
        var isAtEnd: Bool

        init(_ entry: IndexEntry, _ known: ChainCache.Chained?) throws(DriverFailure) {
            self.entry = entry
            self.known = known
            chain = try Chain(seed: entry.seed)
            isAtEnd = entry.last == IndexEntry.noLink || known?.last == entry.last
        }

        mutating func step() throws(DriverFailure) {
            let token =
                if let last = tokens.last {
                    try chain.next(after: last)
                } else if let known {
                    try chain.next(after: known.last)
                } else {
                    try chain.first(entry.hash)
                }
            tokens.append(token)
            isAtEnd = token == entry.last
            guard tokens.count <= linksMax else { throw Chain.damaged("never ends") }
        }
    }

    /// The uids that all sources have in common, or more of them when they are few; nil: any object may
    /// be meant. Every keyword is seen at one instant.
    func candidates(_ sources: [CandidateSource]) throws(DriverFailure) -> Set<[UInt8]>? {
        for _ in 0..<Self.attempts {
            do throws(DriverFailure) {
                return try candidatesOnce(sources)
            } catch {
                // A link that was not there: compaction, or damage that shows again.
                guard error.nativeState == Self.missingLink else { throw error }
            }
        }
        throw Chain.damaged("is missing")
    }

    private static let missingLink = "NOLINK"

    private func candidatesOnce(
        _ sources: [CandidateSource]
    ) throws(DriverFailure) -> Set<[UInt8]>? {
        let all = sources.reduce(into: Set<Keyword>()) {
            $0.formUnion($1.keywords)
            $0.formUnion($1.unlessIncomplete)
        }
        let entries = try entries(of: Array(all))
        var open = sources.filter { $0.unlessIncomplete.allSatisfy { entries[$0] == nil } }
        guard !open.isEmpty else { return nil }
        var walks: [Keyword: Walk] = [:]
        for keyword in open.reduce(into: Set<Keyword>(), { $0.formUnion($1.keywords) }) {
            if let entry = entries[keyword] {
                walks[keyword] = try Walk(entry, cache.chained(keyword, seed: entry.seed))
            }
        }
        var found: Set<[UInt8]>?
        // The shortest first: often nothing else has to be read.
        while !open.isEmpty {
            let next = try shortest(of: open, &walks)
            var uids = open[next].uids
            for keyword in open[next].keywords {
                if let walk = walks[keyword] { uids.formUnion(try locations(keyword, walk)) }
            }
            open.remove(at: next)
            found = found.map { $0.intersection(uids) } ?? uids
            if let found, found.count <= Self.fewEnough { return found }
        }
        return found
    }

    /// Entries that are there, read at one instant.
    private func entries(of keywords: [Keyword]) throws(DriverFailure) -> [Keyword: IndexEntry] {
        var hashes: [[UInt8]] = []
        for keyword in keywords { hashes.append(try keyword.hash()) }
        let values = try session.values { (vault) throws(DriverFailure) in
            let label = Array(vault.metadata.label.utf8)
            var keys: [RecordKey] = []
            for hash in hashes {
                keys.append(try IndexEntry.key(hash, label: label, vault.keys.entryToken))
            }
            return keys
        }
        var entries: [Keyword: IndexEntry] = [:]
        for (index, value) in values.enumerated() {
            guard let value else { continue }
            entries[keywords[index]] = try IndexEntry(
                value, for: hashes[index], session.vault.keys.entryValue)
        }
        return entries
    }

    /// Steps all chains in turn until those of one source are at their ends. This costs a code for each
    /// link and no round trip.
    private func shortest(
        of sources: [CandidateSource], _ walks: inout [Keyword: Walk]
    ) throws(DriverFailure) -> Int {
        guard sources.count > 1 else {
            for keyword in sources[0].keywords {
                while walks[keyword]?.isAtEnd == false { try walks[keyword]?.step() }
            }
            return 0
        }
        var steps = 0
        while true {
            for (index, source) in sources.enumerated() {
                guard let open = source.keywords.first(where: { walks[$0]?.isAtEnd == false })
                else { return index }
                try walks[open]?.step()
                steps += 1
                if steps % 4096 == 0 { try session.connection.watch.check() }
            }
        }
    }

    private func locations(
        _ keyword: Keyword, _ walk: Walk
    ) throws(DriverFailure) -> Set<[UInt8]> {
        var reader = walk.known?.reader ?? ChainLink.Reader()
        for start in stride(from: 0, to: walk.tokens.count, by: Self.linksAtOnce) {
            let part = walk.tokens[start..<min(start + Self.linksAtOnce, walk.tokens.count)]
            let values = try session.values { _ in part.map { RecordKey(.link, token: $0) } }
            for value in values {
                guard let value else {
                    throw DriverFailure(
                        .corrupt, "Redis: index corrupted: a link is missing",
                        nativeState: Self.missingLink)
                }
                try reader.read(try walk.chain.opened(value))
            }
        }
        cache.keep(
            keyword, .init(last: walk.entry.last, seed: walk.entry.seed, reader: reader))
        if Compaction.isWorn(reader) { cache.note(worn: keyword) }
        return Set(reader.locations)
    }
}
