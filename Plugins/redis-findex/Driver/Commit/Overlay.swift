import PluginKit

/// Records as they were read, and as the writes of a commit leave them.
struct Overlay {
    struct ObjectSlot {
        let key: RecordKey
        /// As it was read; nil: absent.
        let original: StoredObject?
        /// Something is there that cannot be read.
        let isDamaged: Bool
        var current: StoredObject?
        var isWritten = false

        /// Something is there.
        var isPresent: Bool { current != nil || (isDamaged && !isWritten) }
    }

    struct PermissionsSlot {
        let key: RecordKey
        let original: Permissions?
        let isDamaged: Bool
        var current: Permissions?
        var isWritten = false
    }

    /// Who holds a unique term.
    struct UniqueSlot {
        let original: [UInt8]?
        var holder: [UInt8]?
    }

    var objects: [[UInt8]: ObjectSlot] = [:]
    var permissions: [[UInt8]: PermissionsSlot] = [:]
    var uniques: [RecordKey: UniqueSlot] = [:]
    /// Uids of what was changed, in order.
    var changed: [[UInt8]] = []
}

/// What was read of the database for a commit, and what is still to be read.
struct Snapshot {
    private var values: [RecordKey: [UInt8]?] = [:]
    private(set) var missing: Set<RecordKey> = []

    /// Nil for nothing there, and for what is still to be read: then it is noted.
    mutating func value(_ key: RecordKey) -> [UInt8]? {
        if let value = values[key] { return value }
        missing.insert(key)
        return nil
    }

    mutating func want(_ key: RecordKey) { if values[key] == nil { missing.insert(key) } }

    mutating func set(_ key: RecordKey, _ value: [UInt8]?) {
        values[key] = .some(value)
        missing.remove(key)
    }

    /// Forgets everything: it may have changed.
    mutating func reset() {
        missing.formUnion(values.keys)
        values = [:]
    }

    /// What a record that was read must still begin with; empty: it must still be absent.
    func guardValue(_ key: RecordKey) -> [UInt8] {
        guard let value = values[key] ?? nil else { return [] }
        return Array(value.prefix(Sealing.guardSize))
    }

    /// The whole value as it was read; empty: absent.
    func wholeValue(_ key: RecordKey) -> [UInt8] { (values[key] ?? nil) ?? [] }
}
