import Host
import Testing

@Suite struct ConfigurationErrorsTests {
    /// A file and all that is said about it, word for word.
    @Test(arguments: [
        (
            "[http]\n# port\nport = 70000",
            ["kms.toml:3: http.port: must be between 0 and 65535, not 70000"]
        ),
        ("[http]\nport = -1", ["kms.toml:2: http.port: must be between 0 and 65535, not -1"]),
        ("[http]\nport = '80'", ["kms.toml:2: http.port: must be an integer, not a string"]),
        (
            "[http]\nport = 80.0",
            ["kms.toml:2: http.port: must be an integer, not a decimal number"]
        ),
        ("[http]\nhostname = 1", ["kms.toml:2: http.hostname: must be a string, not an integer"]),
        ("[http]\nport = [1]", ["kms.toml:2: http.port: must be an integer, not an array"]),
        (
            "[http]\nallowed_hosts = [1]",
            ["kms.toml:2: http.allowed_hosts: must be a string, not an integer"]
        ),
        (
            "[telemetry]\nquiet = 'yes'",
            ["kms.toml:2: telemetry.quiet: must be true or false, not a string"]
        ),
        (
            "[telemetry]\nlog_level = 'debuk'",
            [
                "kms.toml:2: telemetry.log_level: must be one of trace, debug, info, notice, warning, error, critical, not \"debuk\"; did you mean debug?"
            ]
        ),
        (
            "[http]\nrequest-timeout = 30",
            ["kms.toml:2: http.request-timeout: needs a unit, such as \"30s\""]
        ),
        (
            "[http]\nrequest-timeout = '2h'",
            ["kms.toml:2: http.request-timeout: must be between 10ms and 1h, not 2h"]
        ),
        (
            "[http]\nrequest-timeout = 'soon'",
            [
                "kms.toml:2: http.request-timeout: must be a duration with a unit, such as 250ms, 30s or 5m, not \"soon\""
            ]
        ),
        (
            "[http]\nmax_body_size = '2GiB'",
            ["kms.toml:2: http.max_body_size: must be between 1KiB and 1GiB, not 2GiB"]
        ),
        ("[db]\nacme-path = ''", ["kms.toml:2: db.acme-path: must not be empty"]),
        ("[http]\nprot = 1", ["kms.toml:2: http.prot: unknown key; did you mean port?"]),
        (
            "[http]\nmax_boddy_size = 1",
            ["kms.toml:2: http.max_boddy_size: unknown key; did you mean max_body_size?"]
        ),
        (
            "[db]\nacme-pasword = 'x'",
            ["kms.toml:2: db.acme-pasword: unknown key; did you mean acme-password?"]
        ),
        ("[db]\nqwertyuiop = 1", ["kms.toml:2: db.qwertyuiop: unknown key"]),
        ("[htp]\nport = 1", ["kms.toml:1: htp: unknown section; did you mean [http]?"]),
        ("[http.tls]\nport = 1", ["kms.toml:1: http.tls: unknown key"]),
        ("port = 1", ["kms.toml:1: port: belongs in [http], not in the top level"]),
        ("\n[db]\n\nport = 1", ["kms.toml:4: db.port: belongs in [http], not in [db]"]),
        ("[http]\nacme_path = 'x'", ["kms.toml:2: http.acme_path: belongs in [db], not in [http]"]),
        (
            "[http]\ndefault_username = 'x'",
            ["kms.toml:2: http.default_username: belongs in the top level, not in [http]"]
        ),
        ("http = 1", ["kms.toml:1: http: is a section, written [http]"]),
        (
            "[http]\nmax-depth = 9\nmax_depth = 10",
            ["kms.toml:3: http.max_depth: given twice; the other is kms.toml:2: http.max-depth"]
        ),
        (
            "[db]\nclear-database = true\ncleanup-on-startup = true",
            [
                "kms.toml:3: db.cleanup-on-startup: given twice; the other is kms.toml:2: db.clear-database"
            ]
        ),
        (
            "[db]\nacme-password = 'x'\nacme-password-file = 'y'",
            [
                "kms.toml:3: db.acme-password-file: given twice; the other is kms.toml:2: db.acme-password"
            ]
        ),
        ("[http]\nport = 1\nport = 2", ["kms.toml:3: port was already given on line 2"]),
        ("config = 'x'", ["kms.toml:1: config: is an option of the command line: --config"]),
        ("plugin = 1", ["kms.toml:1: plugin: must be written [[plugin]], once for each library"]),
        (
            "[[plugin]]\nsha256 = 'x'",
            [
                "kms.toml:1: plugin.path: is missing",
                "kms.toml:2: plugin.sha256: must be a string of 64 hexadecimal digits",
            ]
        ),
        (
            "[[plugin]]\npath = 'relative.so'\npaht = 1",
            [
                "kms.toml:2: plugin.path: must be the absolute path of a library",
                "kms.toml:3: plugin.paht: unknown key; did you mean path?",
            ]
        ),
        (
            "google_cse_kacls_url = 'x'",
            [
                "kms.toml:1: google_cse_kacls_url: is not supported by this server (Google CSE); remove it"
            ]
        ),
        (
            "ms_dke_service_url = 'x'",
            [
                "kms.toml:1: ms_dke_service_url: is not supported by this server (Microsoft DKE); remove it"
            ]
        ),
        (
            "[telemetry]\notlp = 'x'",
            ["kms.toml:2: telemetry.otlp: is not supported by this server; remove it"]
        ),
        (
            "[auth]\njwt_audience = ['x']",
            ["kms.toml:2: auth.jwt-audience: needs jwt-issuer-uri"]
        ),
        (
            "[auth]\njwks-uri = ['x']",
            ["kms.toml:2: auth.jwks-uri: needs jwt-issuer-uri"]
        ),
        (
            "[http]\nhttps_p12_file = 'x'",
            [
                "kms.toml:2: http.https-p12-file: needs its password: set https-p12-password-file, or https-p12-password = \"\" if it has none"
            ]
        ),
        (
            "[http]\nauthority_cert_file = 'x'",
            [
                "kms.toml:2: http.authority-cert-file: client certificates need HTTPS: set https-p12-file, or https-cert-file and https-key-file"
            ]
        ),
        (
            "[http]\napi_tokens = true",
            [
                "kms.toml:2: http.api-tokens: needs another way to authenticate, by which tokens are made"
            ]
        ),
        ("hsm_model = 'utimaco'", ["kms.toml:1: hsm_model: is not available in this version"]),
        (
            "[[hsm_instances]]\nhsm_model = 'utimaco'",
            ["kms.toml:1: hsm_instances: is not available in this version"]
        ),
    ])
    func namesFileLineAndKey(_ toml: String, _ expected: [String]) throws {
        #expect(try ConfigurationFixture(toml).errors() == expected)
    }

