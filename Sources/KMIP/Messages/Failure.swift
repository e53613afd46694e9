/// Why an operation failed, as facts: each dialect makes its own status and text of them.
public struct Failure: Error, Sendable, Equatable {
    /// The classes of failure that the 4.22 wire format tells apart. The standard encodings only
    /// use ``reason``.
    public enum Kind: Sendable, Equatable {
        /// The root tag names no operation of this server.
        case unknownOperation
        /// Management of access rights by somebody else than the owner.
        case accessDenied
        /// A failure with a KMIP reason.
        case kmip
        case invalidRequest
        case notSupported
        /// An identifier was left out, or protection storage masks were given.
        case unsupportedPlaceholder
        case cryptographic
        case conversion
        /// The database failed, or refused because the object exists.
        case database
        /// The database cannot answer now; the same request may succeed later.
        case unavailable
        case unexpected
    }

    public var kind: Kind
    public var reason: ResultReason
    /// For the client: names the argument and the object, never a secret.
    public var message: String

    public init(_ kind: Kind, _ reason: ResultReason, _ message: String) {
        self.kind = kind
        self.reason = reason
        self.message = message
    }

    /// A failure that its KMIP reason says all about.
    public init(_ reason: ResultReason, _ message: String) {
        self.init(.kmip, reason, message)
    }
}
