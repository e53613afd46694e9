import COpenSSL

/// Authorities whose client certificates are believed, and what they took back.
///
/// Thread-safe: OpenSSL counts and locks what is in the store, and nothing is added after `init`.
public final class CertificateTrust: @unchecked Sendable {
    // An X509_STORE of this object's own.
    private let store: OpaquePointer

    /// The bytes of security that every signature and key must have: level 2, 112 bits. SHA-1 has less.
    private static let securityLevel: Int32 = 2

    /// - Parameters:
    ///   - authorities: Their certificates as PEM. Each is an anchor, also one below a root.
    ///   - revocations: Revocation lists, as PEM or one as DER. When there are any, each authority
    ///     of a chain must have one that is in force: what cannot be looked up is not accepted.
    /// - Throws: When there is none, or something is not what it should be.
    public init(authorities: [UInt8], revocations: [UInt8]?) throws(CertificateError) {
        guard let store = X509_STORE_new() else { throw CertificateError("out of memory") }
        self.store = store
        // From here on `deinit` frees the store, also when something is thrown.
        try Self.addAuthorities(authorities, to: store)
        var flags = UInt(X509_V_FLAG_PARTIAL_CHAIN)
        if let revocations {
            try Self.addRevocations(revocations, to: store)
            flags |= UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL)
        }
        X509_STORE_set_flags(store, flags)
    }

    deinit { X509_STORE_free(store) }

    /// Verifies what a TLS client presented: path, validity, purpose, strength, revocation.
    ///
    /// - Parameters:
    ///   - chain: As DER, the client's own certificate first, the others in any order.
    ///   - now: Seconds since 1970-01-01 UTC.
    /// - Throws: The reason, in OpenSSL's words.
    ///
    /// Source: RFC 5280, section 6.
    public func verify(_ chain: [[UInt8]], at now: Int64) throws(CertificateError) {
        // A stack of certificates that it owns.
        guard let others = OPENSSL_sk_new_null() else { throw CertificateError("out of memory") }
        defer {
            while let each = OPENSSL_sk_pop(others) { X509_free(OpaquePointer(each)) }
            OPENSSL_sk_free(others)
        }
        guard let first = chain.first, let leaf = Self.parse(first) else {
            throw CertificateError("no certificate")
        }
        defer { X509_free(leaf) }
        for each in chain.dropFirst() {
            guard let certificate = Self.parse(each) else { throw CertificateError("no certificate") }
            OPENSSL_sk_push(others, UnsafeRawPointer(certificate))
        }
        guard let context = X509_STORE_CTX_new() else { throw CertificateError("out of memory") }
        // Freed before what it refers to: deferred blocks run in reverse.
        defer { X509_STORE_CTX_free(context) }
        guard X509_STORE_CTX_init(context, store, leaf, others) == 1,
            X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_CLIENT) == 1,
            let parameters = X509_STORE_CTX_get0_param(context)
        else { throw CertificateError("out of memory") }
        X509_VERIFY_PARAM_set_time(parameters, time_t(now))
        X509_VERIFY_PARAM_set_auth_level(parameters, Self.securityLevel)
        guard X509_verify_cert(context) == 1 else {
            let code = Int(X509_STORE_CTX_get_error(context))
            // A constant string of the library's.
            let text = X509_verify_cert_error_string(code).map { String(cString: $0) }
            throw CertificateError(text ?? "error \(code)")
        }
    }

    /// A certificate that the caller frees; nil when the bytes are not exactly one.
    static func parse(_ der: [UInt8]) -> OpaquePointer? {
        der.withUnsafeBufferPointer { bytes in
            // The parser moves its own copy of the pointer, and reads no more than `count` bytes.
            var position = bytes.baseAddress
            guard let certificate = d2i_X509(nil, &position, bytes.count) else {
                ERR_clear_error()
                return nil
            }
            guard position == bytes.baseAddress?.advanced(by: bytes.count) else {
                X509_free(certificate)
                return nil
            }
            return certificate
        }
    }

    private static func addAuthorities(
        _ pem: [UInt8], to store: OpaquePointer
    ) throws(CertificateError) {
        let count = try each(
            of: pem, "a certificate",
            // Never asks a terminal for a password.
            { PEM_read_bio_X509($0, nil, { _, _, _, _ in -1 }, nil) }
        ) { certificate in
            defer { X509_free(certificate) }
            // The store takes a reference of its own.
            return X509_STORE_add_cert(store, certificate) == 1
        }
        guard count > 0 else { throw CertificateError("no certificate as PEM") }
    }

    private static func addRevocations(
        _ bytes: [UInt8], to store: OpaquePointer
    ) throws(CertificateError) {
        func add(_ list: OpaquePointer) -> Bool {
            defer { X509_CRL_free(list) }
            return X509_STORE_add_crl(store, list) == 1
        }
        let count = try each(
            of: bytes, "a revocation list",
            { PEM_read_bio_X509_CRL($0, nil, { _, _, _, _ in -1 }, nil) }, add)
        guard count == 0 else { return }
        let isAdded = bytes.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            guard let list = d2i_X509_CRL(nil, &position, buffer.count) else { return false }
            return add(list)
        }
        ERR_clear_error()
        guard isAdded else { throw CertificateError("no revocation list as PEM or DER") }
    }

    /// Hands every object of its kind in a text of PEM to `body`; returns how many there were.
    private static func each(
        of pem: [UInt8], _ kind: String, _ read: (OpaquePointer) -> OpaquePointer?,
        _ body: (OpaquePointer) -> Bool
    ) throws(CertificateError) -> Int {
        var (count, isWell) = (0, true)
        pem.withUnsafeBytes { bytes in
            // Reads from the array's memory, which stays until it is freed.
            guard let input = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else {
                isWell = false
                return
            }
            defer { BIO_free(input) }
            while isWell, let object = read(input) {
                count += 1
                isWell = body(object)
            }
        }
        // The end of the text is an error of its own, and the only one that is none.
        let last = ERR_peek_last_error()
        let isEnd = last == 0 || Int32(last & 0x7F_FFFF) == PEM_R_NO_START_LINE
        ERR_clear_error()
        guard isWell, isEnd else { throw CertificateError("\(kind) in it is damaged") }
        return count
    }
}