    @Test(arguments: [
        (["--port=x"], "--port: must be a whole number, not \"x\""),
        (["--prot=1"], "--prot: unknown option; did you mean --port?"),
        (["--acme-pth=1"], "--acme-pth: unknown option; did you mean --acme-path?"),
        (["--port=1", "--port=2"], "--port: given twice; the other is --port"),
        (
            ["--cleanup-on-startup", "--clear-database"],
            "--clear-database: given twice; the other is --cleanup-on-startup"
        ),
        (["--port"], "--port: needs a value: --port=VALUE"),
        (["--port", "--quiet"], "--port: needs a value: --port=VALUE"),
        (["--quiet=perhaps"], "--quiet: must be true or false, not \"perhaps\""),
        (
            ["--quiet", "true"],
            "argument 2: is no option; options begin with --, and a switch is set with --name=true or false"
        ),
        (
            ["-p", "1"],
            "argument 1: is no option; options begin with --, and a switch is set with --name=true or false"
        ),
        (
            ["--acme-mode=saef"],
            "--acme-mode: must be one of fast, safe, not \"saef\"; did you mean safe?"
        ),
        (["--jwt-audience=x"], "--jwt-audience: needs jwt-issuer-uri"),
        (["--hsm-slot=1"], "--hsm-slot: is not available in this version"),
    ])
    func namesTheFlag(_ arguments: [String], _ expected: String) throws {
        #expect(try ConfigurationFixture().errors(arguments).first == expected)
    }

