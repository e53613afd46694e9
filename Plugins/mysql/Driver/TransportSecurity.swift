import PluginKit

/// How connections are encrypted, and how the server proves to be the right one.
struct TransportSecurity: Sendable {
    enum Mode: String, CaseIterable, Sendable {
        case disabled, preferred, required
        /// The certificate is signed by one that we trust.
        case verifyCA = "verify-ca"
        /// And it is made out to the host that the URL names.
        case verifyIdentity = "verify-identity"

        /// MySQL's tools write `VERIFY_IDENTITY`.
        static func normal(_ text: String) -> String {
            String(text.lowercased().map { $0 == "_" ? "-" : $0 })
        }

        var isVerified: Bool { self == .verifyCA || self == .verifyIdentity }
    }

    var mode: Mode
    /// File that holds the certificates to trust; nil: those that the system trusts.
    var caFile: String?
    /// File that holds the certificate and key to log in with.
    var identityFile: String?

    /// - Parameters:
    ///   - mode: As configured; nil: what the rest allows.
    ///   - certificate: It may bring the certificates to trust.
    init(
        mode: Mode?, caFile: String?, certificate: ClientCertificate?
    ) throws(DriverFailure) {
        self.caFile = caFile ?? certificate?.authorities?.path
        identityFile = certificate?.identity.path
        // A client certificate is of use only with TLS, and proves nothing to a server in between.
        let usual: Mode = self.caFile != nil || certificate != nil ? .verifyIdentity : .preferred
        self.mode = mode ?? usual
        if self.mode == .disabled, certificate != nil {
            throw .invalid("MySQL: mysql-user-cert-file needs TLS, which ssl-mode disables")
        }
        if !self.mode.isVerified, caFile != nil {
            throw .invalid(
                "MySQL: with certificates to trust, ssl-mode must be verify-ca or verify-identity")
        }
        if !self.mode.isVerified { self.caFile = nil }
    }
}
