import FoundationEssentials
import PKCS11
import PluginKit
import Testing

/// Who can write a vendor's library is as powerful as the server.
@Suite struct TrustedLibraryTests {
    private static let library = "/usr/lib/softhsm/libsofthsm2.so"

    @Test func refusesWhatIsNotThereOrNotAbsolute() {
        #expect(status(of: "/nowhere/lib.so") == .notFound)
        #expect(status(of: "lib.so") == .invalid)
        #expect(status(of: "/usr") == .denied)
    }

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: library), "softhsm2 is not installed"))
    func refusesWhatOthersCanWrite() throws {
        let folder = try Folder()
        let copy = folder.path + "/lib.so"
        try FileManager.default.copyItem(
            atPath: try TrustedLibrary(Self.library).path, toPath: copy)
        #expect(status(of: copy) == .ok)

        try folder.set(0o666, copy)
        #expect(status(of: copy) == .denied)
        try folder.set(0o644, copy)
        try folder.set(0o777, folder.path)
        #expect(status(of: copy) == .denied)
        try folder.set(0o755, folder.path)
        #expect(status(of: copy) == .ok)
    }

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: library), "softhsm2 is not installed"))
    func refusesWhatIsCutOrNoLibrary() throws {
        let folder = try Folder()
        let path = folder.path + "/lib.so"
        let whole = try #require(FileManager.default.contents(atPath: Self.library))

        for count in [0, 3, 63, 64, 1000, whole.count / 2, whole.count - 1] {
            try whole.prefix(count).write(to: URL(filePath: path))
            try folder.set(0o644, path)
            #expect(status(of: path) == .unsupported, "\(count) bytes")
        }
        try Data("#!/bin/sh\n".utf8).write(to: URL(filePath: path))
        try folder.set(0o644, path)
        #expect(status(of: path) == .unsupported)
    }

    private func status(of path: String) -> Status {
        do throws(DriverFailure) {
            _ = try TrustedLibrary(path)
            return .ok
        } catch {
            return error.status
        }
    }
}

/// A folder of one test.
private final class Folder {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory.path
            + "/pkcs11-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func set(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
}
