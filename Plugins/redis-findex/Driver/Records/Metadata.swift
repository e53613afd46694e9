import PluginKit

/// What a database says of itself in the clear, in the hash `kms:rf1`. The check record authenticates
/// it: nothing of it is secret, and nothing of it can be changed without the password.
package struct Metadata: Equatable, Sendable {
    package enum State: String, Sendable {
        case ready
        /// A schema is being changed.
        case upgrading
        /// Everything is being deleted.
        case clearing
    }

    package var kdf = "argon2id"
    /// 16 bytes in hex.
    package var salt: String
    package var cost: PasswordHash.Cost
    package var label: String
    /// The label that the index is being rotated to; empty: none.
    package var next = ""
    /// Counts the changes of everything here.
    package var epoch: UInt64 = 1
    package var schema = Metadata.supported
    package var state = State.ready
    /// Version of the newest host that migrated the database.
    package var host: String

    package static let format = "1"
    /// The schema that this driver writes.
    package static let supported = 1

    package static let name = Array("kms:rf1".utf8)
    static let feed = Array("kms:rf1:changes".utf8)

    package init(salt: String, cost: PasswordHash.Cost, label: String, host: String) {
        self.salt = salt
        self.cost = cost
        self.label = label
        self.host = host
    }

    /// Fields in the order in which the check record joins them.
    package var fields: [(name: String, value: String)] {
        [
            ("v", Self.format), ("kdf", kdf), ("salt", salt), ("m", "\(cost.memory_KiB)"),
            ("t", "\(cost.passes)"), ("p", "\(cost.lanes)"), ("label", label), ("next", next),
            ("epoch", "\(epoch)"), ("schema", "\(schema)"), ("state", state.rawValue),
            ("host", host),
        ]
    }

    /// What the check record holds.
    package var checkText: [UInt8] { Array(fields.map(\.value).joined(separator: "\n").utf8) }

    package var saltBytes: [UInt8] {
        let digits = Array(salt.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
    }

    /// Reads the pairs of `HGETALL`; nil when there are none. What it reads is not believed yet.
    init?(_ pairs: [Reply]) throws(DriverFailure) {
        guard !pairs.isEmpty else { return nil }
        var values: [String: String] = [:]
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            guard let name = try pairs[index].optionalBytes(),
                let value = try pairs[index + 1].optionalBytes()
            else { throw RedisFailure.unexpected }
            values[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
        }
        guard values["v"] == Self.format else {
            throw DriverFailure(
                .unsupported,
                "Redis: the database has format \(values["v"] ?? "none"), this driver knows "
                    + "\(Self.format): use a newer one")
        }
        guard let kdf = values["kdf"], let salt = values["salt"],
            let memory = values["m"].flatMap(UInt32.init),
            let passes = values["t"].flatMap(UInt32.init),
            let lanes = values["p"].flatMap(UInt32.init), let label = values["label"],
            let next = values["next"], let epoch = values["epoch"].flatMap(UInt64.init),
            let schema = values["schema"].flatMap(Int.init),
            let state = values["state"].flatMap(State.init), let host = values["host"]
        else { throw Self.changed }
        cost = PasswordHash.Cost(memory_KiB: memory, passes: passes, lanes: lanes)
        self.kdf = kdf
        self.salt = salt
        self.label = label
        self.next = next
        self.epoch = epoch
        self.schema = schema
        self.state = state
        self.host = host
        guard kdf == "argon2id", saltBytes.count == 16, cost.isSensible else { throw Self.changed }
    }

    /// Metadata and check record do not belong together, as far as this password can tell.
    static let changed = DriverFailure(
        .denied,
        "Redis: wrong master password for this database, or somebody changed its metadata (kms:rf1)"
    )
}
