import CPKCS11
import PluginKit

extension PKCS11Slot {
    /// A secret key, or the halves of a pair.
    private enum Order: Sendable {
        case secret(KeySpecification)
        case pair(privateKey: KeySpecification, publicKey: KeySpecification)
        /// No half without the other, no pair of different kinds.
        case malformed(KeySpecification)

        var specifications: [KeySpecification] {
            switch self {
            case .secret(let key), .malformed(let key): [key]
            case .pair(let privateKey, let publicKey): [privateKey, publicKey]
            }
        }

        func records(
            _ status: Status, nativeCode: UInt32 = 0, flags: HSMKeyFlags = []
        ) -> [HSMKeyRecord] {
            specifications.map {
                HSMKeyRecord(id: $0.id, status, nativeCode: nativeCode, flags: flags)
            }
        }
    }

    func generate(
        _ templates: HSMKeyTemplates, _ call: Call, into keys: inout HSMKeysBuilder
    ) throws(DriverFailure) {
        let orders = Self.orders(templates.map(KeySpecification.init))
        if orders.isEmpty { return }
        let records = try run(call) { [self] watch in
            Result { () throws(Trouble) in
                var records: [HSMKeyRecord] = []
                for order in orders {
                    do throws(Trouble) {
                        records += try generate(order, watch)
                    } catch {
                        if case .call = error, records.isEmpty { throw error }
                        records += order.records(error.status, nativeCode: error.nativeCode)
                    }
                }
                return records
            }
        }
        for record in records { try keys.append(record) }
    }

    private static func orders(_ keys: [KeySpecification]) -> [Order] {
        var orders: [Order] = []
        var rest = keys[...]
        while let first = rest.popFirst() {
            switch first.type {
            case .aes, .generic: orders.append(.secret(first))
            case .rsaPrivate, .ecPrivate:
                let half: HSMKeyType = first.type == .rsaPrivate ? .rsaPublic : .ecPublic
                guard let second = rest.first, second.type == half, second.id != first.id,
                    second.bits == first.bits, second.curve?.number == first.curve?.number
                else {
                    orders.append(.malformed(first))
                    continue
                }
                rest.removeFirst()
                orders.append(.pair(privateKey: first, publicKey: second))
            default: orders.append(.malformed(first))
            }
        }
        return orders
    }

    /// Whether a generation was tried that the device did not clearly refuse.
    private final class Doubt { var isThere = false }

    private func generate(_ order: Order, _ watch: Watch) throws(Trouble) -> [HSMKeyRecord] {
        if case .malformed = order { return order.records(.invalid) }
        guard order.specifications.allSatisfy({ !$0.id.isEmpty }) else {
            return order.records(.invalid)
        }
        let doubt = Doubt()
        let patience = Patience(codes: quirks.generateAgain)
        do throws(Trouble) {
            return try attempt(watch, [], patience: patience) {
                (session, stamp) throws(TokenFailure) in
                try objects.alone { () throws(TokenFailure) in
                    try generate(order, session, stamp, doubt)
                }
            }
        } catch {
            guard case .item(let failure) = error else { throw error }
            return order.records(
                failure.status, nativeCode: failure.nativeCode,
                flags: doubt.isThere && failure.status == .unavailable ? .inDoubt : [])
        }
    }

    /// Alone on the slot: that an id is free, and stays so until it is taken, holds in this process.
    private func generate(
        _ order: Order, _ session: Session, _ stamp: Stamp, _ doubt: Doubt
    ) throws(TokenFailure) -> [HSMKeyRecord] {
        let search = search(session)
        try requireLogin(session)
        for key in order.specifications {
            if case .nothing = try search.key(key.id) { continue }
            // What an attempt whose answer was lost made may well be ours.
            guard doubt.isThere else { return order.records(.exists) }
            return order.records(.unavailable, flags: .inDoubt)
        }
        let made: [CK_OBJECT_HANDLE]
        do throws(TokenFailure) {
            made = try make(order, session)
        } catch {
            if !error.code.refusesKind || error.code == .templateInconsistent {
                doubt.isThere = true
            }
            try removeLoneHalf(of: order, session)
            throw error
        }
        return try records(of: made, order, session, stamp)
    }

    private func records(
        of made: [CK_OBJECT_HANDLE], _ order: Order, _ session: Session, _ stamp: Stamp
    ) throws(TokenFailure) -> [HSMKeyRecord] {
        let search = search(session)
        var records: [HSMKeyRecord] = []
        for (handle, key) in zip(made, order.specifications) {
            guard case .key(let found) = try search.key(key.id), found.handle == handle else {
                // Another process was as fast. Its key stays, ours goes.
                for handle in made { try session.destroy(handle) }
                return order.records(.exists)
            }
            handles.insert(
                KeyHandle(handle: handle, type: found.type, bits: found.bits), key.id,
                under: stamp)
            records.append(try found.record(as: key.id))
        }
        return records
    }

