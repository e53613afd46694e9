import Cryptography
import Logging
import NIOCore
import NIOSSL
import Synchronization

/// TLS of the server's listening sockets: what new connections are shown, until it is read anew.
///
/// Thread-safe. Connections that are open keep what they began with.
package final class TLSEndpoint: Sendable {
    /// What one reading of the files gave.
    struct Material: Sendable {
        var context: NIOSSLContext
        /// Nil when clients are not asked for certificates.
        var trust: ClientTrust?
        /// When the server's certificate expires, in seconds since 1970-01-01 UTC.
        var expiresAt: Int64
    }

    private let settings: TLSSettings
    private let current: Mutex<Material>
    private let readings = Atomic<UInt64>(0)
    /// Whom a verified client certificate speaks for.
    let identify: @Sendable (CertificateFacts) throws(Denied) -> Principal

    /// Reads the files. Blocks.
    ///
    /// - Throws: What is wrong with them: the server does not start without TLS that was asked for.
    package init(
        _ settings: TLSSettings,
        identify: @escaping @Sendable (CertificateFacts) throws(Denied) -> Principal
    ) throws(TLSFileError) {
        self.settings = settings
        self.identify = identify
        current = Mutex(try Self.load(settings))
    }

    /// Reads the files again, for connections that begin from now on. Blocks.
    ///
    /// - Throws: What is wrong with them; everything stays as it was then.
    package func reload() throws(TLSFileError) {
        let material = try Self.load(settings)
        current.withLock {
            $0 = material
            readings.add(1, ordering: .releasing)
        }
    }

    /// Changes when the files were read anew.
    var generation: UInt64 { readings.load(ordering: .acquiring) }

    /// Verifies what a client presented against the authorities of now.
    func verify(_ chain: [NIOSSLCertificate], at now: Int64) throws(CertificateError) {
        guard let trust = current.withLock(\.trust) else { return }
        let encoded = chain.map { (try? $0.toDERBytes()) ?? [] }
        try trust.certificates.verify(encoded, at: now)
    }

    /// When the server's certificate expires, in seconds since 1970-01-01 UTC.
    var expiresAt: Int64 { current.withLock(\.expiresAt) }

    /// Days before its end from which on a certificate is worth a warning.
    private static let noticeDays = 14

    /// Says so when the server's certificate has expired or soon will.
    func warn(of now: Int64, _ logger: Logger) {
        let left = expiresAt - now
        guard left < Int64(Self.noticeDays) * 86_400 else { return }
        logger.warning(
            left < 0 ? "the server's certificate has expired" : "the server's certificate expires soon",
            metadata: ["days": "\(left / 86_400)"])
    }

    /// TLS for a new connection: the first handler of its pipeline, and who its client is.
    func begin() -> (handler: NIOSSLServerHandler, session: TLSSession) {
        let (material, generation) = current.withLock { ($0, self.generation) }
        let session = TLSSession(self, generation: generation)
        guard material.trust != nil else {
            return (NIOSSLServerHandler(context: material.context), session)
        }
        // Takes the place of the library's own verification, which knows no revocation.
        let handler = NIOSSLServerHandler(
            context: material.context, customVerificationCallback: session.verify)
        return (handler, session)
    }

    private static func load(_ settings: TLSSettings) throws(TLSFileError) -> Material {
        let identity = try ServerIdentity.load(settings.source)
        var trust: ClientTrust?
        if let clients = settings.clients { trust = try ClientTrust(clients) }
        do {
            let context = try NIOSSLContext(configuration: configuration(identity, trust, settings))
            return Material(
                context: context, trust: trust,
                expiresAt: identity.chain.first.map { Int64($0.notValidAfter) } ?? 0)
        } catch {
            throw TLSFileError(
                option: settings.source.option, path: settings.source.path,
                reason: "the private key does not belong to the certificate, or is of an unknown kind")
        }
    }

    private static func configuration(
        _ identity: ServerIdentity, _ trust: ClientTrust?, _ settings: TLSSettings
    ) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: identity.chain.map { .certificate($0) },
            privateKey: .privateKey(identity.key))
        configuration.minimumTLSVersion = settings.minimum == .v13 ? .tlsv13 : .tlsv12
        configuration.cipherSuiteValues = settings.suites.map(\.cipher)
        configuration.curves = [.x25519_MLKEM768, .x25519, .secp256r1, .secp384r1]
        // Without those on SHA-1.
        configuration.verifySignatureAlgorithms = [
            .ed25519, .ecdsaSecp256R1Sha256, .ecdsaSecp384R1Sha384, .ecdsaSecp521R1Sha512,
            .rsaPssRsaeSha256, .rsaPssRsaeSha384, .rsaPssRsaeSha512,
            .rsaPkcs1Sha256, .rsaPkcs1Sha384, .rsaPkcs1Sha512,
        ]
        if let trust, let clients = settings.clients {
            configuration.certificateVerification =
                clients.mode == .required ? .noHostnameVerification : .optionalVerification
            configuration.trustRoots = .certificates(trust.authorities)
            configuration.sendCANameList = true
        }
        return configuration
    }
}

extension TLSSettings.Source {
    fileprivate var option: String {
        switch self {
        case .pkcs12: "https-p12-file"
        case .pem: "https-key-file"
        }
    }

    fileprivate var path: String {
        switch self {
        case .pkcs12(let path, _): path
        case .pem(_, _, let key): key
        }
    }
}

extension TLSSuite {
    fileprivate var cipher: NIOTLSCipher {
        switch self {
        case .ecdsaAES128: .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
        case .ecdsaAES256: .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
        case .ecdsaChaCha20: .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
        case .rsaAES128: .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
        case .rsaAES256: .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
        case .rsaChaCha20: .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
        }
    }
}
