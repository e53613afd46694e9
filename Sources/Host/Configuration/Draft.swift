import Glibc
import PluginLoader

/// A configuration while it is put together, with all that turned out to be wrong with it.
struct Draft {
    private let arguments: [String]
    private let environment: [String: String]
    private let surroundings: Surroundings
    private let file: ConfigurationFile?
    private let base: PathBase
    private var errors: [ConfigurationError] = []
    private var warnings: [String] = []
    private var secretArguments: [SecretArgument] = []
    private var settings = Settings()
    private var effective: [EffectiveOption] = []
    private var driverSettings: [Setting] = []

    /// Resolves the host's own options.
    init(_ arguments: [String], _ environment: [String: String], _ surroundings: Surroundings) {
        self.arguments = arguments
        self.environment = environment
        self.surroundings = surroundings
        let host = CommandLineOptions.all + Settings.declarations.map(\.option)
        let scan = ArgumentScan(arguments, options: host)
        let working = PathBase(folder: surroundings.workingDirectory)
        var problems: [ConfigurationError] = []
        file = Draft.file(scan, environment, surroundings, working, &problems)

        var resolver = Resolver(
            scan: scan, environment: environment, file: file, reader: OptionReader(base: working))
        // The folder that other paths start from comes first, and itself starts from where we are.
        if let root = Settings.declarations.first(where: { $0.option.name == "root-data-path" }) {
            root.store(resolver.resolve(root.option).values, &settings)
        }
        base = settings.rootDataPath.map { PathBase(folder: $0) } ?? working
        errors = problems + (file?.errors ?? []) + UnavailableOptions.errors(in: environment)
        // The scan's other errors may come from options that are the driver's; `judge` adds them.
        errors += scan.errors.filter { $0.option != nil }
        settings.plugins = file?.plugins ?? []
        settings.issuerTables = file?.issuers ?? []
        resolveHost(scan, working)
    }

    private mutating func resolveHost(_ scan: ArgumentScan, _ working: PathBase) {
        var resolver = Resolver(
            scan: scan, environment: environment, file: file, reader: OptionReader(base: base))
        for option in CommandLineOptions.all { _ = resolver.resolve(option) }
        for declaration in Settings.declarations {
            let isRoot = declaration.option.name == "root-data-path"
            resolver.reader.base = isRoot ? working : base
            let option = resolver.resolve(declaration.option)
            if !option.values.isEmpty || option.option.isRepeated {
                declaration.store(option.values, &settings)
            }
            effective.append(option)
        }
        collect(resolver)
        let folders = (environment["KMS_PLUGIN_PATH"] ?? "").split(separator: ":")
        if settings.allowEnvironmentPath, !surroundings.isSetID {
            settings.pluginPath += folders.map { base.absolute(String($0)) }
        } else if !folders.isEmpty {
            warnings.append("KMS_PLUGIN_PATH: ignored without allow-environment-path")
        }
        checkNetwork()
        checkAuthentication()
    }

    private mutating func collect(_ resolver: Resolver) {
        errors += resolver.errors
        warnings += resolver.warnings
        secretArguments += resolver.secretArguments
    }

    /// The configuration file: named by a flag, named by a variable, or the usual one.
    private static func file(
        _ scan: ArgumentScan, _ environment: [String: String], _ surroundings: Surroundings,
        _ working: PathBase, _ problems: inout [ConfigurationError]
    ) -> ConfigurationFile? {
        if let path = scan.occurrences.first(where: { $0.name == "config" })?.value {
            return .read(working.absolute(path), named: .flag("--config"))
        }
        for variable in ["KMS_CONF", "COSMIAN_KMS_CONF"] {
            guard let path = environment[variable], !path.isEmpty else { continue }
            return .read(working.absolute(path), named: .variable(variable))
        }
        guard access(surroundings.defaultFile, F_OK) == 0 else { return nil }
        let place = ConfigurationError.Place.file(path: surroundings.defaultFile)
        return .read(surroundings.defaultFile, named: place)
    }

    /// Where nobody authenticates, whoever reaches the address is the default user.
    private mutating func checkNetwork() {
        guard !isLoopback(settings.hostname) else { return }
        if settings.authenticates, TLSSettings(settings) == nil {
            warnings.append(
                "tokens cross the network in the clear: \(settings.hostname) is not a loopback address "
                    + "and HTTPS is not configured")
        }
        guard !settings.authenticates, !settings.allowUnauthenticatedNetwork else { return }
        let origin = effective.first { $0.option.name == "hostname" }?.origin ?? .standard
        errors.append(
            ConfigurationError(
                place(of: origin, key: "http.hostname"),
                "\"\(settings.hostname)\" is not a loopback address and no authentication is "
                    + "configured: whoever reaches it could use every key. Listen on 127.0.0.1, or set "
                    + "allow-unauthenticated-network = true in [http] "
                    + "(--allow-unauthenticated-network) if only trusted clients can reach it",
                option: "hostname"))
    }

