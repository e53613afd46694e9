import COpenSSL

extension TransportSecurity {
    /// Folder of the certificates that this system trusts.
    static var systemFolder: String {
        // A constant of the library.
        X509_get_default_cert_dir().map { String(cString: $0) } ?? "/etc/ssl/certs"
    }
}
