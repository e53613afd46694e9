/// What a certificate says of its holder.
public struct CertificateFacts: Sendable, Equatable {
    /// The first common name of the subject.
    public var commonName: String?
    /// The organizational units of the subject, in their order.
    public var organizationalUnits: [String] = []
    /// Subject alternative names, in their order.
    public var emails: [String] = []
    public var dnsNames: [String] = []
    public var uris: [String] = []
    /// Hexadecimal, lower case.
    public var serial = ""
    /// Seconds since 1970-01-01 UTC.
    public var notAfter: Int64 = 0

    public init() {}
}

/// Why a certificate, a file of them, or a list of revoked ones is not accepted.
public struct CertificateError: Error, Equatable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
