/// Outcome of a call or of one item: `kms_status`. The numbers are those of `kms/plugin.h`.
public struct Status: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32
    @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let ok = Status(rawValue: 0)
    public static let notFound = Status(rawValue: 1)
    public static let exists = Status(rawValue: 2)
    public static let conflict = Status(rawValue: 3)
    public static let aborted = Status(rawValue: 4)
    public static let invalid = Status(rawValue: 5)
    public static let unsupported = Status(rawValue: 6)
    public static let denied = Status(rawValue: 7)
    public static let unavailable = Status(rawValue: 8)
    public static let upgrading = Status(rawValue: 9)
    public static let wouldBlock = Status(rawValue: 10)
    public static let cancelled = Status(rawValue: 11)
    public static let deadline = Status(rawValue: 12)
    public static let exhausted = Status(rawValue: 13)
    public static let corrupt = Status(rawValue: 14)
    public static let notExtractable = Status(rawValue: 15)
    public static let cryptoFailed = Status(rawValue: 16)
    public static let `internal` = Status(rawValue: 17)
}

/// Why a call failed, in the terms of `kms_error`.
///
/// The message is for operators: it says what was attempted, what happened, what to do. It goes to
/// logs, so it never holds keys, PINs, passwords or the secret part of a URL.
public struct DriverFailure: Error, Sendable, Equatable {
    /// `KMS_ERROR_*`.
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// The same request may succeed later; nothing was written.
        public static let retryable = Flags(rawValue: 1 << 0)
        /// A commit may or may not have happened.
        public static let inDoubt = Flags(rawValue: 1 << 1)
    }

    public var status: Status
    public var flags: Flags
    /// The backend's own code; 0 when there is none.
    public var nativeCode: Int64
    /// SQLSTATE, at most 7 bytes; empty when there is none.
    public var nativeState: String
    /// Hint, in nanoseconds; 0 when unknown.
    public var retryAfter_ns: UInt64
    public var message: String

    public init(
        _ status: Status, _ message: String = "", flags: Flags = [], nativeCode: Int64 = 0,
        nativeState: String = "", retryAfter_ns: UInt64 = 0
    ) {
        self.status = status
        self.flags = flags
        self.nativeCode = nativeCode
        self.nativeState = nativeState
        self.retryAfter_ns = retryAfter_ns
        self.message = message
    }

    public static let unsupported = DriverFailure(.unsupported)
    /// The answer to an inline call that would have to wait.
    public static let wouldBlock = DriverFailure(.wouldBlock)
    public static let cancelled = DriverFailure(.cancelled, "the host cancelled the call")
    public static let deadline = DriverFailure(.deadline, "the deadline passed first")
    public static let upgrading = DriverFailure(
        .upgrading, "the schema is not ready: it is being upgraded, or migrate has not run",
        flags: .retryable)
    public static let outOfMemory = DriverFailure(
        .exhausted, "out of memory", flags: .retryable)

    /// The request is malformed: a bug in the caller.
    public static func invalid(_ message: String) -> DriverFailure {
        DriverFailure(.invalid, message)
    }
}

extension DriverFailure: CustomStringConvertible {
    public var description: String {
        "status \(status.rawValue): \(message)" + (nativeCode == 0 ? "" : " (code \(nativeCode))")
    }
}
