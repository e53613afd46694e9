import Testing

/// The drivers that authors copy, built as they would build them: a C compiler and the headers.
@Suite struct ExampleTests {
    private static let drivers = ["memory", "file"]

    @Test(.timeLimit(.minutes(5)), arguments: drivers)
    func driverKeepsTheContract(_ driver: String) async throws {
        let folder = try TemporaryFolder()

        let checked = try await make("check", driver, in: folder)

        #expect(checked.status == 0, "\(checked.output)")
    }

    @Test(
        .enabled(if: Repository.rounds >= 20, "a part of make test-long"),
        .timeLimit(.minutes(10)), arguments: drivers, ["address,undefined", "thread"])
    func sanitizerFindsNothing(in driver: String, looking sanitizer: String) async throws {
        let folder = try TemporaryFolder()

        let checked = try await make("check", driver, in: folder, "SANITIZE=\(sanitizer)")

        #expect(checked.status == 0, "\(checked.output)")
    }

    @Test(arguments: drivers)
    func driverExportsItsEntryAlone(_ driver: String) async throws {
        let folder = try TemporaryFolder()
        let built = try await make("all", driver, in: folder)
        try #require(built.status == 0, "\(built.output)")

        let library = folder.path + "/libkms-\(driver).so"
        let symbols = try await run(["nm", "-D", "--defined-only", "-P", library])
        let file = try await run(["readelf", "-dlW", library])

        #expect(symbols.status == 0 && file.status == 0)
        let names = symbols.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(names == ["kms_plugin_entry"])
        #expect(file.output.contains("BIND_NOW"))
        #expect(file.output.contains("GNU_RELRO"))
        #expect(file.output.firstMatch(of: /GNU_STACK.*\sRW\s/) != nil)
        #expect(!file.output.contains("TEXTREL"))
    }

    @Test(arguments: drivers)
    func driverNamesItselfInItsManifest(_ driver: String) async throws {
        let manifest = try Repository.text(
            Repository.root + "/Examples/\(driver)-driver/kms-\(driver).toml")

        for line in [
            "abi = 1", #"kind = "database""#, #"serves = ["\#(driver)"]"#,
            #"library = "libkms-\#(driver).so""#,
        ] {
            #expect(manifest.contains(line + "\n"))
        }
    }

    @Test func nullDriverCompilesWithoutWarnings() async throws {
        let folder = try TemporaryFolder()

        let built = try await run([
            "cc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror",
            "-shared", "-fPIC", "-fvisibility=hidden", "-I", Repository.include, "-o",
            folder.path + "/libkms-null.so", Repository.root + "/Examples/null-driver/null.c",
        ])

        #expect(built.status == 0, "\(built.output)")
    }

    private func make(
        _ goal: String, _ driver: String, in folder: borrowing TemporaryFolder,
        _ settings: String...
    ) async throws -> CommandOutcome {
        try await run(
            [
                "make", "-C", Repository.root + "/Examples/\(driver)-driver",
                "OUT=\(folder.path)", "ABI=\(Repository.include)", "ROUNDS=500", goal,
            ] + settings)
    }
}
