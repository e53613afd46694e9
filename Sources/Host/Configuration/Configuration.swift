import Glibc
public import PluginLoader

/// Everything that was configured: the host's settings, and those of the database driver.
///
/// Three sources, the first of which wins: command line, environment, file. See ``Settings`` for the
/// host's options; a driver describes its own.
public struct Configuration: Sendable {
    public internal(set) var settings: Settings
    /// For the driver's `open`: one per value, in the driver's order. Options without value are absent.
    public internal(set) var driverSettings: [Setting] = []
    /// All options, the host's first, with their values and origins.
    public internal(set) var effective: [EffectiveOption]
    /// The file that was read; nil when there was none.
    public internal(set) var file: String?
    /// For the operator: what works, but should be changed.
    public internal(set) var warnings: [String]
    /// To be overwritten in the process's arguments before anything else happens.
    public internal(set) var secretArguments: [SecretArgument]

    init(
        settings: Settings, driverSettings: [Setting], effective: [EffectiveOption], file: String?,
        warnings: [String], secretArguments: [SecretArgument]
    ) {
        self.settings = settings
        self.driverSettings = driverSettings
        self.effective = effective
        self.file = file
        self.warnings = warnings
        self.secretArguments = secretArguments
    }

    /// A configuration that nobody wrote down, for tests.
    package init(settings: Settings, driverSettings: [Setting] = []) {
        self.init(
            settings: settings, driverSettings: driverSettings, effective: [], file: nil,
            warnings: [], secretArguments: [])
    }

    /// Loads and checks everything.
    ///
    /// - Parameters:
    ///   - arguments: The command line without the executable's name and without command words.
    ///   - environment: All variables of the process.
    ///   - driverOptions: Opens the driver of a `database-type`, found as the settings say, and
    ///     returns its options. It is not called when a setting that selects the driver is wrong.
    /// - Throws: All errors together.
    public static func load(
        arguments: [String], environment: [String: String],
        driverOptions: (String, Settings) throws -> [OptionDescription]
    ) throws(ConfigurationErrors) -> Configuration {
        try load(
            arguments: arguments, environment: environment, surroundings: .process,
            driverOptions: driverOptions)
    }

    package static func load(
        arguments: [String], environment: [String: String], surroundings: Surroundings,
        driverOptions: (String, Settings) throws -> [OptionDescription]
    ) throws(ConfigurationErrors) -> Configuration {
        var draft = Draft(arguments, environment, surroundings)
        draft.resolveDriver(driverOptions)
        return try draft.finished()
    }

    /// Loads the host's settings alone, for commands that look at drivers. Options that only a driver
    /// could know are passed over.
    public static func loadHost(
        arguments: [String], environment: [String: String]
    ) throws(ConfigurationErrors) -> Configuration {
        try loadHost(arguments: arguments, environment: environment, surroundings: .process)
    }

    package static func loadHost(
        arguments: [String], environment: [String: String], surroundings: Surroundings
    ) throws(ConfigurationErrors) -> Configuration {
        var draft = Draft(arguments, environment, surroundings)
        draft.judge(against: nil)
        return try draft.finished()
    }
}

/// What a configuration takes from the process beside arguments and variables.
package struct Surroundings: Sendable {
    /// Read when no file is named, if it exists.
    package var defaultFile: String
    /// Absolute.
    package var workingDirectory: String
    /// Whether the process has more rights than its caller, who then may not name code to load.
    package var isSetID: Bool

    package init(defaultFile: String, workingDirectory: String, isSetID: Bool = false) {
        self.defaultFile = defaultFile
        self.workingDirectory = workingDirectory
        self.isSetID = isSetID
    }

    static var process: Surroundings {
        Surroundings(
            defaultFile: "/etc/claviger/kms.toml", workingDirectory: currentDirectory(),
            isSetID: geteuid() != getuid() || getegid() != getgid())
    }
}
