import COpenSSL

/// The versions of libraries, for logs and diagnostics.
public enum LibraryVersion {
    /// The OpenSSL that is loaded, in its own words: "OpenSSL 3.0.17 1 Jul 2025".
    public static var openSSL: String {
        // A constant string of the library's.
        OpenSSL_version(OPENSSL_VERSION).map { String(cString: $0) } ?? "OpenSSL"
    }
}
