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
        LastWords.prepare(program: "kmsd")
        do {
            return try await perform(try Invocation.parse(arguments))
        } catch let errors as ConfigurationErrors {
            for error in errors.errors { ErrorOutput.say("\(error)") }
            return errors.isUsage ? 2 : 1
        } catch let error as PluginsRefused {
            for refusal in error.refusals { ErrorOutput.say("\(refusal)") }
            return 1
        } catch {
            ErrorOutput.say("\(error)")
            return 1
        }
    }

    /// The exit status, which is 0 but for commands that have more to tell.
    private func perform(_ invocation: Invocation) async throws -> Int32 {
        switch invocation.command {
        case .run: try await serve(invocation)
        case .help: print(help(invocation), terminator: "")
        case .version: print("kmsd \(Version.current)")
        case .checkConfig:
            let (configuration, plugin) = try load(invocation)
            try ConfiguredPlugins.check(search(configuration.settings), beside: plugin)
            try Server.check(configuration)
            print("configuration is valid\n\(configuration.sources)")
        case .info:
            let (configuration, plugin) = try load(invocation)
            print("# Driver: \(plugin)\n\(configuration.report)", terminator: "")
        case .configTemplate: print(try template(invocation), terminator: "")
        case .pluginList: PluginCommands.list(try search(invocation))
        case .pluginInspect(let name):
            try PluginCommands.inspect(name, with: try search(invocation))
        case .pluginNew(let plugin): try PluginCommands.new(plugin)
        case .auditVerify(let paths): print(try AuditVerifier.verify(paths))
        case .databaseCheck:
            let (configuration, plugin) = try load(invocation)
            return try await DatabaseCommands.check(configuration, plugin)
        case .databasePlan:
            let (configuration, plugin) = try load(invocation)
            return try await DatabaseCommands.plan(configuration, plugin)
        case .databaseMigrate:
            let (configuration, plugin) = try load(invocation)
            return try await DatabaseCommands.migrate(configuration, plugin)
        case .databaseImport(let source, let isDryRun):
            return try await importDatabase(source, isDryRun: isDryRun, invocation)
        }
        return 0
    }

    /// Runs the server until it is told to stop.
    private func serve(_ invocation: Invocation) async throws {
        disableCoreDumps()
        let (configuration, plugin) = try load(invocation)
        try await Server.run(configuration: configuration, plugin: plugin)
    }

    private func importDatabase(
        _ text: String, isDryRun: Bool, _ invocation: Invocation
    ) async throws -> Int32 {
        disableCoreDumps()
        let source = try ImportSource(text)
        let (configuration, plugin) = try load(invocation)
        let settings = configuration.settings
        let reader =
            plugin.info.serves.contains(source.databaseType)
            ? plugin : try driver(source.databaseType, settings)
        return try await DatabaseCommands.importDatabase(
            source, configuration, plugin, reader: reader, isDryRun: isDryRun)
    }

    /// Before any secret is read.
    private func disableCoreDumps() {
        do throws(ProcessHardening.Refused) { try ProcessHardening.disableCoreDumps() } catch {
            ErrorOutput.say("warning: core dumps cannot be disabled (error \(error.code))")
        }
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
        try Plugin.load(try search(settings).locate(type, kind: .database))
    }

    private func host(_ invocation: Invocation) throws(ConfigurationErrors) -> Configuration {
        try Configuration.loadHost(arguments: invocation.arguments, environment: environment)
    }

    private func search(_ invocation: Invocation) throws(ConfigurationErrors) -> PluginSearch {
        search(try host(invocation).settings)
    }

    private func search(_ settings: Settings) -> PluginSearch {
        PluginSearch(settings, executable: executablePath())
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
