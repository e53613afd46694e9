import CPKCS11
import PluginKit

extension PKCS11Slot {
    /// The key with this id, from the cache or the token; nil when there is none.
    ///
    /// - Throws: `CKR_USER_NOT_LOGGED_IN` when nothing was found because nobody is logged in, and
    ///   the device's failure when it is not there: neither means that the key is gone.
    func look(
        for id: [UInt8], _ session: Session, _ stamp: Stamp
    ) throws(TokenFailure) -> Lookup {
        if let known = handles.key(id, under: stamp) { return .key(known) }
        let found = try objects.shared { () throws(TokenFailure) in
            try search(session).key(id)
        }
        switch found {
        case .key(let facts):
            let key = KeyHandle(handle: facts.handle, type: facts.type, bits: facts.bits)
            handles.insert(key, id, under: stamp)
            return .key(key)
        case .several: return .several
        case .nothing:
            try requireLogin(session)
            _ = try functions.token(slot)
            return .nothing
        }
    }

    enum Lookup {
        case nothing
        case key(KeyHandle)
        case several
    }

    func search(_ session: Session) -> KeySearch {
        KeySearch(session: session, batch: quirks.findBatch)
    }

    func find(
        _ query: HSMKeyQuery, _ call: Call, into keys: inout HSMKeysBuilder
    ) throws(DriverFailure) {
        guard let type = query.type else { throw .unsupported }
        guard query.ids.isEmpty else { return try find(query.ids, call, into: &keys) }
        guard query.limit > 0 else { throw .invalid("\(name): find without a limit") }
        let position = try Position(query.cursor)
        let limit = query.limit
        let found = try run(call) { [self] watch in
            Result { () throws(Trouble) in
                try attempt(watch, []) { (session, stamp) throws(TokenFailure) in
                    try page(of: type, from: position, limit: limit, session, stamp)
                }
            }
        }
        guard let page = found else {
            throw DriverFailure(
                .unavailable, "\(name): the device lost the listing: begin it again",
                flags: .retryable)
        }
        for record in page.records { try keys.append(record) }
        if let next = page.next { try keys.setCursor(next.encoded) }
    }

    private struct Page: Sendable {
        var records: [HSMKeyRecord] = []
        var next: Position?
    }

    /// Where a listing goes on.
    private struct Position: Sendable {
        var listing: UInt64
        var offset: Int

        /// Nil for the first page.
        init?(_ cursor: BorrowedBytes) throws(DriverFailure) {
            if cursor.isEmpty { return nil }
            guard cursor.count == 16 else { throw .invalid("a cursor that is not ours") }
            listing = cursor.word(at: 0)
            guard let offset = Int(exactly: cursor.word(at: 8)) else {
                throw .invalid("a cursor that is not ours")
            }
            self.offset = offset
        }

        init(listing: UInt64, offset: Int) {
            self.listing = listing
            self.offset = offset
        }

        var encoded: [UInt8] {
            [listing, UInt64(offset)].flatMap { word in
                (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
            }
        }
    }

    /// Nil when a later page has nothing to go on with.
    private func page(
        of type: HSMKeyType, from position: Position?, limit: Int, _ session: Session,
        _ stamp: Stamp
    ) throws(TokenFailure) -> Page? {
        let all: [CK_OBJECT_HANDLE]
        if let position {
            guard let known = listings.handles(position.listing, under: stamp) else { return nil }
            all = known
        } else {
            all = try objects.shared { () throws(TokenFailure) in
                try search(session).handles(of: type, limit: Listings.handlesMax)
            }
            if all.isEmpty {
                try requireLogin(session)
                _ = try functions.token(slot)
            }
        }
        var page = Page()
        var offset = min(position?.offset ?? 0, all.count)
        while offset < all.count, page.records.count < limit {
            let some = all[offset..<min(offset + limit - page.records.count, all.count)]
            for facts in try search(session).facts(of: Array(some))
            where (type == .any || facts.type.type == type) && !facts.id.isEmpty {
                page.records.append(try facts.record())
            }
            offset += some.count
        }
        if offset < all.count {
            let listing = position?.listing ?? listings.keep(all, under: stamp)
            page.next = Position(listing: listing, offset: offset)
        } else if let position {
            listings.drop(position.listing)
        }
        return page
    }