    @Test(arguments: [
        (["KMS_PORT": "x"], "KMS_PORT: must be a whole number, not \"x\""),
        (["KMS_LOG_QUIET": "x"], "KMS_LOG_QUIET: must be true or false, not \"x\""),
        (["KMS_ACME_RETRIES": "11"], "KMS_ACME_RETRIES: must be between 0 and 10, not 11"),
        (
            ["KMS_JWKS_URI": "x"],
            "KMS_JWKS_URI: needs jwt-issuer-uri"
        ),
        (
            ["KMS_JST_AUDIENCE": "x"],
            "KMS_JST_AUDIENCE: needs jwt-issuer-uri"
        ),
        (
            ["KMS_HSM_ADMIN": "x"],
            "KMS_HSM_ADMIN: hsm-admin is not available in this version"
        ),
    ])
    func namesTheVariable(_ environment: [String: String], _ expected: String) throws {
        #expect(try ConfigurationFixture().errors([], environment) == [expected])
    }

    @Test func recognisesTheVariableOfAKubernetesService() throws {
        let errors = try ConfigurationFixture().errors([], ["KMS_PORT": "tcp://10.0.0.1:9998"])

        #expect(errors.first?.contains("enableServiceLinks") == true)
    }

    @Test func reportsEverythingAtOnceInReadingOrder() throws {
        let fixture = try ConfigurationFixture(
            "bogus = 1\n[http]\nport = 'x'\n[db]\nacme-retries = 11\nhostname = 'y'")

        let errors = fixture.errors(["--hostname=0.0.0.0", "--bogus"], ["KMS_MAX_DEPTH": "1"])

        #expect(
            errors.map { String($0.prefix { $0 != " " }) } == [
                "--hostname:", "--bogus:", "KMS_MAX_DEPTH:", "kms.toml:1:", "kms.toml:3:",
                "kms.toml:5:",
                "kms.toml:6:",
            ])
    }

    @Test func checksWhatAnotherSourceOverrides() throws {
        let fixture = try ConfigurationFixture("[http]\nport = 'x'")

        #expect(
            fixture.errors(["--port=1"]) == [
                "kms.toml:2: http.port: must be an integer, not a string"
            ])
    }

    @Test func tellsMistakesOfTheCommandLineApart() throws {
        let fixture = try ConfigurationFixture("[http]\nport = 1")

        let usage = #expect(throws: ConfigurationErrors.self) { try fixture.load(["--bogus"]) }
        #expect(usage?.isUsage == true)
        let both = #expect(throws: ConfigurationErrors.self) {
            try fixture.load(["--bogus"], ["KMS_PORT": "x"])
        }
        #expect(both?.isUsage == false)
        let driver = #expect(throws: ConfigurationErrors.self) {
            try Configuration.load(
                arguments: ["--database-type=acme"], environment: [:],
                surroundings: fixture.surroundings
            ) { _, _ in throw CancellationError() }
        }
        #expect(driver?.isUsage == false)
    }

    @Test func warnsOfVariablesThatLookMistyped() throws {
        let configuration = try ConfigurationFixture().load(
            [], ["KMS_PROT": "1", "KMS_SERVICE_HOST": "x", "KMS_CONF": "", "HOME": "/"])

        #expect(
            configuration.warnings == [
                "KMS_PROT: no setting has this variable; did you mean KMS_PORT?"
            ])
    }
}
