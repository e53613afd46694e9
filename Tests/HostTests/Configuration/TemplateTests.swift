import Host
import PluginLoader
import Testing

@Suite struct TemplateTests {
    /// The template with every default uncommented.
    private func uncommented(_ template: String) -> String {
        template.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let isDefault = line.hasPrefix("#") && !line.hasPrefix("# ") && line.count > 1
            return isDefault ? line.dropFirst() : line
        }.joined(separator: "\n")
    }

    @Test func holdsExactlyTheDefaults() throws {
        let template = Template.text(driverOptions: ConfigurationFixture.driver)
        let plain = try ConfigurationFixture().load()
        let written = try ConfigurationFixture(uncommented(template)).load()

        var fromFile = 0
        for (a, b) in zip(plain.effective, written.effective) {
            // The two were loaded in different folders.
            guard a.option.description.type != .path else { continue }
            #expect(a.displayed == b.displayed, "\(a.option.name)")
            if case .file = b.origin { fromFile += 1 }
        }
        let withDefault = plain.effective.filter {
            $0.option.description.defaultValue != nil
                && !$0.option.description.flags.contains(.hidden)
                && $0.option.description.type != .path
        }
        #expect(fromFile == withDefault.count)
        #expect(fromFile > 25)
    }

    @Test func changesNothingAsItIs() throws {
        let template = Template.text(driverOptions: ConfigurationFixture.driver)

        let configuration = try ConfigurationFixture(template).load()

        #expect(configuration.effective.allSatisfy { $0.origin == .standard })
    }

    @Test func namesTheDatabaseTypeThatItIsFor() throws {
        let template = Template.text(
            databaseType: "acme", driverOptions: ConfigurationFixture.driver)

        #expect(try ConfigurationFixture(template).load().settings.databaseType == "acme")
    }

    @Test func listsFilesOfSecretsBeforeTheirValues() throws {
        let template = Template.text(driverOptions: ConfigurationFixture.driver)

        let file = try #require(template.firstRange(of: "# acme-password-file = "))
        let value = try #require(template.firstRange(of: "# acme-password = "))
        #expect(file.lowerBound < value.lowerBound)
        #expect(!template.contains("non-revocable-key-id"))
    }

    @Test func helpListsHostAndDriver() {
        let help = Help.text(databaseType: "acme", driver: .success(ConfigurationFixture.driver))

        for expected in [
            "--port=NUMBER", "--acme-password-file=PATH", "--acme-mode", "fast, safe",
            "KMS_ACME_URL",
            "KMS_LOG_QUIET", "also clear-database", "--check-config", "[9998]",
        ] {
            #expect(help.contains(expected), "\(expected)")
        }
        #expect(!help.contains("non-revocable-key-id"))
    }

    @Test func helpDoesWithoutADriver() {
        struct Missing: Error, CustomStringConvertible { let description = "no such driver" }

        let help = Help.text(databaseType: "acme", driver: .failure(Missing()))

        #expect(help.contains("not known: no such driver"))
        #expect(help.contains("--port=NUMBER"))
    }

    @Test func reportIsTOMLThatLoadsToTheSame() throws {
        let fixture = try ConfigurationFixture("[http]\nport = 5\n[db]\nacme-peers = ['a\"b', 'c']")
        let first = try fixture.load(["--root-data-path=/srv", "--log-format=json"])

        let second = try ConfigurationFixture(first.report).load()

        #expect(first.effective.map(\.displayed) == second.effective.map(\.displayed))
    }
}
