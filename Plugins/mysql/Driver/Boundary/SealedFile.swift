import CPlatform
import Glibc
import PluginKit

/// A file that lies in memory only and cannot be changed; gone with this object.
final class SealedFile: Sendable {
    // Owned: closed in deinit.
    private let descriptor: Int32

    init(_ name: StaticString, _ bytes: BorrowedBytes) throws(DriverFailure) {
        descriptor = bytes.withUnsafeBytes { content in
            // The literal ends with a zero byte.
            let name = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
            return platform_sealed_file(name, content.baseAddress, content.count)
        }
        guard descriptor >= 0 else {
            throw DriverFailure(
                .exhausted,
                "MySQL: no file in memory for the certificate: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// A name under which this process, and no other, can open it.
    var path: String { "/proc/self/fd/\(descriptor)" }
}
