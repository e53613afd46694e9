import Host
import PluginLoader
import Testing

@Suite struct ConfigurationTests {
    // MARK: Precedence and spelling

    @Test(arguments: [
        (["--port=1"], ["KMS_PORT": "2"], "[http]\nport = 3", 1),
        ([], ["KMS_PORT": "2"], "[http]\nport = 3", 2),
        ([], ["KMS_PORT": ""], "[http]\nport = 3", 3),
        ([], [:], "[http]\nport = 3", 3),
        ([], [:], "", 9998),
    ])
    func takesCommandLineThenEnvironmentThenFileThenDefault(
        _ arguments: [String], _ environment: [String: String], _ toml: String, _ port: Int
    ) throws {
        let configuration = try ConfigurationFixture(toml).load(arguments, environment)

        #expect(configuration.settings.port == port)
    }

    @Test func saysWhereEachValueComesFrom() throws {
        let fixture = try ConfigurationFixture("[http]\n\nport = 3")
        let configuration = try fixture.load(["--quiet"], ["KMS_DEFAULT_USERNAME": "u"])

        #expect(configuration.origin("quiet") == .commandLine(flag: "--quiet"))
        #expect(
            configuration.origin("default-username")
                == .environment(variable: "KMS_DEFAULT_USERNAME"))
        #expect(configuration.origin("port") == .file(path: fixture.filePath, line: 3))
        #expect(configuration.origin("hostname") == .standard)
        #expect(configuration.file == fixture.filePath)
    }

    @Test(arguments: [
        "[http]\nmax-body-size = '1MiB'", "[http]\nmax_body_size = '1MiB'",
        "[http]\nmax_body-size = '1MiB'",
        "http.max_body_size = '1MiB'", "http = { max-body-size = 1048576 }",
    ])
    func readsKebabAndSnakeCase(_ toml: String) throws {
        #expect(try ConfigurationFixture(toml).load().settings.maxBodySize == 1 << 20)
    }

    @Test(arguments: [
        (["--max-items", "7"], 7), (["--max-items=7"], 7), (["--max_items=7"], 7),
    ])
    func readsValuesBesideAndBehindFlags(_ arguments: [String], _ expected: Int) throws {
        #expect(try ConfigurationFixture().load(arguments).settings.maxItems == expected)
    }

    @Test(arguments: [
        (["--cleanup-on-startup"], [:], "", true),
        (["--clear-database"], [:], "", true),
        (["--clear-database=false"], ["KMS_CLEAR_DATABASE": "true"], "", false),
        ([], ["KMS_CLEAR_DATABASE": "true"], "", true),
        ([], ["KMS_CLEANUP_ON_STARTUP": "1"], "", true),
        ([], [:], "[db]\nclear_database = true", true),
        ([], [:], "[db]\ncleanup_on_startup = true", true),
        ([], [:], "", false),
    ])
    func acceptsAliases(
        _ arguments: [String], _ environment: [String: String], _ toml: String, _ expected: Bool
    ) throws {
        let configuration = try ConfigurationFixture(toml).load(arguments, environment)

        #expect(configuration.settings.cleanupOnStartup == expected)
    }

    @Test func readsListsFromEverySource() throws {
        let fixture = try ConfigurationFixture("[http]\nallowed-hosts = ['a', 'b']")

        #expect(try fixture.load().settings.allowedHosts == ["a", "b"])
        let variable = ["KMS_ALLOWED_HOSTS": "c,d"]
        #expect(try fixture.load([], variable).settings.allowedHosts == ["c", "d"])
        let repeated = ["--allowed-hosts=e", "--allowed-hosts", "f", "g", "--quiet"]
        #expect(try fixture.load(repeated, variable).settings.allowedHosts == ["e", "f", "g"])
    }

    @Test func readsTypedValues() throws {
        let configuration = try ConfigurationFixture(
            """
            default-username = "somebody"
            require_pinned = true
            [http]
            request-timeout = "250ms"
            idle_timeout = "2m"
            max-depth = 0x20
            [telemetry]
            log-level = "debug"
            log_format = "json"
            [[plugin]]
            path = "/opt/libkms-x.so"
            sha256 = "\(String(repeating: "aB", count: 32))"
            [[plugin]]
            path = "/opt/y.so"
            serves = ["y"]
            """
        ).load()
        let settings = configuration.settings

        #expect(settings.defaultUsername == "somebody")
        #expect(settings.requirePinned)
        #expect(settings.requestTimeout == .milliseconds(250))
        #expect(settings.idleTimeout == .seconds(120))
        #expect(settings.maxDepth == 32)
        #expect(configuration.shown("log-level") == "\"debug\"")
        #expect(settings.logFormat == .json)
        #expect(settings.plugins.map(\.path) == ["/opt/libkms-x.so", "/opt/y.so"])
        #expect(settings.plugins.map(\.sha256) == [String(repeating: "ab", count: 32), nil])
        #expect(settings.plugins.map(\.serves) == [[], ["y"]])
    }

    // MARK: Files

    @Test func findsTheFileByFlagThenVariableThenPlace() throws {
        let fixture = try ConfigurationFixture("[http]\nport = 1")
        let second = try fixture.write("[http]\nport = 2", to: "second.toml")
        _ = try fixture.write("[http]\nport = 3", to: "third.toml")

        #expect(try fixture.load().settings.port == 1)
        #expect(try fixture.load([], ["COSMIAN_KMS_CONF": second]).settings.port == 2)
        let both = ["COSMIAN_KMS_CONF": second, "KMS_CONF": "third.toml"]
        #expect(try fixture.load([], both).settings.port == 3)
        #expect(try fixture.load(["--config", second], both).settings.port == 2)
    }

    @Test func needsNoFile() throws {
        let configuration = try ConfigurationFixture().load()

        #expect(configuration.file == nil)
        #expect(configuration.settings.databaseType == "sqlite")
    }

    @Test func refusesAFileThatIsNamedAndMissing() throws {
        let fixture = try ConfigurationFixture()

        #expect(
            fixture.errors(["--config=nowhere"]) == [
                "--config: cannot read nowhere: No such file or directory"
            ])
        #expect(
            fixture.errors([], ["KMS_CONF": "nowhere"]) == [
                "KMS_CONF: cannot read nowhere: No such file or directory"
            ])
        #expect(fixture.errors(["--config=."]).first?.contains("not a regular file") == true)
    }

    @Test func resolvesPathsAgainstTheRootDataPath() throws {
        let fixture = try ConfigurationFixture("[db]\nacme_path = './keys/./a'")

        #expect(try fixture.load().driverTexts("acme-path") == [fixture.folder + "/keys/a"])
        #expect(
            try fixture.load(["--root-data-path=data"]).settings.rootDataPath == fixture.folder
                + "/data")
        let rooted = try fixture.load(["--root-data-path=/srv"])
        #expect(rooted.driverTexts("acme-path") == ["/srv/keys/a"])
        let absolute = try fixture.load(["--root-data-path=/srv", "--acme-path=/else"])
        #expect(absolute.driverTexts("acme-path") == ["/else"])
    }

    // MARK: Drivers

    @Test func givesTheDriverItsSettingsAndDefaults() throws {
        let fixture = try ConfigurationFixture(
            "[db]\nacme-peers = ['a', 'b']\ndatabase_url = 'acme://h/d'\nacme_wait = '100ms'")
        let configuration = try fixture.load(["--acme-sync=false", "--acme-buffer", "1k"])

        #expect(configuration.driverTexts("acme-peers") == ["a", "b"])
        #expect(configuration.driverTexts("database-url") == ["acme://h/d"])
        #expect(configuration.driverTexts("acme-wait") == ["100000000"])
        #expect(configuration.driverTexts("acme-sync") == ["0"])
        #expect(configuration.driverTexts("acme-buffer") == ["1024"])
        #expect(configuration.driverTexts("acme-mode") == ["fast"])
        #expect(configuration.driverTexts("acme-retries") == ["3"])
        #expect(configuration.driverTexts("acme-path") == [fixture.folder + "/acme-data"])
        #expect(configuration.driverTexts("acme-password") == [])
    }

    @Test func readsTheDriversOwnVariablesAfterItsOption() throws {
        let fixture = try ConfigurationFixture()
        let both = ["KMS_ACME_URL": "acme://second", "KMS_DATABASE_URL": "acme://first"]

        #expect(try fixture.load([], both).driverTexts("database-url") == ["acme://first"])
        let one = ["KMS_ACME_URL": "acme://second"]
        #expect(try fixture.load([], one).driverTexts("database-url") == ["acme://second"])
    }

    @Test func asksForTheDriverOfTheConfiguredType() throws {
        let fixture = try ConfigurationFixture("[db]\ndatabase_type = 'acme'\n[http]\nport = 5")
        var asked: [String] = []

        _ = try Configuration.load(
            arguments: [], environment: [:], surroundings: fixture.surroundings
        ) { type, settings in
            asked.append("\(type) \(settings.port)")
            return []
        }

        #expect(asked == ["acme 5"])
    }

    @Test(arguments: [
        ["--require-pinned=maybe"], ["--config=nowhere"], ["--database-type"], ["--plugin-path="],
    ])
    func opensNoDriverWhileItsChoiceIsInError(_ arguments: [String]) throws {
        let fixture = try ConfigurationFixture()
        var isAsked = false

        #expect(throws: ConfigurationErrors.self) {
            try Configuration.load(
                arguments: arguments, environment: [:], surroundings: fixture.surroundings
            ) { _, _ in
                isAsked = true
                return []
            }
        }

        #expect(!isAsked)
    }

    @Test(arguments: [
        "require_pined = true", "plugn = 1", "[[plugin]]\npath = 'relative'",
        "[db]\ndatabase_type = 1",
        "not toml",
    ])
    func opensNoDriverWhileTheFileIsInErrorAboutIt(_ toml: String) throws {
        let fixture = try ConfigurationFixture(toml)
        var isAsked = false

        let errors = #expect(throws: ConfigurationErrors.self) {
            try Configuration.load(
                arguments: ["--unheard-of"], environment: [:], surroundings: fixture.surroundings
            ) { _, _ in
                isAsked = true
                return []
            }
        }

        #expect(errors?.errors.count == 1)
        #expect(!isAsked)
    }

    @Test func reportsAMissingDriverWhereItWasChosen() throws {
        struct Missing: Error, CustomStringConvertible { let description = "no such driver" }
        let fixture = try ConfigurationFixture("[db]\ndatabase-type = 'acme'\nunheard-of = 1")

        let errors = #expect(throws: ConfigurationErrors.self) {
            try Configuration.load(
                arguments: [], environment: [:], surroundings: fixture.surroundings
            ) { _, _ in throw Missing() }
        }

        #expect(errors?.description == "\(fixture.filePath):2: db.database-type: no such driver")
    }

    @Test func refusesADriverThatTakesAnOptionOfTheHost() throws {
        let driver = [OptionDescription(name: "clear-database", type: .boolean, help: "Mine")]

        let errors = #expect(throws: ConfigurationErrors.self) {
            try ConfigurationFixture().load(driver: driver)
        }
        #expect(errors?.description.contains("declares clear-database") == true)
    }

    @Test func asksForRequiredOptionsByEveryName() throws {
        let driver = [
            OptionDescription(name: "acme-label", type: .text, flags: .required, help: "Label")
        ]

        let errors = #expect(throws: ConfigurationErrors.self) {
            try ConfigurationFixture().load(driver: driver)
        }
        #expect(
            errors?.description
                == "acme-label is required: set acme-label in [db], --acme-label or KMS_ACME_LABEL")
    }

    @Test func letsTheEnvironmentNameFoldersOnlyWhenAllowed() throws {
        let fixture = try ConfigurationFixture("plugin-path = ['/opt/a']")
        let variables = [
            "KMS_PLUGIN_PATH": "/opt/b:/opt/c", "KMS_ALLOW_ENVIRONMENT_PATH": "true",
            "KMS_REQUIRE_PINNED": "true",
        ]

        let barred = try fixture.load([], variables).settings
        #expect(barred.pluginPath == ["/opt/a"])
        #expect(!barred.requirePinned)
        #expect(try fixture.load([], variables).warnings.first?.contains("KMS_PLUGIN_PATH") == true)
        let allowed = try fixture.load(["--allow-environment-path"], variables).settings
        #expect(allowed.pluginPath == ["/opt/a", "/opt/b", "/opt/c"])

        var surroundings = fixture.surroundings
        surroundings.isSetID = true
        let setID = try Configuration.load(
            arguments: ["--allow-environment-path"], environment: variables,
            surroundings: surroundings
        ) { _, _ in [] }
        #expect(setID.settings.pluginPath == ["/opt/a"])
    }

    @Test func passesOverDriversOptionsForCommandsThatOpenNone() throws {
        let fixture = try ConfigurationFixture("[db]\nacme_path = 'x'\n[http]\nport = 5")

        let host = try Configuration.loadHost(
            arguments: ["--acme-pin", "1", "2"], environment: [:],
            surroundings: fixture.surroundings)

        #expect(host.settings.port == 5)
        #expect(host.driverSettings.isEmpty)
    }

    // MARK: The network

    @Test(arguments: ["127.0.0.1", "127.1.2.3", "localhost", "::1"])
    func listensOnLoopbackWithoutAuthentication(_ hostname: String) throws {
        #expect(
            try ConfigurationFixture().load(["--hostname=\(hostname)"]).settings.hostname
                == hostname)
    }

    @Test(arguments: [
        "0.0.0.0", "::", "kms.example.org", "127.0.0.1.example.org", "127.0.0.256", "127", "",
    ])
    func refusesTheNetworkWithoutAuthentication(_ hostname: String) throws {
        let fixture = try ConfigurationFixture("[http]\nhostname = '\(hostname)'")

        let errors = fixture.errors()

        #expect(errors.count == 1)
        #expect(
            errors.first?.hasPrefix("kms.toml:2: http.hostname: \"\(hostname)\" is not") == true)
        #expect(errors.first?.contains("--allow-unauthenticated-network") == true)
        let allowed = try fixture.load(["--allow-unauthenticated-network"])
        #expect(allowed.settings.hostname == hostname)
    }
}
