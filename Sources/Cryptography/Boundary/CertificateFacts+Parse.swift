import COpenSSL

extension CertificateFacts {
    /// Reads what a certificate says, without asking whether it is true.
    ///
    /// - Parameter der: Exactly one certificate.
    /// - Throws: When it cannot be read. A text that is not valid, or holds control characters, is an
    ///   error: nobody is taken for somebody whose name was cut.
    public init(der: [UInt8]) throws(CertificateError) {
        guard let certificate = CertificateTrust.parse(der) else {
            throw CertificateError("no certificate")
        }
        defer { X509_free(certificate) }
        self.init()
        // Both belong to the certificate.
        let subject = X509_get_subject_name(certificate)
        commonName = try Self.entries(of: subject, NID_commonName).first
        organizationalUnits = try Self.entries(of: subject, NID_organizationalUnitName)
        try readAlternativeNames(certificate)
        serial = try Self.serial(certificate)
        var end = tm()
        guard ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1 else {
            throw CertificateError("its end is no time")
        }
        notAfter = Int64(timegm(&end))
    }

    private static func entries(
        of name: OpaquePointer?, _ kind: Int32
    ) throws(CertificateError) -> [String] {
        var texts: [String] = []
        var at = X509_NAME_get_index_by_NID(name, kind, -1)
        while at >= 0 {
            // Entry and string belong to the name.
            texts.append(try text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at))))
            at = X509_NAME_get_index_by_NID(name, kind, at)
        }
        return texts
    }

    private mutating func readAlternativeNames(
        _ certificate: OpaquePointer
    ) throws(CertificateError) {
        // A stack of this function's own.
        guard let names = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return }
        let stack = OpaquePointer(names)
        defer { GENERAL_NAMES_free(stack) }
        for at in 0..<max(0, OPENSSL_sk_num(stack)) {
            var kind: Int32 = 0
            guard let name = OPENSSL_sk_value(stack, at),
                // The value belongs to the name; for these kinds it is a string.
                let value = GENERAL_NAME_get0_value(
                    name.assumingMemoryBound(to: GENERAL_NAME.self), &kind)
            else { continue }
            switch kind {
            case GEN_EMAIL: emails.append(try Self.text(Self.string(value)))
            case GEN_DNS: dnsNames.append(try Self.text(Self.string(value)))
            case GEN_URI: uris.append(try Self.text(Self.string(value)))
            default: break
            }
        }
    }

    private static func string(_ value: UnsafeMutableRawPointer) -> UnsafePointer<ASN1_STRING> {
        UnsafePointer(value.assumingMemoryBound(to: ASN1_STRING.self))
    }

    private static func text(
        _ string: UnsafePointer<ASN1_STRING>?
    ) throws(CertificateError) -> String {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&bytes, string)
        // A copy that the library made for us.
        defer { CRYPTO_free(bytes, nil, 0) }
        guard count >= 0, let bytes,
            let text = String(
                validating: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
        else {
            ERR_clear_error()
            throw CertificateError("a name in it is no text")
        }
        return text
    }

    private static func serial(_ certificate: OpaquePointer) throws(CertificateError) -> String {
        guard let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nil) else {
            throw CertificateError("its serial number is no number")
        }
        defer { BN_free(number) }
        guard let digits = BN_bn2hex(number) else { throw CertificateError("out of memory") }
        // A C string that the library made for us.
        defer { CRYPTO_free(digits, nil, 0) }
        return String(cString: digits).lowercased()
    }
}
