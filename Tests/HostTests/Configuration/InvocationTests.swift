import Host
import PluginLoader
import Testing

@Suite struct InvocationTests {
    @Test(
        arguments: [
            ([], .run, 0),
            (["--port=1"], .run, 0),
            (["--help"], .help, 0), (["-h"], .help, 0), (["--port", "1", "--help"], .help, 0),
            (["-V"], .version, 0), (["--version"], .version, 0),
            (["--check-config"], .checkConfig, 0), (["--check-config=false"], .run, 0),
            (["--info"], .info, 0),
            (["config", "template", "--database-type=x"], .configTemplate, 2),
            (["plugin", "list"], .pluginList, 2), (["nothing", "--help"], .help, 1),
            (["plugin", "list", "--help"], .help, 2),
            (["db", "check"], .databaseCheck, 2), (["db", "plan"], .databasePlan, 2),
            (["db", "migrate", "--port=1"], .databaseMigrate, 2),
            (
                ["db", "import", "--from", "sqlite:/x"],
                .databaseImport(from: "sqlite:/x", isDryRun: false), 2
            ),
            (
                ["db", "import", "--dry-run", "--from=sqlite:/x"],
                .databaseImport(from: "sqlite:/x", isDryRun: true), 2
            ),
            (["db", "import", "--help"], .help, 2),
            (["plugin", "inspect", "sqlite"], .pluginInspect("sqlite"), 3),
            (["plugin", "inspect", "/opt/x.so", "--config=c"], .pluginInspect("/opt/x.so"), 3),
        ] as [([String], Invocation.Command, Int)])
    func readsCommands(_ arguments: [String], _ command: Invocation.Command, _ words: Int) throws {
        let invocation = try Invocation.parse(arguments)

        #expect(invocation.command == command)
        #expect(invocation.wordCount == words)
        #expect(invocation.arguments.count == arguments.count - words)
    }

    @Test(arguments: [
        (["plugin", "lsit"], "kmsd plugin lsit: unknown command; did you mean kmsd plugin list?"),
        (["plugin"], "kmsd plugin: unknown command; see kmsd --help"),
        (
            ["plugin", "inspect"],
            "kmsd plugin inspect: needs the name of a driver or the path of a library"
        ),
        (
            ["plugin", "list", "more"],
            "kmsd plugin list: unknown command; did you mean kmsd plugin list?"
        ),
        (["start"], "kmsd start: unknown command; see kmsd --help"),
        (["db", "migrat"], "kmsd db migrat: unknown command; did you mean kmsd db migrate?"),
        (["db", "import"], "kmsd db import: needs the database to copy: --from sqlite:PATH"),
        (["--from=sqlite:/x"], "--from: is an option of kmsd db import"),
        (["db", "check", "--dry-run"], "--dry-run: is an option of kmsd db import"),
    ])
    func refusesOtherWords(_ arguments: [String], _ expected: String) {
        let errors = #expect(throws: ConfigurationErrors.self) { try Invocation.parse(arguments) }

        #expect(errors?.description == expected)
        #expect(errors?.isUsage == true)
    }

    @Test func readsWhatANewDriverShallBe() throws {
        let brief = try Invocation.parse(
            ["plugin", "new", "oracle", "--kind", "database", "--language", "c"])
        let long = try Invocation.parse(
            ["plugin", "new", "vault-2", "--kind=hsm", "--language=swift", "--directory=/tmp/x"])

        guard case .pluginNew(let oracle) = brief.command, case .pluginNew(let vault) = long.command
        else {
            Issue.record("not understood")
            return
        }
        #expect((oracle.name, oracle.kind, oracle.language) == ("oracle", .database, .c))
        #expect(oracle.directory == "kms-oracle")
        #expect((vault.name, vault.kind, vault.language) == ("vault-2", .hsm, .swift))
        #expect(vault.directory == "/tmp/x")
    }

    @Test(arguments: [
        (["x", "--language=c"], "--kind: is database or hsm"),
        (["x", "--kind=table", "--language=c"], "--kind: is database or hsm"),
        (["x", "--kind=hsm"], "--language: is c or swift"),
        (["x", "--kind=hsm", "--language=rust"], "--language: is c or swift"),
        (
            ["x", "--kind=hsm", "--langage=c"],
            "--langage: unknown option; did you mean --language?"
        ),
        (["x", "--kind"], "--kind: needs a value"),
        ([], "kmsd plugin new: needs one name"),
        (["x", "y"], "kmsd plugin new: needs one name"),
    ])
    func refusesAnUnclearNewDriver(_ words: [String], _ expected: String) {
        let errors = #expect(throws: ConfigurationErrors.self) {
            try Invocation.parse(["plugin", "new"] + words)
        }

        #expect(errors?.description.hasPrefix(expected) == true, "\(errors as Any)")
        #expect(errors?.isUsage == true)
    }

    @Test(arguments: [
        "9lives", "Oracle", "a_b", "a--b", "-a", "a-", "a/b", "../a", "a.b", "ö", "",
        String(repeating: "a", count: 41),
    ])
    func refusesNamesThatCannotSelectADriver(_ name: String) {
        #expect(throws: ConfigurationErrors.self) {
            try Invocation.parse(["plugin", "new", name, "--kind=hsm", "--language=c"])
        }
    }

    @Test func searchesBesideTheExecutableThenInstalledThenConfigured() {
        var settings = Settings()
        settings.pluginPath = ["/opt/drivers"]
        settings.requirePinned = true

        let search = PluginSearch(settings, executable: "/usr/bin/kmsd")

        #expect(search.buildDirectory == "/usr/bin")
        #expect(search.directories.count == 2)
        #expect(search.directories.first?.hasPrefix("/usr/lib/") == true)
        #expect(search.directories.first?.hasSuffix("-linux-gnu/claviger/plugins") == true)
        #expect(search.directories.last == "/opt/drivers")
        #expect(search.requirePinned)
    }
}