    private mutating func checkAuthentication() {
        for mistake in AuthenticationCheck.mistakes(in: settings) {
            let option = effective.first { $0.option.name == mistake.option }
            let steps = [option?.option.section.rawValue ?? "", mistake.option]
            let key = steps.filter { !$0.isEmpty }.joined(separator: ".")
            errors.append(
                ConfigurationError(
                    place(of: option?.origin ?? .standard, key: key), mistake.message,
                    option: mistake.option))
        }
    }

    private func isLoopback(_ hostname: String) -> Bool {
        if ["localhost", "::1"].contains(hostname) { return true }
        let parts = hostname.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private func place(of origin: Origin, key: String) -> ConfigurationError.Place {
        switch origin {
        case .commandLine(let flag): .flag(flag)
        case .environment(let variable): .variable(variable)
        case .file(let path, let line): .file(path: path, line: line, key: key)
        case .standard: .settings
        }
    }

    // MARK: The driver

    /// Resolves the driver's options, then judges whatever nobody knows.
    mutating func resolveDriver(_ driverOptions: (String, Settings) throws -> [OptionDescription]) {
        let host = Settings.declarations.map(\.option) + CommandLineOptions.all
        let judge = NameJudge(options: host, knowsDriver: false)
        errors += (file?.entries ?? []).compactMap { entry in
            file.flatMap { judge.error(nearDriverSelection: entry, in: $0) }
        }
        if errors.contains(where: { Settings.driverSelection.contains($0.option ?? "") }) {
            return self.judge(against: nil)
        }
        let described: [OptionDescription]
        do {
            described = try driverOptions(settings.databaseType, settings)
        } catch {
            let origin = effective.first { $0.option.name == "database-type" }?.origin ?? .standard
            errors.append(
                ConfigurationError(
                    place(of: origin, key: "db.database-type"), "\(error)", option: "database-type",
                    isOfDriver: true))
            return self.judge(against: nil)
        }
        let reserved = Set(host.flatMap(\.names))
        for name in described.map(\.name) where reserved.contains(name) {
            errors.append(
                ConfigurationError(
                    .settings,
                    "the driver declares \(name), which is an option of the server; ask its vendor",
                    option: "database-type"))
        }
        let options = described.filter { !reserved.contains($0.name) }
            .map { ConfigurationOption($0, section: .database) }
        let scan = ArgumentScan(arguments, options: host + options)
        var resolver = Resolver(
            scan: scan, environment: environment, file: file, reader: OptionReader(base: base))
        for option in options {
            let resolved = resolver.resolve(option)
            effective.append(resolved)
            driverSettings += resolved.values.map {
                Setting(option: option.description, value: $0)
            }
        }
        collect(resolver)
        self.judge(against: options)
    }

    /// Refuses what is misplaced, unavailable or unknown. While the driver's options are not known
    /// (nil), an unknown name may be one of them and is passed over.
    mutating func judge(against driver: [ConfigurationOption]?) {
        let judge = NameJudge(
            options: CommandLineOptions.all + Settings.declarations.map(\.option) + (driver ?? []),
            knowsDriver: driver != nil)
        let scan = ArgumentScan(arguments, options: judge.options)
        // After a flag that only the driver knows, what follows may be its values.
        errors += scan.errors.filter {
            driver != nil || scan.unknown.isEmpty || $0.option != nil
        }
        errors += scan.unknown.compactMap(judge.error(forFlag:))
        errors += (file?.entries ?? []).compactMap { entry in
            file.flatMap { judge.error(for: entry, in: $0) }
        }
        warnings += judge.warnings(environment)
    }

    /// The result, unless something is wrong.
    func finished() throws(ConfigurationErrors) -> Configuration {
        guard errors.isEmpty else { throw ConfigurationErrors(errors.inReadingOrder()) }
        return Configuration(
            settings: settings, driverSettings: driverSettings, effective: effective,
            file: file?.path, warnings: warnings, secretArguments: secretArguments)
    }
}

extension [ConfigurationError] {
    /// Command line, environment, file by line, the rest; otherwise as found. Each once.
    fileprivate func inReadingOrder() -> [ConfigurationError] {
        func rank(_ error: ConfigurationError) -> (Int, Int) {
            switch error.place {
            case .flag: (0, 0)
            case .variable: (1, 0)
            case .file(_, let line, _): (2, line ?? 0)
            case .settings: (3, 0)
            }
        }
        let ranked = enumerated().sorted {
            let (a, b) = (rank($0.element), rank($1.element))
            return (a.0, a.1, $0.offset) < (b.0, b.1, $1.offset)
        }
        return ranked.map(\.element).reduce(into: []) { list, error in
            if !list.contains(error) { list.append(error) }
        }
    }
}
