import PluginKit

/// Reads objects with the permissions on them, many at a time and both at one instant.
struct RecordReader {
    private let session: ReadSession
    /// Objects of one round trip: fewer when they are large.
    private var step = 16

    private static let stepMax = 256
    private static let bytesFew = 4 << 20

    init(_ session: ReadSession) { self.session = session }

    /// What is known of one uid.
    struct Found {
        /// Empty when only its key was known and it is damaged.
        var uid: [UInt8]
        var object: StoredObject?
        var permissions: Permissions?
        /// Something is there that cannot be read.
        var isDamaged = false
    }

    /// An object to be read: by uid, or by its key where only that is known.
    struct Wanted {
        var uid: [UInt8]?
        var key: RecordKey
    }

    /// Calls `body` for each in turn until it returns false. With permissions, where the uid is known
    /// only from the object these are read after it, and tell rights at least as new.
    mutating func forEach(
        _ wanted: some RandomAccessCollection<Wanted>, withPermissions: Bool,
        _ body: (Int, Found) throws(DriverFailure) -> Bool
    ) throws(DriverFailure) {
        var rest = wanted[wanted.startIndex...]
        var index = 0
        while !rest.isEmpty {
            let part = Array(rest.prefix(step))
            rest = rest.dropFirst(part.count)
            for found in try read(part, withPermissions) {
                guard try body(index, found) else { return }
                index += 1
            }
        }
    }

    private mutating func read(
        _ part: [Wanted], _ withPermissions: Bool
    ) throws(DriverFailure) -> [Found] {
        var start = session.vault.moment()
        let readsTogether = withPermissions && part.allSatisfy { $0.uid != nil }
        var values = try session.values { (vault) throws(DriverFailure) in
            var keys = part.map(\.key)
            if readsTogether {
                for one in part { keys.append(try vault.key(permissions: one.uid ?? [])) }
            }
            return keys
        }
        adapt(values)
        var found: [Found] = []
        for (one, value) in zip(part, values) { found.append(try object(one, value, start)) }
        guard withPermissions else { return found }
        if readsTogether {
            values.removeFirst(part.count)
        } else {
            start = session.vault.moment()
            values = try session.values { (vault) throws(DriverFailure) in
                var keys: [RecordKey] = []
                for one in found { keys.append(try vault.key(permissions: one.uid)) }
                return keys
            }
        }
        for index in found.indices {
            guard let value = values[index] else { continue }
            do throws(DriverFailure) {
                found[index].permissions = try session.vault.permissions(
                    value, at: session.vault.key(permissions: found[index].uid),
                    uid: found[index].uid, readAfter: start)
            } catch {
                guard error.status == .corrupt else { throw error }
                found[index].isDamaged = true
            }
        }
        return found
    }

    private func object(
        _ wanted: Wanted, _ value: [UInt8]?, _ start: HighWaterMarks.Moment
    ) throws(DriverFailure) -> Found {
        var found = Found(uid: wanted.uid ?? [])
        guard let value else { return found }
        do throws(DriverFailure) {
            let object = try session.vault.object(
                value, at: wanted.key, uid: wanted.uid, readAfter: start)
            found.uid = object.uid
            found.object = object
        } catch {
            guard error.status == .corrupt else { throw error }
            found.isDamaged = true
        }
        return found
    }

    private mutating func adapt(_ values: [[UInt8]?]) {
        let bytes = values.reduce(0) { $0 + ($1?.count ?? 0) }
        step = bytes < Self.bytesFew ? min(step * 2, Self.stepMax) : max(step / 4, 4)
    }
}

extension RecordReader.Found {
    /// Adds the item to an answer.
    func append(
        parts: Parts, who: BorrowedTexts, knownRevision: UInt64 = 0,
        to objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        try uid.withBorrowedBytes { (uid) throws(DriverFailure) in
            var record = ObjectRecord(uid: BorrowedText(utf8: uid))
            record.rights = permissions?.rights(of: who) ?? 0
            guard let object, !isDamaged else {
                record.status = isDamaged ? .corrupt : .notFound
                return try objects.append(record)
            }
            try object.owner.withBorrowedBytes { (owner) throws(DriverFailure) in
                record.owner = BorrowedText(utf8: owner)
                record.type = object.type
                record.state = object.state
                record.revision = object.revision
                record.isUnchanged = knownRevision != 0 && knownRevision == object.revision
                if !record.isUnchanged {
                    if parts.contains(.object) { record.object = object.object.bytes }
                    if parts.contains(.attributes) { record.attributes = object.attributes.bytes }
                }
                try objects.append(record)
            }
            guard parts.contains(.tags), !record.isUnchanged else { return }
            for tag in object.tags {
                try tag.withBorrowedBytes { (tag) throws(DriverFailure) in
                    try objects.appendTag(BorrowedText(utf8: tag))
                }
            }
        }
        // What `object` borrows from is alive until here.
        withExtendedLifetime(object) {}
    }
}
