import PluginLoader
import Testing

/// Libraries that are refused before anything of them is used: each refusal names the library, what is
/// wrong with it, and what to do.
@Suite struct BadDriverTests {
    @Test(arguments: [
        ("wrong-major", PluginRefused.Reason.abi(speaks: 2, wanted: 1)),
        ("no-major-in-common", .abi(speaks: nil, wanted: 1)),
        ("missing-symbol", .noEntry),
        ("undefined-symbol", .unresolved(symbol: "function_that_nobody_defines")),
    ])
    func refuses(_ name: String, because reason: PluginRefused.Reason) async throws {
        let driver = try await BadDriver(name)

        let refused = try refusal { try driver.load() }

        #expect(refused == PluginRefused(library: driver.library, reason: reason))
        expectHelp(refused, about: driver)
    }

    @Test func refusesAnUndefinedSymbolBeforeAnyConstructorRuns() async throws {
        let folder = try Folder()
        let mark = "MARK=\"\(folder.path)/ran\""

        let broken = try await BadDriver("undefined-symbol", mark)
        #expect(throws: PluginRefused.self) { try broken.load() }
        #expect(!folder.exists("ran"))

        let complete = try await BadDriver("undefined-symbol", mark, "COMPLETE")
        #expect(throws: PluginRefused.self) { try complete.load() }
        #expect(folder.exists("ran"), "the mark must tell something")
    }

    @Test(arguments: [
        ("plugin.info", "kms_plugin_info"), ("plugin.init", "init"), ("plugin.deinit", "deinit"),
        ("plugin.get_interface", "get_interface"), ("info.id", "id"), ("info.name", "name"),
        ("info.version", "version"), ("info.serves", "serves"), ("info.options", "options"),
        ("options[0].name", "name of an option"), ("options[1].help", "memory-name"),
    ])
    func refusesNULL(in member: String, naming what: String) async throws {
        try await expectRefusedDescription(
            BadDriver("null-descriptions", "WHICH=\(member)"), naming: what)
    }

    @Test(arguments: [
        ("plugin.struct_size", "0xFFFFFFFFu", "kms_plugin"),
        ("plugin.struct_size", "0", "kms_plugin"),
        ("plugin.struct_size", "8", "kms_plugin_info"),
        ("info.struct_size", "3", "kms_plugin_info"),
        ("info.struct_size", "16", "name"), ("info.option_count", "0x7FFFFFFF", "options"),
        ("info.option_stride", "7", "option_stride"),
        ("info.option_stride", "8192", "option_stride"),
    ])
    func refusesASize(of member: String, of size: String, naming what: String) async throws {
        try await expectRefusedDescription(
            BadDriver("garbage-sizes", "WHICH=\(member)", "SIZE=\(size)"), naming: what)
    }

    @Test(arguments: [
        (["garbage-sizes", "WHICH=table.driver.struct_size", "SIZE=3"], "struct_size"),
        (["garbage-sizes", "WHICH=table.driver.struct_size"], "struct_size"),
        (["missing-function", "WHICH=open"], "lacks open or close"),
        (["missing-function", "WHICH=close"], "lacks open or close"),
        (["no-interface"], "no interface kms.database/1"),
    ])
    func refusesToStart(_ driver: [String], because problem: String) async throws {
        let plugin = try await BadDriver(driver[0], Array(driver.dropFirst())).load()

        let error = try await failure { try plugin.start(.tests()) }

        #expect([.internalError, .unsupported].contains(error.status))
        for part in [plugin.path, problem, "ask its vendor"] {
            #expect(error.message.contains(part))
        }
    }

    @Test func driversOfTwoKindsMayShareAnOption() async throws {
        let database = try await Fixture("ID=\"org.example.kms.database\"").load()
        let hsm = try await Fixture("KIND=2").load()

        #expect(throws: Never.self) { try OptionAgreement.check([database, hsm]) }
    }

    @Test func refusesADriverThatMeansSomethingElseByAnOption() async throws {
        let folder = try Folder()
        let library = try folder.write(
            "libkms-memory.so", try await DriverImages.shared.memory())
        let memory = try Plugin.load(PluginLocation(path: library))
        let other = try await BadDriver("other-option").load()

        let refused = try refusal { try OptionAgreement.check([memory, other]) }

        #expect(
            refused
                == PluginRefused(
                    library: other.path,
                    reason: .option(
                        name: "memory-max-objects",
                        difference: "its type: text here, integer there", other: memory.path)))
        #expect(refused.description.contains("use versions that agree"))
    }

    @Test func databaseDriversNeedNotAgree() async throws {
        let one = try await Fixture().load()
        let two = try await Fixture("OPTION_FLAGS=KMS_OPTION_REPEATED").load()

        #expect(throws: Never.self) { try OptionAgreement.check([one, two]) }
    }

    private func expectRefusedDescription(_ driver: BadDriver, naming what: String) throws {
        let refused = try refusal { try driver.load() }

        guard case .description(let problem) = refused.reason else {
            Issue.record("refused for \(refused)")
            return
        }
        #expect(problem.contains(what))
        expectHelp(refused, about: driver)
    }

    /// Library, reason and, behind the last semicolon or colon, what to do.
    private func expectHelp(_ refused: PluginRefused, about driver: BadDriver) {
        let text = refused.description
        #expect(text.contains(driver.library))
        let advice = ["ask its vendor", "use a driver", "install what", "name another"]
        #expect(advice.contains { text.contains($0) }, "\(text)")
    }
}
