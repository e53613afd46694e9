import PluginKit

/// What the writes of a commit do to the records that were read: a pure function of both, save for the
/// clock. When something was not read yet, `snapshot.missing` says so and the result means nothing.
struct Evaluation {
    let vault: Vault
    let clock: CreationClock
    /// Before anything of the snapshot was read.
    let start: HighWaterMarks.Moment
    var snapshot: Snapshot
    private(set) var overlay = Overlay()
    private(set) var statuses: [Status]

    init(
        _ vault: Vault, _ clock: CreationClock, _ snapshot: Snapshot,
        readAfter start: HighWaterMarks.Moment, count: Int
    ) {
        self.vault = vault
        self.start = start
        self.clock = clock
        self.snapshot = snapshot
        statuses = Array(repeating: .ok, count: count)
    }

    /// Some batch is to be written, or at least to be proven.
    var hasSucceeded: Bool { statuses.contains(.ok) }

    /// - Parameter range: Whole batches.
    mutating func run(_ writes: Writes, _ range: Range<Int>) throws(DriverFailure) {
        var start = range.lowerBound
        while start < range.upperBound {
            let batch = writes.batch(from: start)
            try run(writes, batch: batch, offset: range.lowerBound)
            start = batch.upperBound
        }
    }

    private mutating func run(
        _ writes: Writes, batch: Range<Int>, offset: Int
    ) throws(DriverFailure) {
        // A write decides before it changes anything, so a batch of one needs no way back.
        let before = batch.count > 1 ? overlay : nil
        for index in batch {
            let status = try write(writes[index])
            guard status != .ok else { continue }
            if let before { overlay = before }
            for other in batch { statuses[other - offset] = .aborted }
            statuses[index - offset] = status
            return
        }
    }

    private mutating func write(_ write: Write) throws(DriverFailure) -> Status {
        guard let operation = write.operation else { return .unsupported }
        var conditions = write.conditions
        guard conditions.isSubset(of: [.present, .revision, .owner]) else { return .unsupported }
        if operation == .update || operation == .check { conditions.insert(.present) }
        let uid = Array(write.uid.utf8)
        if !conditions.isEmpty {
            let status = judge(conditions, of: write, against: try object(uid))
            guard status == .ok else { return status }
        }
        switch operation {
        case .create: return try create(write, uid)
        case .update: return try update(write, uid)
        case .delete: return try delete(uid)
        case .grant: return try grant(write, uid)
        case .revoke: return try revoke(write, uid)
        case .check: return .ok
        }
    }

    private func judge(
        _ conditions: Write.Conditions, of write: Write, against slot: Overlay.ObjectSlot
    ) -> Status {
        guard slot.isPresent else { return .notFound }
        // What is damaged may still be deleted, but nothing can be concluded from it.
        guard let object = slot.current else { return .corrupt }
        if conditions.contains(.revision), object.revision != write.expectedRevision {
            return .conflict
        }
        if conditions.contains(.owner), !write.expectedOwner.utf8.elementsEqual(object.owner) {
            return .conflict
        }
        return .ok
    }

    private mutating func create(_ write: Write, _ uid: [UInt8]) throws(DriverFailure) -> Status {
        var slot = try object(uid)
        guard !slot.isPresent else { return .exists }
        let counter = clock.counter(after: slot.original?.counter)
        guard let object = StoredObject(write, created: clock.next(), counter: counter) else {
            return .unsupported
        }
        guard try take(object.terms, for: uid) else { return .exists }
        slot.current = object
        slot.isWritten = true
        overlay.objects[uid] = slot
        overlay.changed.append(uid)
        return .ok
    }

    private mutating func update(_ write: Write, _ uid: [UInt8]) throws(DriverFailure) -> Status {
        var slot = try object(uid)
        guard var object = slot.current else { return slot.isPresent ? .corrupt : .notFound }
        let old = object.terms
        guard object.update(write, counter: clock.counter(after: object.counter)) else {
            return .unsupported
        }
        if write.parts.contains(.attributes) {
            guard try take(object.terms, for: uid) else { return .exists }
            let kept = Set(object.terms)
            try release(old.filter { !kept.contains($0) }, of: uid)
        }
        slot.current = object
        slot.isWritten = true
        overlay.objects[uid] = slot
        overlay.changed.append(uid)
        return .ok
    }

