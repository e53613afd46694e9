/// What the command line asks `kmsd` to do.
public struct Invocation: Sendable, Equatable {
    public enum Command: Sendable, Equatable {
        case run, help, version, checkConfig, info, configTemplate, pluginList
        case databaseCheck, databasePlan, databaseMigrate
        /// The source as `--from` names it: `sqlite:PATH`, or a URL.
        case databaseImport(from: String, isDryRun: Bool)
        /// The name that the driver serves, or the path of its library.
        case pluginInspect(String)
        case pluginNew(NewPlugin)
        /// Audit logs, in the order in which they were written.
        case auditVerify([String])
    }

    public var command: Command
    /// The options, without command words.
    public var arguments: [String]
    /// How many words were taken off: an option's index plus this is its index in what was parsed.
    public var wordCount: Int

    /// Words that begin the command line, and what they stand for.
    private static let commands: [(words: [String], command: Command)] = [
        (["config", "template"], .configTemplate),
        (["plugin", "list"], .pluginList),
        (["db", "check"], .databaseCheck),
        (["db", "plan"], .databasePlan),
        (["db", "migrate"], .databaseMigrate),
    ]

    /// Reads the command line without the executable's name.
    ///
    /// - Throws: When its words are no command. Options are judged later, with the configuration.
    public static func parse(_ arguments: [String]) throws(ConfigurationErrors) -> Invocation {
        let words = Array(arguments.prefix { !$0.hasPrefix("-") })
        let options = arguments.dropFirst(words.count).map { argument in
            switch argument {
            case "-h": "--help"
            case "-V": "--version"
            default: argument
            }
        }
        let scan = ArgumentScan(
            options, options: CommandLineOptions.all + Settings.declarations.map(\.option))
        let asked = scan.occurrences.filter { $0.value == nil || $0.value == "true" }.map(\.name)
        let flags: [(String, Command)] = [
            ("help", .help), ("version", .version), ("check-config", .checkConfig), ("info", .info),
        ]
        let flag = flags.first { asked.contains($0.0) }?.1
        var command = Command.help
        // Help is for those, too, who do not know the words yet.
        if flag != .help { command = try Self.command(words, options, scan) }
        if let flag { command = flag }
        return Invocation(command: command, arguments: options, wordCount: words.count)
    }

    private static func command(
        _ words: [String], _ options: [String], _ scan: ArgumentScan
    ) throws(ConfigurationErrors) -> Command {
        if words.starts(with: ["plugin", "new"]) {
            return .pluginNew(try NewPlugin(words: Array(words.dropFirst(2)), options: options))
        }
        if words.starts(with: ["audit", "verify"]) {
            guard words.count > 2 else {
                throw refusal("audit verify", "needs the files of the log, oldest first")
            }
            return .auditVerify(Array(words.dropFirst(2)))
        }
        if words == ["db", "import"] { return try databaseImport(scan) }
        if let stray = scan.occurrences.first(where: {
            CommandLineOptions.ofImport.contains($0.name)
        }) {
            let flag = Spelling.flag(stray.name)
            throw ConfigurationErrors([
                ConfigurationError(.flag(flag), "is an option of kmsd db import")
            ])
        }
        if words.isEmpty { return .run }
        if words.count == 3, words.starts(with: ["plugin", "inspect"]) {
            return .pluginInspect(words[2])
        }
        if let known = commands.first(where: { $0.words == words }) { return known.command }
        if words == ["plugin", "inspect"] {
            throw refusal("plugin inspect", "needs the name of a driver or the path of a library")
        }
        let given = words.prefix(2).joined(separator: " ")
        let names =
            commands.map { $0.words.joined(separator: " ") }
            + ["plugin inspect", "plugin new", "db import", "audit verify"]
        let hint = NearestName.hint(given, among: names) { "kmsd \($0)" }
        throw refusal(given, "unknown command\(hint)\(hint.isEmpty ? "; see kmsd --help" : "")")
    }

    private static func databaseImport(
        _ scan: ArgumentScan
    ) throws(ConfigurationErrors) -> Command {
        let isHelp = scan.occurrences.contains { $0.name == "help" }
        let source = scan.occurrences.first { $0.name == "from" }?.value ?? ""
        guard !source.isEmpty || isHelp else {
            throw refusal("db import", "needs the database to copy: --from sqlite:PATH")
        }
        let isDryRun = scan.occurrences.contains {
            $0.name == "dry-run"
                && $0.value.map { ["true", "1", "yes", "on"].contains($0) } ?? true
        }
        return .databaseImport(from: source, isDryRun: isDryRun)
    }

    private static func refusal(_ words: String, _ message: String) -> ConfigurationErrors {
        ConfigurationErrors([ConfigurationError(.flag("kmsd \(words)"), message)])
    }
}
