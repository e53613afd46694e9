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
            (["plugin", "list"], .pluginList, 2),
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
