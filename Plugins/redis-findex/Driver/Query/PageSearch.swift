import PluginKit

/// Locate: candidates from the index, then every condition again on the records themselves.
struct PageSearch {
    private let session: ReadSession
    private let query: Query
    private let filter: FilterTree
    private let visibility: Visibility
    private let position: PageCursor?

    init(_ query: Query, _ session: ReadSession) throws(DriverFailure) {
        guard (1...1000).contains(query.limit) else { throw .invalid("limit \(query.limit)") }
        guard !query.who.isEmpty || query.flags.isDisjoint(with: [.owned, .granted]) else {
            throw .invalid("owned or granted, and nobody in who")
        }
        self.session = session
        self.query = query
        filter = try FilterTree(query.filters)
        visibility = Visibility(query)
        position = try PageCursor(query.cursor, isNewestFirst: query.flags.contains(.newest))
    }

    func run(_ cache: ChainCache, into objects: inout ObjectsBuilder) throws(DriverFailure) {
        objects.isInexact = filter.isInexact
        if query.flags.contains(.count) { objects.total = 0 }
        guard !visibility.isNothing else { return }
        let wanted = try candidates(cache)
        if query.flags.contains(.newest) {
            try newestFirst(wanted, into: &objects)
        } else {
            try inOrderOfKeys(wanted, into: &objects)
        }
    }

    /// In the order of their keys, which is stable and tells nothing.
    private func candidates(
        _ cache: ChainCache
    ) throws(DriverFailure) -> [RecordReader.Wanted] {
        let sources = filter.sources + (visibility.source.map { [$0] } ?? [])
        let search = IndexSearch(session: session, cache: cache)
        guard let uids = try sources.isEmpty ? nil : search.candidates(sources) else {
            let keys = try Scan(connection: session.connection).keys(
                RecordKey.Table.object.prefix + [UInt8(ascii: "*")])
            return keys.sorted { $0.lexicographicallyPrecedes($1) }
                .map { RecordReader.Wanted(uid: nil, key: RecordKey(bytes: $0)) }
        }
        var wanted: [RecordReader.Wanted] = []
        wanted.reserveCapacity(uids.count)
        for uid in uids {
            wanted.append(.init(uid: uid, key: try session.vault.key(object: uid)))
        }
        return wanted.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
    }

    private func isMatch(_ found: RecordReader.Found) -> Bool {
        // A damaged one cannot be judged, and is shown to who may see everything.
        if found.isDamaged { return visibility.isEverything }
        guard let object = found.object else { return false }
        return visibility.shows(object, found.permissions) && filter.matches(object)
    }

    private func inOrderOfKeys(
        _ all: [RecordReader.Wanted], into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        let isCounting = query.flags.contains(.count)
        let first =
            position.map { position in
                all.firstIndex { position.key.lexicographicallyPrecedes($0.key.bytes) }
                    ?? all.count
            } ?? 0
        var skip = position == nil ? query.skip : 0
        var total: Int64 = 0
        var last: Int?
        var isFull = false
        let wanted = isCounting ? all[...] : all[first...]
        let start = isCounting ? first : 0
        var reader = RecordReader(session)
        try reader.forEach(wanted, withPermissions: !query.who.isEmpty) {
            (index, found) throws(DriverFailure) in
            guard isMatch(found) else { return true }
            total += 1
            guard index >= start, !isFull else { return true }
            if skip > 0 {
                skip -= 1
                return true
            }
            guard objects.count < query.limit else {
                isFull = true
                return isCounting
            }
            last = wanted.startIndex + index
            try found.append(parts: query.parts, who: query.who, to: &objects)
            return true
        }
        if isCounting { objects.total = total }
        if isFull, let last {
            try PageCursor(key: all[last].key.bytes, created: nil).write(to: &objects)
        }
    }

    /// The index knows no times, so all candidates are looked at for each page.
    private func newestFirst(
        _ all: [RecordReader.Wanted], into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        var matches: [(created: Int64, wanted: RecordReader.Wanted)] = []
        var reader = RecordReader(session)
        try reader.forEach(all, withPermissions: !query.who.isEmpty) { index, found in
            if isMatch(found) { matches.append((found.object?.created ?? .min, all[index])) }
            return true
        }
        if query.flags.contains(.count) { objects.total = Int64(matches.count) }
        matches.sort {
            PageCursor.isBefore(($0.created, $0.wanted.key), ($1.created, $1.wanted.key))
        }
        if let position {
            matches.removeAll { !position.isBefore($0.created, $0.wanted.key) }
        } else {
            matches.removeFirst(min(query.skip, matches.count))
        }
        let page = matches.prefix(query.limit)
        try reader.forEach(page.map(\.wanted), withPermissions: !query.who.isEmpty) {
            (_, found) throws(DriverFailure) in
            // It may have changed since it was looked at.
            if isMatch(found) {
                try found.append(parts: query.parts, who: query.who, to: &objects)
            }
            return true
        }
        if matches.count > page.count, let last = page.last {
            try PageCursor(key: last.wanted.key.bytes, created: last.created).write(to: &objects)
        }
    }
}
