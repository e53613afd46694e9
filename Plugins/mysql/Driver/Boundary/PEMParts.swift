import COpenSSL
import CPlatform
import PluginKit

/// A certificate with its key as PEM, read from PKCS#12 or PEM.
final class PEMParts {
    /// Key, certificate and chain. Holds the key in clear: `wipe` it.
    private(set) var identity: [UInt8] = []
    /// The chain alone.
    private(set) var authorities: [UInt8] = []
    private(set) var commonName: String?
    // Owned: freed in deinit.
    private let certificate: OpaquePointer

    deinit { X509_free(certificate) }

    func wipe() { identity.wipe() }

    private init(taking certificate: OpaquePointer) { self.certificate = certificate }

    /// PKCS#12. In a library context of its own, which also knows the ciphers of old files.
    convenience init(
        pkcs12 content: [UInt8], _ password: BorrowedText?
    ) throws(DriverFailure) {
        ERR_clear_error()
        let context = OSSL_LIB_CTX_new()
        let providers = [
            OSSL_PROVIDER_load(context, "default"), OSSL_PROVIDER_load(context, "legacy"),
        ]
        defer {
            for provider in providers { OSSL_PROVIDER_unload(provider) }
            OSSL_LIB_CTX_free(context)
            // What went wrong on the way is told by what is thrown.
            ERR_clear_error()
        }
        var store = PKCS12_init_ex(NID_pkcs7_data, context, nil)
        defer { PKCS12_free(store) }
        let isRead = content.withUnsafeBytes { bytes in
            // Read from, at most `count` bytes; the library copies.
            var place = bytes.bindMemory(to: UInt8.self).baseAddress
            return d2i_PKCS12(&store, &place, bytes.count) != nil
        }
        guard isRead else {
            throw .invalid("MySQL: mysql-user-cert-file is neither PKCS#12 nor PEM")
        }
        var key: OpaquePointer?
        var leaf: OpaquePointer?
        var chain: OpaquePointer?
        defer {
            EVP_PKEY_free(key)
            PEMParts.free(chain)
        }
        let isOpen = Self.passwords(password).contains { text in
            ERR_clear_error()
            return Self.parse(store, text, &key, &leaf, &chain)
        }
        guard isOpen else { throw Self.refusal(hasPassword: password != nil) }
        guard let leaf, let key else {
            X509_free(leaf)
            throw .invalid("MySQL: mysql-user-cert-file lacks the certificate or its key")
        }
        self.init(taking: leaf)
        try write(key: key, chain: chain)
        commonName = Self.commonName(of: leaf)
    }

    /// PEM, taken as it is; the first certificate in it is the one to log in with.
    convenience init(pem content: [UInt8]) throws(DriverFailure) {
        let memory = content.withUnsafeBytes { bytes in
            BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
        }
        // `content` is the caller's and lives until this function returns, as the reader does.
        defer { BIO_free(memory) }
        guard let leaf = PEM_read_bio_X509(memory, nil, nil, nil) else {
            ERR_clear_error()
            throw .invalid("MySQL: mysql-user-cert-file holds no certificate")
        }
        self.init(taking: leaf)
        identity = content
        commonName = Self.commonName(of: leaf)
    }

    /// Passwords to try, with a zero byte at the end; nil is no password at all.
    private static func passwords(_ password: BorrowedText?) -> [[UInt8]?] {
        if let password, !password.isEmpty { return [Array(password.utf8) + [0]] }
        return [[0], nil]
    }

    private static func parse(
        _ store: OpaquePointer?, _ password: [UInt8]?, _ key: inout OpaquePointer?,
        _ leaf: inout OpaquePointer?, _ chain: inout OpaquePointer?
    ) -> Bool {
        guard var password else { return PKCS12_parse(store, nil, &key, &leaf, &chain) == 1 }
        defer { password.wipe() }
        return password.withUnsafeBufferPointer { text in
            text.withMemoryRebound(to: CChar.self) {
                PKCS12_parse(store, $0.baseAddress, &key, &leaf, &chain) == 1
            }
        }
    }

    private static func refusal(hasPassword: Bool) -> DriverFailure {
        let reason = Int(ERR_peek_last_error()) & 0x7FFFFF
        let isPassword = reason == Int(PKCS12_R_MAC_VERIFY_FAILURE)
        guard isPassword else {
            return .invalid(
                "MySQL: mysql-user-cert-file cannot be opened: its cipher is not supported")
        }
        return .invalid(
            hasPassword
                ? "MySQL: mysql-user-cert-password is not the password of mysql-user-cert-file"
                : "MySQL: mysql-user-cert-file has a password: set mysql-user-cert-password")
    }

    private func write(key: OpaquePointer, chain: OpaquePointer?) throws(DriverFailure) {
        let whole = BIO_new(BIO_s_mem())
        let others = BIO_new(BIO_s_mem())
        defer {
            BIO_free(whole)
            BIO_free(others)
        }
        // No cipher: the key in clear, for a file in memory.
        var isWritten =
            PEM_write_bio_PKCS8PrivateKey(whole, key, nil, nil, 0, nil, nil) == 1
            && PEM_write_bio_X509(whole, certificate) == 1
        for index in 0..<max(OPENSSL_sk_num(chain), 0) {
            // The stack keeps its certificates.
            let other = OPENSSL_sk_value(chain, index).map { OpaquePointer($0) }
            isWritten =
                isWritten && PEM_write_bio_X509(whole, other) == 1
                && PEM_write_bio_X509(others, other) == 1
        }
        guard isWritten else { throw .outOfMemory }
        identity = Self.take(whole)
        authorities = Self.take(others)
    }

    /// The bytes written, which are overwritten where they were.
    private static func take(_ memory: OpaquePointer?) -> [UInt8] {
        var start: UnsafeMutableRawPointer?
        let count = withUnsafeMutablePointer(to: &start) {
            BIO_ctrl(memory, BIO_CTRL_INFO, 0, UnsafeMutableRawPointer($0))
        }
        guard let start, count > 0 else { return [] }
        // `count` bytes, until the buffer is freed.
        let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
        platform_zeroize(start, count)
        return bytes
    }

    private static func free(_ chain: OpaquePointer?) {
        for index in 0..<max(OPENSSL_sk_num(chain), 0) {
            X509_free(OPENSSL_sk_value(chain, index).map { OpaquePointer($0) })
        }
        OPENSSL_sk_free(chain)
    }

    private static func commonName(of certificate: OpaquePointer) -> String? {
        let subject = X509_get_subject_name(certificate)
        let index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
        guard index >= 0 else { return nil }
        var text: UnsafeMutablePointer<UInt8>?
        let entry = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index))
        let count = ASN1_STRING_to_UTF8(&text, entry)
        guard count > 0, let text else { return nil }
        // Ours, `count` bytes long.
        defer { CRYPTO_free(text, nil, 0) }
        let name = String(
            decoding: UnsafeBufferPointer(start: text, count: Int(count)), as: UTF8.self)
        return name.utf8.contains(0) ? nil : name
    }

    /// Throws when the server would refuse the certificate for its dates.
    func checkDates(_ path: String) throws(DriverFailure) {
        if X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0 {
            throw DriverFailure(.denied, "MySQL: the certificate in \(path) has expired")
        }
        if X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0 {
            throw DriverFailure(.denied, "MySQL: the certificate in \(path) is not valid yet")
        }
    }
}
