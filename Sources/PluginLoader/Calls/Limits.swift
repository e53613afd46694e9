/// The sizes that both sides of the contract rely on ("Memory" in the driver guide). The loader
/// checks requests before it calls and answers after.
enum Limits {
    static let names = 64
    static let cursor = 512
    static let changeToken = 64
    static let object = 16 << 20
    static let batch = 100
    static let call = 64 << 20
    /// Requests that are put together in one call.
    static let gathered = 256
    static let page = 1000
    /// Not in the contract: more is a driver gone mad.
    static let tags = 65_536
    /// Requests that wait for one handle. Beyond, the server is overloaded and says so.
    static let waiting = 8192
    static let concurrency = 1024
}

/// What a text of a request is, and how long it may be.
enum TextLimit: Sendable {
    case uid, anyUID, owner, user, tag, path, value, setting, option, traceID, tenant

    var most: Int {
        switch self {
        case .uid, .anyUID, .owner, .user, .tag: 255
        case .path, .option: 128
        case .value: Limits.object
        case .setting: 1 << 20
        case .traceID: 64
        case .tenant: 255
        }
    }

    /// Whether the empty text means nothing in its place.
    var isRequired: Bool {
        switch self {
        case .uid, .user, .tag, .path, .option: true
        case .anyUID, .owner, .value, .setting, .traceID, .tenant: false
        }
    }
}
