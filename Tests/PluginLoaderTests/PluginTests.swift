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
        ("MAJOR=2", PluginRefused.Reason.abi(speaks: 2, wanted: 1)),
        ("SILENT", .abi(speaks: nil, wanted: 1)),
        ("ENTRY=another_entry", .noEntry),
        ("KIND=2", .kind(wanted: .database)),
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
        ("KIND=9", "kind 9"), ("ID=\"nodots\"", "reverse DNS"), ("ID=NULL", "id is missing"),
        ("ID=\"org.ex\\xc3(\"", "UTF-8"), ("SERVES=\"Upper\"", "Upper"),
        ("OPTION=\"two_words\"", "kebab-case"), ("OPTION=\"database-type\"", "the host"),
        ("OPTION=\"fixture-mode\"", "twice"), ("PLUGIN_SIZE=3", "struct_size"),
        ("PLUGIN_SIZE=4000000000u", "struct_size"), ("PLUGIN_SIZE=24", "missing"),
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

    @Test func refusesAnUndefinedSymbolBeforeAnyConstructorRuns() async throws {
        let folder = try Folder()
        let mark = "CONSTRUCTED=\"\(folder.path)/ran\""

        let broken = try await Fixture("UNDEFINED", mark)
        let refused = try refusal { try broken.load() }

        #expect(refused.reason == .unresolved(symbol: "function_that_nobody_defines"))
        #expect(!folder.exists("ran"))

        _ = try await Fixture(mark).load()
        #expect(folder.exists("ran"), "the mark must tell something")
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

    @Test(arguments: ["NO_DATABASE", "NO_OPEN", "TABLE_SIZE=2"])
    func refusesToStart(_ define: String) async throws {
        let plugin = try await Fixture(define).load()

        let error = try await failure { try plugin.start(.tests()) }

        #expect(error.status == .unsupported || error.status == .internalError)
        #expect(error.message.contains("Fixture"))
    }
}
