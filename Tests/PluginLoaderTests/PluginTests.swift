import PluginLoader
import Testing

@Suite struct PluginTests {
    @Test func describesAGoodDriver() async throws {
        let fixture = try await Fixture()

        let plugin = try fixture.load()

        #expect(plugin.path == fixture.library)
        #expect(plugin.info.id == "org.example.kms.fixture")
        #expect(plugin.info.name == "Fixture" && plugin.info.version == "0.1.0")
        #expect(plugin.info.serves == ["fixture", "fixture-too"])
        #expect(plugin.info.kind == .database)
        #expect(plugin.info.abiMajor == 1 && plugin.info.abiMinor == 3)
        #expect(plugin.info.isVolatile && !plugin.info.isSingleProcess)
        #expect(plugin.description.contains(plugin.sha256) && plugin.sha256.utf8.count == 64)
    }

    @Test func readsOptionsThatAreLongerThanOurs() async throws {
        let options = try await Fixture().load().info.options

        #expect(
            options == [
                OptionDescription(
                    name: "fixture-path", type: .path, flags: .required,
                    environment: ["FIXTURE_PATH"], help: "where things are"),
                OptionDescription(
                    name: "fixture-mode", type: .choice, defaultValue: "fast",
                    choices: ["fast", "safe"], help: "how"),
                OptionDescription(
                    name: "fixture-size", type: .size, bounds: 1...100, help: "how much"),
                OptionDescription(
                    name: "fixture-password", type: .text, flags: .secret,
                    help: "what nobody may see"),
            ])
    }

    @Test(arguments: [
        ("KIND=2", PluginRefused.Reason.kind(wanted: .database)), ("KIND=9", .unknownKind(9)),
        ("SERVES=\"other\"", .doesNotServe(wanted: "fixture", serves: ["other"])),
    ])
    func refuses(_ define: String, because reason: PluginRefused.Reason) async throws {
        let fixture = try await Fixture(define)
        var location = fixture.location
        location.kind = .database
        location.name = "fixture"

        let refused = try refusal { try Plugin.load(location) }

        #expect(refused == PluginRefused(library: fixture.library, reason: reason))
    }

    @Test(arguments: [
        ("ID=\"nodots\"", "reverse DNS"),
        ("ID=\"org.ex\\xc3(\"", "UTF-8"), ("SERVES=\"Upper\"", "Upper"),
        ("OPTION=\"two_words\"", "kebab-case"), ("OPTION=\"database-type\"", "the host"),
        ("OPTION=\"fixture-mode\"", "twice"),
    ])
    func refusesADescription(with define: String, naming problem: String) async throws {
        let fixture = try await Fixture(define)

        let refused = try refusal { try fixture.load() }

        guard case .description(let found) = refused.reason else {
            Issue.record("refused for \(refused)")
            return
        }
        #expect(found.contains(problem))
    }

    @Test func refusesAManifestThatTheLibraryContradicts() async throws {
        let fixture = try await Fixture()
        var location = fixture.location
        location.manifest = "/etc/kms-mariadb.toml"
        location.serves = ["fixture", "mariadb"]

        let refused = try refusal { try Plugin.load(location) }

        #expect(
            refused.reason
                == .serves(
                    manifest: "/etc/kms-mariadb.toml", says: "mariadb",
                    library: ["fixture", "fixture-too"]))
    }

    @Test func refusesLibtoolArchivesUnderAnyName() async throws {
        let fixture = try await Fixture()
        let archive = try fixture.folder.write("libkms-x.la", "dlname='libkms-fixture.so'\n")
        let link = fixture.folder.path + "/libkms-x.so"
        try makeLink(to: archive, at: link)

        for path in [archive, link] {
            let refused = try refusal { try Plugin.load(PluginLocation(path: path)) }
            #expect(refused.reason == .libtoolArchive)
        }
    }

    @Test func startsOnceAndStopsOnce() async throws {
        let folder = try Folder()
        let plugin = try await Fixture("STOPPED=\"\(folder.path)/stopped\"").load()

        try plugin.start(.tests())
        let again = try await failure { try plugin.start(.tests()) }
        let database = try await plugin.openDatabase(
            settings: [], concurrency: 1, readOnly: false, deadline: .none)
        plugin.stop()

        #expect(again.status == .invalid)
        #expect(!folder.exists("stopped"), "a handle is open")

        await database.close()
        plugin.stop()
        #expect(folder.exists("stopped"))
    }

    @Test func tellsWhyItsInitFailed() async throws {
        let plugin = try await Fixture("START_FAILS").load()

        let error = try await failure { try plugin.start(.tests()) }

        #expect(error.status == .unavailable && error.isRetryable && error.nativeCode == -42)
    }
}
