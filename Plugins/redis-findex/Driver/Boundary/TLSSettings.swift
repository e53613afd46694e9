import CLibSSL
import PluginKit

/// What TLS connections of one handle have in common: whom they trust, and who they are.
final class TLSSettings: @unchecked Sendable {
    // Owned: freed in deinit. Set up in init; SSL_new is thread-safe on a context that nobody changes.
    fileprivate let context: OpaquePointer

    /// - Parameters:
    ///   - authorities: A PEM file; nil: those that the system trusts.
    ///   - certificate, key: PEM files of the client; both or none.
    init(authorities: String?, certificate: String?, key: String?) throws(DriverFailure) {
        guard let context = SSL_CTX_new(TLS_client_method()) else {
            throw LibraryFailure.make("TLS")
        }
        self.context = context
        // SSL_CTX_set_min_proto_version, which is a macro.
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(TLS1_2_VERSION), nil)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        if let authorities {
            try Self.require(SSL_CTX_load_verify_locations(context, authorities, nil), authorities)
        } else {
            try Self.require(SSL_CTX_set_default_verify_paths(context), "the system's authorities")
        }
        guard (certificate == nil) == (key == nil) else {
            throw .invalid("Redis: redis-client-cert and redis-client-key belong together")
        }
        if let certificate, let key {
            try Self.require(SSL_CTX_use_certificate_chain_file(context, certificate), certificate)
            try Self.require(SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM), key)
            try Self.require(SSL_CTX_check_private_key(context), key)
        }
    }

    deinit { SSL_CTX_free(context) }

    private static func require(_ status: Int32, _ what: String) throws(DriverFailure) {
        guard status == 1 else {
            ERR_clear_error()
            throw .invalid("Redis: TLS cannot use \(what): see that it is there, and is PEM")
        }
    }
}

/// TLS over bytes that somebody else carries: one connection, used by one thread at a time.
final class TLSSession {
    // Owned: freed in deinit, with both buffers, which SSL_set_bio hands over to it.
    private let session: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    enum Outcome {
        case done(Int)
        /// More bytes of the other side are needed first.
        case wantsInput
    }

    /// - Parameter name: The host that the server's certificate must be for: a name or an address.
    init(_ settings: TLSSettings, name: String) throws(DriverFailure) {
        guard let session = SSL_new(settings.context) else { throw LibraryFailure.make("TLS") }
        guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
            SSL_free(session)
            throw .outOfMemory
        }
        self.session = session
        self.incoming = incoming
        self.outgoing = outgoing
        SSL_set_bio(session, incoming, outgoing)
        SSL_set_connect_state(session)
        // An address has no server name to be told, and is looked for among the addresses.
        let isAddress = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), name) == 1
        ERR_clear_error()
        guard isAddress || SSL_set1_host(session, name) == 1 else {
            throw LibraryFailure.make("TLS")
        }
        if !isAddress {
            var text = Array(name.utf8CString)
            // SSL_set_tlsext_host_name, which is a macro; it copies the name.
            SSL_ctrl(
                session, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), &text)
        }
    }

    deinit { SSL_free(session) }

    /// Goes on with the handshake.
    func handshake() throws(DriverFailure) -> Outcome { try outcome(SSL_do_handshake(session)) }

    func write(_ bytes: UnsafeRawBufferPointer) throws(DriverFailure) -> Outcome {
        // The library copies into its buffer, at most INT_MAX at once.
        try outcome(SSL_write(session, bytes.baseAddress, Int32(min(bytes.count, 1 << 30))))
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(DriverFailure) -> Outcome {
        try outcome(SSL_read(session, buffer.baseAddress, Int32(min(buffer.count, 1 << 30))))
    }

    /// Takes bytes that the other side has sent.
    func feed(_ bytes: UnsafeRawBufferPointer) throws(DriverFailure) {
        // A memory buffer takes everything, and copies it.
        guard BIO_write(incoming, bytes.baseAddress, Int32(bytes.count)) == Int32(bytes.count)
        else { throw .outOfMemory }
    }

    /// Bytes for the other side, into `buffer`; 0 when there are none.
    func drain(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        Int(max(0, BIO_read(outgoing, buffer.baseAddress, Int32(min(buffer.count, 1 << 30)))))
    }

    private func outcome(_ result: Int32) throws(DriverFailure) -> Outcome {
        if result > 0 { return .done(Int(result)) }
        let error = SSL_get_error(session, result)
        // A memory buffer always takes what is written, so only input can be wanted.
        if error == SSL_ERROR_WANT_READ { return .wantsInput }
        defer { ERR_clear_error() }
        let verification = SSL_get_verify_result(session)
        if verification != Int(X509_V_OK) {
            let reason = X509_verify_cert_error_string(verification).map { String(cString: $0) }
            throw DriverFailure(
                .unavailable, "Redis: the server's certificate does not do: \(reason ?? "unknown")")
        }
        let code = ERR_peek_error()
        let reason = ERR_reason_error_string(code).map { String(cString: $0) } ?? "it was closed"
        throw DriverFailure(.unavailable, "Redis: TLS failed: \(reason)", flags: .retryable)
    }
}