    private mutating func delete(_ uid: [UInt8]) throws(DriverFailure) -> Status {
        var slot = try object(uid)
        var grants = try permissions(uid)
        let hasGrants = grants.current != nil || (grants.isDamaged && !grants.isWritten)
        guard slot.isPresent || hasGrants else { return .notFound }
        if slot.isPresent {
            if let terms = slot.current?.terms { try release(terms, of: uid) }
            slot.current = nil
            slot.isWritten = true
            overlay.objects[uid] = slot
        }
        if hasGrants {
            grants.current = nil
            grants.isWritten = true
            overlay.permissions[uid] = grants
        }
        overlay.changed.append(uid)
        return .ok
    }

    private mutating func grant(_ write: Write, _ uid: [UInt8]) throws(DriverFailure) -> Status {
        guard write.rights != 0 else { return .ok }
        var slot = try permissions(uid)
        guard !slot.isDamaged || slot.isWritten else { return .corrupt }
        var current = slot.current ?? Permissions(uid: uid, created: clock.next())
        current.rights[Array(write.user.utf8), default: 0] |= write.rights
        current.counter = clock.counter(after: current.counter)
        slot.current = current
        slot.isWritten = true
        overlay.permissions[uid] = slot
        overlay.changed.append(uid)
        return .ok
    }

    private mutating func revoke(_ write: Write, _ uid: [UInt8]) throws(DriverFailure) -> Status {
        var slot = try permissions(uid)
        guard !slot.isDamaged || slot.isWritten else { return .corrupt }
        let user = Array(write.user.utf8)
        guard var current = slot.current, let rights = current.rights[user] else { return .ok }
        let left = rights & ~write.rights
        guard left != rights else { return .ok }
        current.rights[user] = left == 0 ? nil : left
        current.counter = clock.counter(after: current.counter)
        slot.current = current.rights.isEmpty ? nil : current
        slot.isWritten = true
        overlay.permissions[uid] = slot
        overlay.changed.append(uid)
        return .ok
    }
}

// Records, read when they are first needed.
extension Evaluation {
    private mutating func object(_ uid: [UInt8]) throws(DriverFailure) -> Overlay.ObjectSlot {
        if let slot = overlay.objects[uid] { return slot }
        let key = try vault.key(object: uid)
        let value = snapshot.value(key)
        var original: StoredObject?
        if let value {
            do throws(DriverFailure) {
                original = try vault.object(value, at: key, uid: uid, readAfter: start)
            } catch {
                if error.status != .corrupt { throw error }
            }
        }
        let slot = Overlay.ObjectSlot(
            key: key, original: original, isDamaged: value != nil && original == nil,
            current: original)
        overlay.objects[uid] = slot
        return slot
    }

    private mutating func permissions(
        _ uid: [UInt8]
    ) throws(DriverFailure) -> Overlay.PermissionsSlot {
        if let slot = overlay.permissions[uid] { return slot }
        let key = try vault.key(permissions: uid)
        let value = snapshot.value(key)
        var original: Permissions?
        if let value {
            do throws(DriverFailure) {
                original = try vault.permissions(
                    value, at: key, uid: uid, readAfter: start)
            } catch {
                if error.status != .corrupt { throw error }
            }
        }
        let slot = Overlay.PermissionsSlot(
            key: key, original: original, isDamaged: value != nil && original == nil,
            current: original)
        overlay.permissions[uid] = slot
        return slot
    }

    private mutating func unique(_ key: RecordKey) throws(DriverFailure) -> Overlay.UniqueSlot {
        if let slot = overlay.uniques[key] { return slot }
        let holder: [UInt8]?
        if let value = snapshot.value(key) {
            holder = try vault.holder(value, at: key)
        } else {
            holder = nil
        }
        let slot = Overlay.UniqueSlot(original: holder, holder: holder)
        overlay.uniques[key] = slot
        return slot
    }

    /// False when somebody else holds one of the unique terms; then nothing was taken.
    private mutating func take(
        _ terms: [StoredTerm], for uid: [UInt8]
    ) throws(DriverFailure) -> Bool {
        var keys: [RecordKey] = []
        for term in terms where term.isUnique {
            let key = try vault.key(unique: term)
            let holder = try unique(key).holder
            guard holder == nil || holder == uid else { return false }
            keys.append(key)
        }
        for key in keys { overlay.uniques[key]?.holder = uid }
        return true
    }

    private mutating func release(
        _ terms: [StoredTerm], of uid: [UInt8]
    ) throws(DriverFailure) {
        for term in terms where term.isUnique {
            let key = try vault.key(unique: term)
            if try unique(key).holder == uid { overlay.uniques[key]?.holder = nil }
        }
    }
}
