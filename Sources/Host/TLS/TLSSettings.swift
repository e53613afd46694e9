import Secrets

/// How a listening socket speaks TLS, as it was configured. Every socket of the server has the same.
package struct TLSSettings: Sendable {
    /// Where the server's key and certificates are.
    enum Source: Sendable {
        case pkcs12(path: String, password: SecretBytes)
        /// `chain` is nil when the certificate's own file holds what follows it.
        case pem(certificate: String, chain: String?, key: String)
    }

    /// What clients show.
    struct Clients: Sendable {
        /// The file with the authorities' certificates.
        var authorities: String
        /// The file with what they took back.
        var revocations: String?
        var mode: ClientCertificates
    }

    var source: Source
    /// Nil when clients are not asked for certificates.
    var clients: Clients?
    var minimum: TLSMinimum
    /// Of TLS 1.2; those of 1.3 are all good and not chosen.
    var suites: [TLSSuite]

    /// Nil when HTTP is to be plain, which only a configuration without any file for TLS is.
    package init?(_ settings: Settings) {
        if let path = settings.httpsP12File {
            // The configuration does not load without the password; an empty one opens nothing here.
            let password = settings.httpsP12Password ?? SecretBytes(copying: [])
            source = .pkcs12(path: path, password: password)
        } else if let certificate = settings.httpsCertificateFile {
            source = .pem(
                certificate: certificate, chain: settings.httpsChainFile,
                key: settings.httpsKeyFile ?? "")
        } else {
            return nil
        }
        clients = settings.authorityCertFile.map {
            Clients(
                authorities: $0, revocations: settings.clientCRLFile,
                mode: settings.clientCertificates)
        }
        minimum = settings.tlsMinimum
        let named = settings.tlsSuites.compactMap(TLSSuite.init)
        suites = named.isEmpty ? TLSSuite.allCases : named
    }
}

/// Whether a client without certificate can connect. It is let in only if it authenticates otherwise.
public enum ClientCertificates: String, CaseIterable, Sendable {
    case required, optional
}

/// The oldest version of TLS that is spoken. Source: RFC 8996 deprecates what is older.
public enum TLSMinimum: String, CaseIterable, Sendable {
    case v12 = "1.2"
    case v13 = "1.3"
}

/// The suites of TLS 1.2 that can be chosen: forward secrecy and authenticated encryption alone.
///
/// Source: RFC 9325, section 4.2.
enum TLSSuite: String, CaseIterable, Sendable {
    case ecdsaAES128 = "ECDHE-ECDSA-AES128-GCM-SHA256"
    case ecdsaAES256 = "ECDHE-ECDSA-AES256-GCM-SHA384"
    case ecdsaChaCha20 = "ECDHE-ECDSA-CHACHA20-POLY1305"
    case rsaAES128 = "ECDHE-RSA-AES128-GCM-SHA256"
    case rsaAES256 = "ECDHE-RSA-AES256-GCM-SHA384"
    case rsaChaCha20 = "ECDHE-RSA-CHACHA20-POLY1305"
}
