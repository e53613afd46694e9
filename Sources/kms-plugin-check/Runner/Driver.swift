import FoundationEssentials
import PluginLoader

/// The driver under test with its configuration, in the process that runs it.
struct Driver: Sendable {
    let library: DriverLibrary
    let options: DriverOptions
    /// Functions that are there and answer `KMS_UNSUPPORTED` to everybody.
    var unsupported: Set<Function> = []

    init(library: DriverLibrary, config: CheckConfig) {
        self.library = library
        options = DriverOptions(declared: library.plugin.info.options, config: config)
    }

    var info: PluginInfo { library.plugin.info }

    /// Where the configuration lies, for further processes with the same driver.
    var configPath: String { options.config.path }

    /// Whether each case has a database of its own, which nobody has to empty.
    var hasOwnDatabases: Bool { options.config.usesScratch }

    /// What the median of inline calls may be.
    var quickLimit: Duration { options.config.quickLimit }

    /// Values of secret options are looked for from here on.
    ///
    /// - Parameter proxy: An address that stands for the backend's.
    func settings(scratch: String, proxy: String? = nil) throws -> [Setting] {
        watched(try options.settings(scratch: scratch, proxy: proxy))
    }

    /// Where the backend listens, if the configuration names its place.
    var backend: Endpoint? { options.config.backend }

    /// Settings for a prepared backend, whose files are copied first.
    func settings(prepared state: Preparation, scratch: String) throws -> [Setting] {
        guard let prepared = options.config.prepared[state] else {
            throw NotApplicable(reason: "the configuration has no [check.\(state.rawValue)]")
        }
        if let folder = prepared.copy {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                try FileManager.default.copyItem(
                    atPath: folder + "/" + name, toPath: scratch + "/" + name)
            }
        }
        return watched(try options.settings(scratch: scratch, changes: prepared.options))
    }

    private func watched(_ settings: [Setting]) -> [Setting] {
        for setting in settings {
            if let secret = setting.exposedSecret { Canaries.ofThisProcess.add(secret) }
        }
        return settings
    }

    /// Why a case with this need cannot be tried; nil when it can.
    func lacks(_ need: Case.Need) -> String? {
        switch need {
        case .durable: info.isVolatile ? "the driver is volatile" : nil
        case .manyProcesses: info.isSingleProcess ? "the driver serves one process" : nil
        case .emptyDatabase:
            hasOwnDatabases
                ? nil : "needs a new database: write \(CheckConfig.scratchMark) in an option"
        case .prepared(let state):
            options.config.prepared[state] == nil
                ? "needs a prepared database: [check.\(state.rawValue)]" : nil
        case .function(let function):
            library.has(function) && !unsupported.contains(function)
                ? nil : "the driver has no \(function)"
        case .quick(let function):
            library.isQuick(function) ? nil : "the driver does not call \(function) quick"
        case .proxy:
            backend == nil ? "no option names the backend's place: \(ProxyMark.example)" : nil
        }
    }

    /// Starts the library, opens the database once and finds out what the driver leaves out.
    ///
    /// - Throws: ``CouldNotRun`` when the backend does not let it in; ``CallFailed`` for what is
    ///   the driver's fault.
    mutating func start(scratch: String) throws {
        try library.start()
        if info.kind == .hsm { return try startHSM(scratch: scratch) }
        let test = Test(self, scratch: scratch)
        defer { test.finish() }
        do {
            let database = try test.open()
            try database.migrate()
            for function in Function.allCases
            where library.has(function) && Self.isUnsupported(function, by: database) {
                unsupported.insert(function)
            }
        } catch let failure as CallFailed {
            let isSurroundings = [.denied, .unavailable, .invalid, .notFound, .deadline].contains(
                failure.status)
            throw isSurroundings ? CouldNotRun("\(failure)") : failure
        }
    }

    private static func isUnsupported(_ function: Function, by database: Database) -> Bool {
        do {
            switch function {
            case .plan: _ = try database.plan()
            case .changes: _ = try database.changes(since: [])
            case .statistics: _ = try database.statistics()
            case .health: try database.health()
            case .grants: _ = try database.grants(GrantsQuery(limit: 1))
            case .query: _ = try database.query(Query(limit: 1))
            default: break
            }
            return false
        } catch let failure as CallFailed {
            return failure.status == .unsupported
        } catch {
            return false
        }
    }
}
