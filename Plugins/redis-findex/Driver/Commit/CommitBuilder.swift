import PluginKit

/// Turns an evaluation into what the script writes: sealed records, entries and links.
struct CommitBuilder {
    private let vault: Vault
    private var random: RandomBytes
    private(set) var snapshot: Snapshot
    private(set) var script: CommitScript
    /// For each link the place of its entry among the items.
    private(set) var entryOfLink: [Int: Int] = [:]
    /// Markers that are written, or were found to be there.
    private(set) var incompletePaths: Set<[UInt8]> = []

    /// More would keep the server from others for too long.
    private static let itemsMax = 50_000

    init(_ vault: Vault, _ snapshot: Snapshot, _ host: Host) throws(DriverFailure) {
        self.vault = vault
        self.snapshot = snapshot
        random = RandomBytes(host)
        script = CommitScript(writeID: try random.take(16))
    }

    mutating func setTurn(_ mark: [UInt8], replicas: Int64) {
        script.turnMark = mark
        script.replicas = replicas
    }

    /// Leaves `snapshot.missing` not empty when entries are still to be read.
    ///
    /// - Parameter known: Paths whose marker is there.
    mutating func build(_ overlay: Overlay, known: Set<[UInt8]>) throws(DriverFailure) {
        let changes = keywordChanges(overlay, known)
        var entries: [(keyword: Keyword, hash: [UInt8], key: RecordKey)] = []
        let label = Array(vault.metadata.label.utf8)
        for keyword in changes.keys {
            let hash = try keyword.hash()
            let key = try IndexEntry.key(hash, label: label, vault.keys.entryToken)
            snapshot.want(key)
            entries.append((keyword, hash, key))
        }
        guard snapshot.missing.isEmpty else { return }
        try addRecords(overlay)
        for (keyword, hash, key) in entries {
            try addEntry(hash, key, changes[keyword] ?? [])
        }
        guard script.items.count <= Self.itemsMax else {
            throw DriverFailure(.exhausted, "Redis: a batch would write more than 50000 keys")
        }
        if !overlay.changed.isEmpty { try tell(overlay.changed) }
    }

    private mutating func keywordChanges(
        _ overlay: Overlay, _ known: Set<[UInt8]>
    ) -> [Keyword: [ChainLink.Change]] {
        var changes: [Keyword: [ChainLink.Change]] = [:]
        for (uid, slot) in overlay.objects where slot.isWritten {
            let old = slot.original?.keywords ?? []
            let new = slot.current?.keywords ?? []
            for keyword in new where !old.contains(keyword) {
                changes[keyword, default: []].append(.location(uid, isAddition: true))
            }
            for keyword in old where !new.contains(keyword) {
                changes[keyword, default: []].append(.location(uid, isAddition: false))
            }
            incompletePaths.formUnion(slot.current?.incompletePaths ?? [])
        }
        for (uid, slot) in overlay.permissions where slot.isWritten {
            let old = slot.original?.rights ?? [:]
            let new = slot.current?.rights ?? [:]
            for user in new.keys where old[user] == nil {
                changes[.user(user), default: []].append(.location(uid, isAddition: true))
            }
            for user in old.keys where new[user] == nil {
                changes[.user(user), default: []].append(.location(uid, isAddition: false))
            }
        }
        for path in incompletePaths where !known.contains(path) {
            changes[.incomplete(path)] = []
        }
        return changes
    }

    private mutating func addRecords(_ overlay: Overlay) throws(DriverFailure) {
        for slot in overlay.objects.values {
            try add(slot.key, slot.isWritten) { () throws(DriverFailure) in
                try slot.current?.encoded()
            }
        }
        for slot in overlay.permissions.values {
            try add(slot.key, slot.isWritten) { () throws(DriverFailure) in
                try slot.current?.encoded()
            }
        }
        for (key, slot) in overlay.uniques {
            try add(key, slot.original != slot.holder) { () throws(DriverFailure) in
                try slot.holder.map { (uid) throws(DriverFailure) in
                    try Vault.encoded(holder: uid)
                }
            }
        }
    }

    /// A record that is written, or that must still be as it was read.
    private mutating func add(
        _ key: RecordKey, _ isWritten: Bool, _ plaintext: () throws(DriverFailure) -> Plaintext?
    ) throws(DriverFailure) {
        var value = CommitScript.keep
        if isWritten {
            value = []
            if let plaintext = try plaintext() {
                value = try Sealing.seal(
                    plaintext.bytes, at: key, nonce: try random.nonce(), vault.keys)
            } else if snapshot.guardValue(key).isEmpty {
                return  // neither there before nor afterwards
            }
        }
        script.items.append(
            .init(key: key, guardValue: snapshot.guardValue(key), newValue: value))
    }

    /// - Parameter changes: None for a marker, which is there once it has an entry.
    private mutating func addEntry(
        _ hash: [UInt8], _ key: RecordKey, _ changes: [ChainLink.Change]
    ) throws(DriverFailure) {
        let old = snapshot.wholeValue(key)
        if changes.isEmpty, !old.isEmpty { return }
        var entry =
            old.isEmpty
            ? IndexEntry(seed: try random.take(16), hash: hash)
            : try IndexEntry(old, for: hash, vault.keys.entryValue)
        let chain = try Chain(seed: entry.seed)
        let place = script.items.count
        script.items.append(.init(key: key, guardValue: old, newValue: []))
        for link in ChainLink.pack(changes) {
            entry.last = try chain.following(entry)
            entryOfLink[script.items.count] = place
            script.items.append(
                .init(
                    key: RecordKey(.link, token: entry.last), guardValue: [],
                    newValue: try chain.sealed(link, nonce: try random.nonce())))
        }
        script.items[place].newValue = try entry.sealed(
            vault.keys.entryValue, nonce: try random.nonce())
    }

    private mutating func tell(_ uids: [[UInt8]]) throws(DriverFailure) {
        let plaintext = try ChangeNews.encoded(uids, writeID: script.writeID)
        script.told = try Sealing.seal(
            plaintext.bytes, at: ChangeNews.place, nonce: try random.nonce(), vault.keys)
    }
}