    private func make(
        _ order: Order, _ session: Session
    ) throws(TokenFailure) -> [CK_OBJECT_HANDLE] {
        switch order {
        case .secret(let key):
            guard let type = key.type, let mechanism = Mechanisms.generation(of: type, on: nil),
                key.bits > 0, key.bits.isMultiple(of: 8)
            else { throw TokenFailure(.functionNotSupported, in: "C_GenerateKey") }
            let size = Attribute(CKA_VALUE_LEN, .number(UInt(key.bits / 8)))
            return [
                try session.generate(
                    Mechanisms.tokenMechanism(mechanism), [size] + key.attributes(quirks))
            ]
        case .pair(let privateKey, let publicKey):
            guard let type = privateKey.type,
                let mechanism = Mechanisms.generation(of: type, on: privateKey.curve)
            else { throw TokenFailure(.functionNotSupported, in: "C_GenerateKeyPair") }
            let pair = try session.generatePair(
                Mechanisms.tokenMechanism(mechanism),
                publicKey: Self.domain(publicKey) + publicKey.attributes(quirks),
                privateKey: privateKey.attributes(quirks))
            return [pair.privateKey, pair.publicKey]
        case .malformed:
            throw TokenFailure(.functionNotSupported, in: "C_GenerateKey")
        }
    }

    /// What a pair is generated from; it stands in the template of the public key.
    private static func domain(_ key: KeySpecification) -> [Attribute] {
        if let curve = key.curve { return [Attribute(CKA_EC_PARAMS, .bytes(curve.parameters))] }
        return [
            Attribute(CKA_MODULUS_BITS, .number(UInt(key.bits))),
            Attribute(CKA_PUBLIC_EXPONENT, .bytes([1, 0, 1])),
        ]
    }

    /// A token that filled up in the middle of a pair must not keep half of it.
    private func removeLoneHalf(of order: Order, _ session: Session) throws(TokenFailure) {
        guard case .pair(let privateKey, let publicKey) = order else { return }
        let search = search(session)
        let halves = [try search.key(privateKey.id), try search.key(publicKey.id)]
        switch (halves[0], halves[1]) {
        case (.key(let half), .nothing), (.nothing, .key(let half)):
            try session.destroy(half.handle)
        default: break
        }
    }

    // MARK: Changing and removing

    func update(
        _ keys: HSMKeyTemplates, _ call: Call, into outcomes: inout HSMOutcomes
    ) throws(DriverFailure) {
        // The label is what keys are found by.
        let renamed = keys.map { !$0.label.isEmpty && !($0.label.utf8 == $0.id) }
        let keys = keys.map(KeySpecification.init)
        if keys.isEmpty { return }
        let statuses = try run(call) { [self] watch in
            Result { () throws(Trouble) in
                var position = -1
                return try each(keys.map(\.id)) { id throws(Trouble) in
                    position += 1
                    if renamed[position] || !quirks.keepsDates { return Status.unsupported }
                    let key = keys[position]
                    return try attempt(watch, [id]) { (session, stamp) throws(TokenFailure) in
                        try change(key, session, stamp)
                    }
                } otherwise: {
                    $1.status
                }
            }
        }
        for (position, status) in statuses.enumerated() { outcomes[position] = status }
    }

    private func change(
        _ key: KeySpecification, _ session: Session, _ stamp: Stamp
    ) throws(TokenFailure) -> Status {
        switch try look(for: key.id, session, stamp) {
        case .nothing: return .notFound
        case .several: return .conflict
        case .key(let found):
            let dates = [
                Attribute(CKA_START_DATE, .bytes(key.startDay.map(Day.date) ?? [])),
                Attribute(CKA_END_DATE, .bytes(key.endDay.map(Day.date) ?? [])),
            ]
            try objects.alone { () throws(TokenFailure) in
                try session.set(dates, of: found.handle)
            }
            return .ok
        }
    }

    func destroy(
        _ ids: HSMKeyIDs, _ call: Call, into outcomes: inout HSMOutcomes
    ) throws(DriverFailure) {
        let ids = ids.map { Array($0) }
        if ids.isEmpty { return }
        let statuses = try run(call) { [self] watch in
            Result { () throws(Trouble) in
                try each(ids) { id throws(Trouble) in
                    try attempt(watch, [id]) { (session, stamp) throws(TokenFailure) in
                        try destroy(id, session, stamp)
                    }
                } otherwise: {
                    $1.status
                }
            }
        }
        for (position, status) in statuses.enumerated() { outcomes[position] = status }
    }

    private func destroy(
        _ id: [UInt8], _ session: Session, _ stamp: Stamp
    ) throws(TokenFailure) -> Status {
        // Searched for anew: what is removed for good is not taken from memory.
        handles.forget(id)
        switch try look(for: id, session, stamp) {
        case .nothing: return .notFound
        case .several: return .conflict
        case .key(let key):
            handles.forget(id)
            try objects.alone { () throws(TokenFailure) in try session.destroy(key.handle) }
            return .ok
        }
    }
}
