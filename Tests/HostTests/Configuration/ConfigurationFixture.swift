import Foundation
import Host
import PluginLoader
import Secrets
import Testing

/// A folder of its own with a configuration file, and a way to load it with a made-up driver.
final class ConfigurationFixture {
    let folder: String
    private(set) var filePath: String

    init(_ toml: String? = nil) throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("claviger-configuration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path
        filePath = folder + "/kms.toml"
        if let toml { _ = try write(toml, to: "kms.toml") }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Writes a file that only its owner can read, unless `mode` says otherwise.
    func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        let path = folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    /// The options of a driver that nobody has: one of each kind.
    static let driver: [OptionDescription] = [
        OptionDescription(
            name: "acme-path", type: .path, defaultValue: "./acme-data", help: "Folder of the data"),
        OptionDescription(
            name: "database-url", type: .url, environment: ["KMS_ACME_URL"],
            help: "Where the server is"),
        OptionDescription(
            name: "acme-password", type: .text, flags: .secret, help: "Password of the user"),
        OptionDescription(
            name: "acme-pin", type: .text, flags: [.secret, .repeated], help: "Pins, one per slot"),
        OptionDescription(
            name: "acme-retries", type: .integer, defaultValue: "3", bounds: 0...10, help: "Retries"
        ),
        OptionDescription(
            name: "acme-wait", type: .duration, defaultValue: "\"5s\"",
            bounds: 1_000_000...60_000_000_000, help: "Longest wait"),
        OptionDescription(
            name: "acme-buffer", type: .size, defaultValue: "64k", help: "Size of the buffer"),
        OptionDescription(
            name: "acme-mode", type: .choice, defaultValue: "fast", choices: ["fast", "safe"],
            help: "How to write"),
        OptionDescription(
            name: "acme-sync", type: .boolean, defaultValue: "true", help: "Wait for the disk"),
        OptionDescription(name: "acme-peers", type: .text, flags: .repeated, help: "Other servers"),
    ]

    var surroundings: Surroundings {
        Surroundings(defaultFile: filePath, workingDirectory: folder)
    }

    func load(
        _ arguments: [String] = [], _ environment: [String: String] = [:],
        driver: [OptionDescription] = ConfigurationFixture.driver
    ) throws(ConfigurationErrors) -> Configuration {
        try Configuration.load(
            arguments: arguments, environment: environment, surroundings: surroundings
        ) { _, _ in driver }
    }

    /// The errors of a configuration that must not load, with the folder's name cut off.
    func errors(
        _ arguments: [String] = [], _ environment: [String: String] = [:],
        location: SourceLocation = #_sourceLocation
    ) -> [String] {
        let errors = #expect(throws: ConfigurationErrors.self, sourceLocation: location) {
            try load(arguments, environment)
        }
        return (errors?.errors ?? []).map {
            $0.description.replacingOccurrences(of: folder + "/", with: "")
        }
    }
}

extension Configuration {
    /// The values of an option as `--info` shows them.
    func shown(_ name: String) -> String? {
        effective.first { $0.option.name == name }?.displayed
    }

    func origin(_ name: String) -> Origin? {
        effective.first { $0.option.name == name }?.origin
    }

    /// The texts that the driver gets for an option, secrets in the clear.
    func driverTexts(_ name: String) -> [String] {
        driverSettings.filter { $0.option.name == name }.map { setting in
            switch setting.value {
            case .text(let text): text
            case .number(let number): String(number)
            case .secret(let secret):
                secret.withExposedBytes { span in
                    String(
                        decoding: (0..<span.byteCount).map {
                            span.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
                        },
                        as: UTF8.self)
                }
            }
        }
    }
}