    private func find(
        _ ids: HSMKeyIDs, _ call: Call, into keys: inout HSMKeysBuilder
    ) throws(DriverFailure) {
        let ids = ids.map { Array($0) }
        let records = try run(call) { [self] watch in
            Result { () throws(Trouble) in
                try each(ids) { id throws(Trouble) in
                    try attempt(watch, [id]) { (session, stamp) throws(TokenFailure) in
                        try describe(id, session, stamp)
                    }
                } otherwise: {
                    HSMKeyRecord(id: $0, $1.status, nativeCode: $1.nativeCode)
                }
            }
        }
        for record in records { try keys.append(record) }
    }

    /// What came of each id; a trouble of all ends it, unless something was decided before.
    func each<R>(
        _ ids: [[UInt8]], _ body: ([UInt8]) throws(Trouble) -> R,
        otherwise: ([UInt8], Trouble) -> R
    ) throws(Trouble) -> [R] {
        var results: [R] = []
        var obstacle: Trouble?
        for id in ids {
            if let obstacle {
                results.append(otherwise(id, obstacle))
                continue
            }
            do throws(Trouble) {
                results.append(try body(id))
            } catch {
                if case .call = error {
                    if results.isEmpty { throw error }
                    obstacle = error
                }
                results.append(otherwise(id, error))
            }
        }
        return results
    }

    private func describe(
        _ id: [UInt8], _ session: Session, _ stamp: Stamp
    ) throws(TokenFailure) -> HSMKeyRecord {
        switch try look(for: id, session, stamp) {
        case .nothing: return HSMKeyRecord(id: id, .notFound)
        case .several: return HSMKeyRecord(id: id, .conflict)
        case .key(let key):
            guard let facts = try KeyFacts(key.handle, in: session) else {
                throw TokenFailure(.objectHandleInvalid, in: "C_GetAttributeValue")
            }
            return try facts.record(as: id)
        }
    }

    // MARK: Export

    private struct Exported: Sendable {
        var record: HSMKeyRecord
        var material: SecretBuffer?
    }

    func export(
        _ ids: HSMKeyIDs, _ call: Call, into keys: inout HSMKeysBuilder
    ) throws(DriverFailure) {
        let ids = ids.map { Array($0) }
        if ids.isEmpty { return }
        let exported = try run(call) { [self] watch in
            Result { () throws(Trouble) in
                try each(ids) { id throws(Trouble) in
                    try attempt(watch, [id]) { (session, stamp) throws(TokenFailure) in
                        try export(id, session, stamp)
                    }
                } otherwise: {
                    Exported(record: HSMKeyRecord(id: $0, $1.status, nativeCode: $1.nativeCode))
                }
            }
        }
        for item in exported {
            guard let material = item.material else {
                try keys.append(item.record)
                continue
            }
            try material.withBytes { (secret) throws(DriverFailure) in
                try keys.append(item.record, secret: secret)
            }
        }
    }

    private func export(
        _ id: [UInt8], _ session: Session, _ stamp: Stamp
    ) throws(TokenFailure) -> Exported {
        guard case .key(let key) = try look(for: id, session, stamp) else {
            return Exported(record: try describe(id, session, stamp))
        }
        guard let facts = try KeyFacts(key.handle, in: session) else {
            throw TokenFailure(.objectHandleInvalid, in: "C_GetAttributeValue")
        }
        return Exported(
            record: try facts.record(as: id), material: try facts.secretMaterial(in: session))
    }
}
