/// Outcome of a call or of one item: `kms_status`, as the driver gave it.
struct Status: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    let rawValue: Int32

    static let ok = Status(rawValue: 0)
    static let notFound = Status(rawValue: 1)
    static let exists = Status(rawValue: 2)
    static let conflict = Status(rawValue: 3)
    static let aborted = Status(rawValue: 4)
    static let invalid = Status(rawValue: 5)
    static let unsupported = Status(rawValue: 6)
    static let denied = Status(rawValue: 7)
    static let unavailable = Status(rawValue: 8)
    static let upgrading = Status(rawValue: 9)
    static let wouldBlock = Status(rawValue: 10)
    static let cancelled = Status(rawValue: 11)
    static let deadline = Status(rawValue: 12)
    static let exhausted = Status(rawValue: 13)
    static let corrupt = Status(rawValue: 14)
    static let notExtractable = Status(rawValue: 15)
    static let cryptoFailed = Status(rawValue: 16)
    static let internalError = Status(rawValue: 17)

    private static let names = [
        "OK", "NOT_FOUND", "EXISTS", "CONFLICT", "ABORTED", "INVALID", "UNSUPPORTED", "DENIED",
        "UNAVAILABLE", "UPGRADING", "WOULD_BLOCK", "CANCELLED", "DEADLINE", "EXHAUSTED", "CORRUPT",
        "NOT_EXTRACTABLE", "CRYPTO_FAILED", "INTERNAL",
    ]

    var isKnown: Bool { Self.names.indices.contains(Int(rawValue)) }

    var description: String {
        isKnown ? "KMS_" + Self.names[Int(rawValue)] : "\(rawValue), which is no status"
    }
}

/// A call that the driver answered with something else than `KMS_OK`.
struct CallFailed: Error, Sendable, Codable, CustomStringConvertible {
    var function: Function
    var status: Status
    /// `KMS_ERROR_*`.
    var flags: UInt32 = 0
    var nativeCode: Int64 = 0
    /// 0: it says nothing of it.
    var retryAfter_ns: UInt64 = 0
    var message = ""

    var isRetryable: Bool { flags & 1 != 0 }
    var isInDoubt: Bool { flags & 2 != 0 }

    var description: String {
        "\(function) answered \(status)" + (message.isEmpty ? "" : ": \(message)")
    }
}

/// The plugin's `init` and the functions of both interfaces, by their names in the headers.
enum Function: String, Sendable, CaseIterable, Codable, CustomStringConvertible {
    case start = "init"
    case open, close, health, cancel, context, migrate, plan, clear
    case get, query, apply, grants, changes, statistics
    case slots, capabilities, generate, find, update, destroy, crypto, random, seed
    case slotOpen = "slot_open"
    case slotClose = "slot_close"
    case exportKeys = "export_keys"

    var description: String { rawValue }
}
