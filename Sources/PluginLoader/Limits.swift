import PluginABI

/// The sizes that both sides of the contract rely on ("Memory" in the driver guide). The loader
/// checks requests before it calls and answers after.
enum Limits {
    static let names = Int(KMS_MAX_WHO)
    static let cursor = Int(KMS_MAX_CURSOR)
    static let changeToken = Int(KMS_MAX_TOKEN)
    static let object = Int(KMS_MAX_OBJECT)
    static let batch = Int(KMS_MAX_BATCH)
    static let call = Int(KMS_MAX_CALL)
    /// Requests that are put together in one call.
    static let gathered = 256
    static let page = Int(KMS_MAX_LIMIT)
    /// Not in the contract: more is a driver gone mad.
    static let tags = 65_536
    /// Requests that wait for one handle. Beyond, the server is overloaded and says so.
    static let waiting = 8192
    static let concurrency = 1024
    /// Bytes that one driver may hold for secrets. Not in the contract: more is a driver that leaks.
    static let secureMemory = 1 << 30
}

/// What a text of a request is, and how long it may be.
enum TextLimit: Sendable {
    case uid, anyUID, owner, user, name, tag, path, value, setting, option, traceID

    var most: Int {
        switch self {
        case .uid, .anyUID: Int(KMS_MAX_UID)
        case .owner, .user, .name: Int(KMS_MAX_USER)
        case .tag: Int(KMS_MAX_TAG)
        case .path, .option: Int(KMS_MAX_PATH)
        case .value: Limits.object
        case .setting: 1 << 20
        case .traceID: 64
        }
    }

    /// Whether the empty text means nothing in its place.
    var isRequired: Bool {
        switch self {
        case .uid, .user, .tag, .path, .option: true
        case .anyUID, .owner, .name, .value, .setting, .traceID: false
        }
    }
}
