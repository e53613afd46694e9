import NIOSSL
import Secrets

/// What the server shows its clients: its certificate with those that follow it, and the key.
struct ServerIdentity {
    /// Not empty; the server's own certificate first.
    var chain: [NIOSSLCertificate]
    var key: NIOSSLPrivateKey

    /// Bytes that a file may have.
    static let fileSizeMax = 1 << 20

    /// Reads the files. Blocks; for start and reload.
    static func load(_ source: TLSSettings.Source) throws(TLSFileError) -> ServerIdentity {
        switch source {
        case .pkcs12(let path, let password): try pkcs12(path, password)
        case .pem(let certificate, let chain, let key): try pem(certificate, chain, key)
        }
    }

    private static func pkcs12(
        _ path: String, _ password: SecretBytes
    ) throws(TLSFileError) -> ServerIdentity {
        var bytes = try read(path, "https-p12-file")
        defer { bytes.zeroize() }
        var passphrase = password.withExposedBytes { [UInt8](copying: $0) }
        defer { passphrase.zeroize() }
        let bundle: NIOSSLPKCS12Bundle
        do { bundle = try NIOSSLPKCS12Bundle(buffer: bytes, passphrase: passphrase) } catch {
            throw TLSFileError(
                option: "https-p12-file", path: path,
                reason: "no PKCS#12 with a key and its certificate, or the password is wrong")
        }
        return ServerIdentity(chain: bundle.certificateChain, key: bundle.privateKey)
    }

    private static func pem(
        _ certificate: String, _ chain: String?, _ key: String
    ) throws(TLSFileError) -> ServerIdentity {
        var certificates = try certificatesOfPEM(certificate, "https-cert-file")
        if let chain { certificates += try certificatesOfPEM(chain, "https-chain-file") }
        var bytes = try read(key, "https-key-file")
        defer { bytes.zeroize() }
        do {
            let key = try NIOSSLPrivateKey(bytes: bytes, format: .pem)
            return ServerIdentity(chain: certificates, key: key)
        } catch {
            throw TLSFileError(
                option: "https-key-file", path: key, reason: "no private key as PEM without password")
        }
    }

    static func certificatesOfPEM(
        _ path: String, _ option: String
    ) throws(TLSFileError) -> [NIOSSLCertificate] {
        let found = try? NIOSSLCertificate.fromPEMBytes(try read(path, option))
        guard let found, !found.isEmpty else {
            throw TLSFileError(option: option, path: path, reason: "no certificate as PEM")
        }
        return found
    }

    /// The file whole, of at most ``fileSizeMax`` bytes.
    static func read(_ path: String, _ option: String) throws(TLSFileError) -> [UInt8] {
        do throws(FileError) { return try FileContents.read(path, sizeMax: fileSizeMax).bytes } catch {
            throw TLSFileError(option: option, path: path, reason: error.message)
        }
    }
}
