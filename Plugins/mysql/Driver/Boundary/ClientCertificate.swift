import COpenSSL
import CPlatform
import Glibc
import PluginKit

/// What `mysql-user-cert-file` holds, in the form that the client library takes: PEM, in files of
/// memory, because it should not lie on a disk without its password.
struct ClientCertificate: Sendable {
    /// Key, certificate, and what it was signed with.
    var identity: SealedFile
    /// The certificates that came with it; nil when there are none.
    var authorities: SealedFile?
    /// The subject's common name.
    var commonName: String?

    private static let sizeMax = 1 << 20

    init(
        file path: String, password: BorrowedText?, host: Host
    ) throws(DriverFailure) {
        var content = try Self.read(path, host)
        defer { content.wipe() }
        // PEM under another name is taken as it is.
        let isPEM = content.starts(with: "-----BEGIN".utf8)
        let parts = try isPEM ? PEMParts(pem: content) : PEMParts(pkcs12: content, password)
        defer { parts.wipe() }
        try parts.checkDates(path)
        identity = try parts.identity.withBorrowedBytes { (bytes) throws(DriverFailure) in
            try SealedFile("claviger-mysql-certificate", bytes)
        }
        if !parts.authorities.isEmpty {
            authorities = try parts.authorities.withBorrowedBytes { (bytes) throws(DriverFailure) in
                try SealedFile("claviger-mysql-ca", bytes)
            }
        }
        commonName = parts.commonName
    }

    private static func read(_ path: String, _ host: Host) throws(DriverFailure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw unreadable(path) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .invalid("MySQL: mysql-user-cert-file: \(path) is no file")
        }
        guard status.st_size <= sizeMax else {
            throw .invalid("MySQL: mysql-user-cert-file: \(path) has more than 1 MiB")
        }
        if status.st_mode & (S_IRWXG | S_IRWXO) != 0 {
            host.log(.warning, "MySQL: \(path) holds a key and others may use it: chmod 600")
        }
        var content = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < content.count {
            let rest = count..<content.count
            let got = content.withUnsafeMutableBytes { bytes in
                let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[rest])
                return Glibc.read(file, rest.baseAddress, rest.count)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { throw unreadable(path) }
            count += got
        }
        return content
    }

    private static func unreadable(_ path: String) -> DriverFailure {
        .invalid(
            "MySQL: mysql-user-cert-file: cannot read \(path): \(String(cString: strerror(errno)))")
    }
}
