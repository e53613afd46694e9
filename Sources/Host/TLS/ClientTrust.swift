import Cryptography
import NIOSSL

/// Which client certificates are accepted: one reading of the files with authorities and with what
/// they took back.
struct ClientTrust: Sendable {
    let certificates: CertificateTrust
    /// For the list of names that clients choose their certificate by.
    let authorities: [NIOSSLCertificate]

    /// Blocks; for start and reload.
    init(_ settings: TLSSettings.Clients) throws(TLSFileError) {
        let pem = try ServerIdentity.read(settings.authorities, "authority-cert-file")
        authorities = try ServerIdentity.certificatesOfPEM(settings.authorities, "authority-cert-file")
        do throws(CertificateError) {
            // First without the lists, so that what is wrong is said of the right file.
            let trust = try CertificateTrust(authorities: pem, revocations: nil)
            guard settings.revocations != nil else {
                certificates = trust
                return
            }
        } catch {
            throw TLSFileError(
                option: "authority-cert-file", path: settings.authorities, reason: error.description)
        }
        let path = settings.revocations ?? ""
        let lists = try ServerIdentity.read(path, "client-crl-file")
        do throws(CertificateError) {
            certificates = try CertificateTrust(authorities: pem, revocations: lists)
        } catch {
            throw TLSFileError(option: "client-crl-file", path: path, reason: error.description)
        }
    }
}
