import Glibc
import Host
import PluginLoader
import Secrets

/// One run of `kmsd`, from its command line to its exit status.
struct Session {
    private let arguments: [String]
    private let environment: [String: String]

    init(_ arguments: [String]) {
        self.arguments = arguments
        environment = processEnvironment()
    }

    func run() async -> Int32 {
        do {
            try await perform(try Invocation.parse(arguments))
            return 0
        } catch let errors as ConfigurationErrors {
            for error in errors.errors { ErrorOutput.say("\(error)") }
            return errors.isUsage ? 2 : 1
        } catch {
            ErrorOutput.say("\(error)")
            return 1
        }
    }

    private func perform(_ invocation: Invocation) async throws {
        switch invocation.command {
        case .run: try await serve(invocation)
        case .help: print(help(invocation), terminator: "")
        case .version: print("kmsd \(Version.current)")
        case .checkConfig:
            let (configuration, _) = try load(invocation)
            print("configuration is valid\n\(configuration.sources)")
        case .info:
            let (configuration, plugin) = try load(invocation)
            print("# Driver: \(plugin)\n\(configuration.report)", terminator: "")
        case .configTemplate: print(try template(invocation), terminator: "")
        case .pluginList: PluginCommands.list(try search(invocation))
        case .pluginInspect(let name):
            try PluginCommands.inspect(name, with: try search(invocation))
        case .pluginNew(let plugin): try PluginCommands.new(plugin)
        }
    }

    /// Runs the server until it is told to stop.
    private func serve(_ invocation: Invocation) async throws {
        // Before any secret is read.
        do throws(ProcessHardening.Refused) { try ProcessHardening.disableCoreDumps() } catch {
            ErrorOutput.say("warning: core dumps cannot be disabled (error \(error.code))")
        }
        let (configuration, plugin) = try load(invocation)
        try await Server.run(configuration: configuration, plugin: plugin)
    }

    /// Loads configuration and driver, and hides the secrets of the command line.
    private func load(_ invocation: Invocation) throws -> (Configuration, Plugin) {
        var plugin: Plugin?
        let configuration = try Configuration.load(
            arguments: invocation.arguments, environment: environment
        ) { type, settings in
            let loaded = try driver(type, settings)
            plugin = loaded
            return loaded.info.options
        }
        for secret in configuration.secretArguments {
            // The executable's name comes before the words and options.
            let index = 1 + invocation.wordCount + secret.index
            ProcessHardening.overwriteArgument(at: index, skip: secret.offset)
        }
        for warning in configuration.warnings { ErrorOutput.say("warning: \(warning)") }
        guard let plugin else { preconditionFailure("a configuration loads only with its driver") }
        return (configuration, plugin)
    }

    private func driver(_ type: String, _ settings: Settings) throws(PluginRefused) -> Plugin {
        let search = PluginSearch(settings, executable: executablePath())
        return try Plugin.load(try search.locate(type, kind: .database))
    }

    private func host(_ invocation: Invocation) throws(ConfigurationErrors) -> Configuration {
        try Configuration.loadHost(arguments: invocation.arguments, environment: environment)
    }

    private func search(_ invocation: Invocation) throws(ConfigurationErrors) -> PluginSearch {
        PluginSearch(try host(invocation).settings, executable: executablePath())
    }

    /// Help never fails: without a driver it says why its options are missing.
    private func help(_ invocation: Invocation) -> String {
        var type = Settings().databaseType
        let options = Result<[OptionDescription], any Error> {
            let settings = try host(invocation).settings
            type = settings.databaseType
            return try driver(settings.databaseType, settings).info.options
        }
        return Help.text(databaseType: type, driver: options)
    }

    private func template(_ invocation: Invocation) throws -> String {
        let settings = try host(invocation).settings
        let options = try driver(settings.databaseType, settings).info.options
        let isUsual = settings.databaseType == Settings().databaseType
        return Template.text(
            databaseType: isUsual ? nil : settings.databaseType, driverOptions: options)
    }
}
