import PluginABI

/// One write (`kms_write`).
struct Write: Sendable {
    /// `KMS_IF_*`.
    struct Conditions: OptionSet, Sendable {
        let rawValue: UInt32
        static let present = Conditions(rawValue: 1 << 0)
        static let revision = Conditions(rawValue: 1 << 1)
        static let owner = Conditions(rawValue: 1 << 2)
    }

    var op: UInt32
    var object: Object
    var parts: Parts = []
    var user = ""
    var rights: UInt64 = 0
    var conditions: Conditions = []
    var expectedRevision: UInt64 = 0
    var expectedOwner = ""
    var batch: UInt32 = 0

    private init(_ op: kms_write_op, _ object: Object) {
        self.op = op.rawValue
        self.object = object
    }

    static func create(_ object: Object) -> Write { Write(KMS_WRITE_CREATE, object) }
    static func update(_ object: Object, _ parts: Parts) -> Write {
        var write = Write(KMS_WRITE_UPDATE, object)
        write.parts = parts
        return write
    }
    static func delete(_ uid: String) -> Write { Write(KMS_WRITE_DELETE, Object(named: uid)) }
    static func check(_ uid: String) -> Write { Write(KMS_WRITE_CHECK, Object(named: uid)) }
    static func grant(_ uid: String, to user: String, _ rights: UInt64) -> Write {
        var write = Write(KMS_WRITE_GRANT, Object(named: uid))
        write.user = user
        write.rights = rights
        return write
    }
    static func revoke(_ uid: String, from user: String, _ rights: UInt64) -> Write {
        var write = Write(KMS_WRITE_REVOKE, Object(named: uid))
        write.user = user
        write.rights = rights
        return write
    }

    /// The same write in another batch.
    func inBatch(_ batch: UInt32) -> Write { with { $0.batch = batch } }
    var ifPresent: Write { with { $0.conditions.insert(.present) } }
    func ifRevision(_ revision: UInt64) -> Write {
        with {
            $0.conditions.insert(.revision)
            $0.expectedRevision = revision
        }
    }
    func ifOwner(_ owner: String) -> Write {
        with {
            $0.conditions.insert(.owner)
            $0.expectedOwner = owner
        }
    }
    func with(_ change: (inout Write) -> Void) -> Write {
        var copy = self
        change(&copy)
        return copy
    }
}

extension Object {
    /// A write that needs nothing but the uid leaves the rest 0, as hosts do.
    fileprivate init(named uid: String) {
        self.init(uid, owner: "", type: 0, state: 0, revision: 0)
    }
}

/// What became of one write (`kms_written`).
struct Written: Sendable, Equatable {
    var status: Status
    /// `KMS_ERROR_*`.
    var flags: UInt32

    var isInDoubt: Bool { flags & 2 != 0 }
}
