import Host
import PluginLoader
import Testing

@Suite struct SecretsInConfigurationTests {
    private static let canary = "canary-7b1f"

    @Test(arguments: [
        (["--acme-password=\(canary)"], [:], ""),
        (["--acme-password", canary], [:], ""),
        ([], ["KMS_ACME_PASSWORD": canary], ""),
        ([], [:], "[db]\nacme_password = '\(canary)'"),
        (["--acme-password-file=secret"], [:], ""),
        ([], ["KMS_ACME_PASSWORD_FILE": "secret"], ""),
        ([], [:], "[db]\nacme-password-file = 'secret'"),
        ([], [:], "[db]\nacme_password_file = './secret'"),
    ])
    func readsSecretsFromEverySourceAndPrintsThemNowhere(
        _ arguments: [String], _ environment: [String: String], _ toml: String
    ) throws {
        let fixture = try ConfigurationFixture(toml)
        _ = try fixture.write(Self.canary + "\n", to: "secret")

        let configuration = try fixture.load(arguments, environment)

        #expect(configuration.driverTexts("acme-password") == [Self.canary])
        #expect(configuration.shown("acme-password") == "\"****\"")
        var printed = configuration.report + configuration.sources
        printed += configuration.warnings.joined()
        dump(configuration.driverSettings, to: &printed)
        dump(configuration.effective, to: &printed)
        printed += String(reflecting: configuration.driverSettings)
        #expect(!printed.contains(Self.canary))
    }

    @Test(arguments: [
        ("\(canary)\n", canary), ("\(canary)\r\n", canary), ("\(canary)\n\n", canary + "\n"),
        (" \(canary) ", " \(canary) "), ("", ""),
    ])
    func stripsOneLineBreakFromAFile(_ contents: String, _ expected: String) throws {
        let fixture = try ConfigurationFixture()
        _ = try fixture.write(contents, to: "secret")

        let configuration = try fixture.load(["--acme-password-file=secret"])

        #expect(configuration.driverTexts("acme-password") == [expected])
    }

    @Test func readsRepeatedSecrets() throws {
        let fixture = try ConfigurationFixture("[db]\nacme-pin = ['1', '', '3']")

        #expect(try fixture.load().driverTexts("acme-pin") == ["1", "", "3"])
    }

    @Test func warnsOfSecretsThatOthersCanRead() throws {
        let fixture = try ConfigurationFixture()
        let path = try fixture.write("x", to: "open", mode: 0o604)
        let closed = try fixture.write("x", to: "closed", mode: 0o640)
        let file = try fixture.write("[db]\nacme-password = 'x'", to: "open.toml", mode: 0o644)

        #expect(try fixture.load(["--acme-password-file=\(path)"]).warnings.count == 1)
        #expect(try fixture.load(["--acme-password-file=\(closed)"]).warnings.isEmpty)
        let url = try fixture.write("[db]\ndatabase-url = 'a://u:p@h'", to: "url.toml", mode: 0o644)
        let harmless = try fixture.write(
            "[db]\ndatabase-url = 'a://h'", to: "plain.toml", mode: 0o644)
        #expect(try fixture.load(["--config=\(file)"]).warnings.count == 1)
        #expect(try fixture.load(["--config=\(url)"]).warnings.count == 1)
        #expect(try fixture.load(["--config=\(harmless)"]).warnings.isEmpty)
        #expect(try fixture.load(["--acme-password=x"]).warnings.count == 1)
    }

    @Test func leavesFilesOfOverriddenSecretsUnread() throws {
        let fixture = try ConfigurationFixture("[db]\nacme-password-file = 'nowhere'")

        #expect(fixture.errors().first?.contains("cannot read") == true)
        let configuration = try fixture.load([], ["KMS_ACME_PASSWORD": "x"])
        #expect(configuration.driverTexts("acme-password") == ["x"])
    }

    @Test(arguments: [
        (["--quiet", "--acme-password=abc"], [SecretArgument(index: 1, offset: 16)]),
        (["--acme-password", "abc"], [SecretArgument(index: 1, offset: 0)]),
        (
            ["--acme-pin", "1", "2"],
            [SecretArgument(index: 1, offset: 0), SecretArgument(index: 2, offset: 0)]
        ),
        (["--database-url=acme://u:p@h"], [SecretArgument(index: 0, offset: 15)]),
        (["--database-url=acme://h", "--port=1"], []),
    ])
    func saysWhichArgumentsHoldSecrets(_ arguments: [String], _ expected: [SecretArgument]) throws {
        #expect(try ConfigurationFixture().load(arguments).secretArguments == expected)
    }

    /// Wrong in every way that can be wrong near a secret.
    @Test(arguments: [
        (["--acme-password=\(canary)", "--acme-password=\(canary)"], [:], ""),
        (["--acme-pasword=\(canary)"], [:], ""),
        (["--acme-pasword", canary], [:], ""),
        (["--acme-sync", canary], [:], ""),
        ([canary], [:], ""),
        (["--acme-password", "--\(canary)"], [:], ""),
        (["--https-p12-password=\(canary)"], [:], ""),
        ([], ["KMS_HTTPS_P12_PASSWORD": canary], ""),
        ([], [:], "[db]\nacme-pasword = '\(canary)'"),
        ([], [:], "[http]\nacme-password = '\(canary)'"),
        ([], [:], "[db]\nacme-password = ['\(canary)']"),
        ([], [:], "[db]\nacme-password = \(canary)"),
        ([], [:], "[db]\nacme-password = '\(canary)"),
        ([], [:], "[db]\nacme-password = '\(canary)'\nacme_password = '\(canary)'"),
        ([], [:], "[db]\nacme-password = \"\(canary)\\u0000\""),
        ([], [:], "[http]\nhttps_p12_password = '\(canary)'"),
        ([], [:], "[db]\ndatabase-url = 'acme://u:\(canary)@h'\nport = 1"),
    ])
    func repeatsNoSecretInErrors(
        _ arguments: [String], _ environment: [String: String], _ toml: String
    ) throws {
        let errors = try ConfigurationFixture(toml).errors(arguments, environment)

        #expect(!errors.isEmpty)
        #expect(!errors.contains { $0.contains(Self.canary) })
    }
}
