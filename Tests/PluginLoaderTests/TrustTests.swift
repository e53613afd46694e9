import Glibc
import PluginLoader
import Testing

@Suite struct TrustTests {
    @Test func refusesALibraryThatOthersCanWrite() async throws {
        let fixture = try await Fixture()

        for mode in [0o775, 0o757] as [mode_t] {
            chmod(fixture.library, mode)
            let refused = try refusal { try fixture.load() }
            #expect(refused.reason == .writableByOthers(path: fixture.library))
            #expect(refused.description.contains("chmod go-w \(fixture.library)"))
        }
        chmod(fixture.library, 0o755)
        #expect(throws: Never.self) { try fixture.load() }
    }

    @Test func refusesAFolderAboveThatOthersCanWrite() async throws {
        let fixture = try await Fixture()
        let inner = try fixture.folder.folder("inner")
        let library = "\(inner)/libkms-fixture.so"
        #expect(rename(fixture.library, library) == 0)
        chmod(fixture.folder.path, 0o770)

        let refused = try refusal { try Plugin.load(PluginLocation(path: library)) }

        #expect(refused.reason == .writableByOthers(path: fixture.folder.path))
        #expect(throws: Never.self) {
            // The executable's own folder: what lies above is as trusted as the executable.
            try Plugin.load(PluginLocation(path: library, ancestry: .folder))
        }
        chmod(inner, 0o770)
        let ofFolder = try refusal {
            try Plugin.load(PluginLocation(path: library, ancestry: .folder))
        }
        #expect(ofFolder.reason == .writableByOthers(path: inner))
    }

    @Test func checksWhereALinkLeads() async throws {
        let fixture = try await Fixture()
        let other = try Folder()
        let link = other.path + "/libkms-fixture.so"
        try makeLink(to: fixture.library, at: link)

        #expect(try Plugin.load(PluginLocation(path: link)).path == fixture.library)

        chmod(fixture.folder.path, 0o777)
        let refused = try refusal { try Plugin.load(PluginLocation(path: link)) }
        #expect(refused.reason == .writableByOthers(path: fixture.folder.path))
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
    func refusesALibraryOfSomebodyElse() async throws {
        let fixture = try await Fixture()
        chown(fixture.library, 12345, 12345)

        let refused = try refusal { try fixture.load() }

        #expect(refused.reason == .foreignOwner(path: fixture.library, user: 12345))
    }

    @Test func refusesWhatIsNoFile() throws {
        let folder = try Folder()
        let inner = try folder.folder("libkms-x.so")
        let pipe = folder.path + "/libkms-y.so"
        mkfifo(pipe, 0o600)

        #expect(try refusal { try Plugin.load(PluginLocation(path: inner)) }.reason == .notRegular)
        #expect(try refusal { try Plugin.load(PluginLocation(path: pipe)) }.reason == .notRegular)
        #expect(
            try refusal { try Plugin.load(PluginLocation(path: "libkms-x.so")) }.reason
                == .notAbsolute)
        let missing = try refusal {
            try Plugin.load(PluginLocation(path: folder.path + "/none.so"))
        }
        #expect(missing.description.contains("No such file"))
    }

    @Test func refusesADigestThatIsNotPinned() async throws {
        let fixture = try await Fixture()
        let found = try fixture.load().sha256
        var location = fixture.location
        location.sha256 = String(repeating: "0", count: 64)

        let refused = try refusal { try Plugin.load(location) }

        #expect(
            refused.reason == .digest(expected: String(repeating: "0", count: 64), found: found))
        location.sha256 = "abc"
        #expect(try refusal { try Plugin.load(location) }.reason == .malformedPin("abc"))
    }

    @Test func loadsPinnedLibrariesEachForItself() async throws {
        let one = try await Fixture("ID=\"org.example.one\"")
        let two = try await Fixture("ID=\"org.example.two\"")

        // The dynamic linker knows them by the number of their descriptors, which must differ.
        for fixture in [one, two] {
            var location = fixture.location
            location.sha256 = try digest(fixture).uppercased()
            let plugin = try Plugin.load(location)
            #expect(
                plugin.info.id
                    == (fixture.library == one.library ? "org.example.one" : "org.example.two"))
            #expect(plugin.path == fixture.library)
        }
    }

    private func digest(_ fixture: Fixture) throws -> String {
        var location = fixture.location
        location.sha256 = String(repeating: "f", count: 64)
        guard case .digest(_, let found) = try refusal({ try Plugin.load(location) }).reason else {
            throw CommandFailed(command: [], status: 0)
        }
        return found
    }
}
