import PluginABI
import Synchronization
import Threads

/// A driver's library, loaded and checked. It stays loaded until the process ends.
///
/// Load plugins before the server starts to listen: loading and starting block the thread.
public final class Plugin: Sendable {
    public let info: PluginInfo
    /// Absolute, without symbolic links.
    public let path: String
    /// Of the file that was loaded, in hexadecimal.
    public let sha256: String

    private let table: PluginTable
    private let mark: DriverMark
    /// The plugin's own functions, for who must call them as they are.
    package var contract: kms_plugin { table.table }
    private let life = Mutex(Life.loaded)

    private enum Life {
        case loaded
        /// The host's table is lent to the plugin: it lives here.
        case started(HostTable, DatabaseTable?, openHandles: Int)
        case stopped
    }

    private init(info: PluginInfo, path: String, sha256: String, table: PluginTable) {
        self.info = info
        self.path = path
        self.sha256 = sha256
        self.table = table
        mark = DriverMark(name: info.name, path: path)
    }

    /// Checks who can write the file and that it is whole, opens it, and reads its description.
    /// Nothing of it runs but its constructors and its entry function.
    public static func load(_ location: PluginLocation) throws(PluginRefused) -> Plugin {
        if let problem = location.problem { throw problem }
        guard !location.path.hasSuffix(".la") else {
            throw PluginRefused(library: location.path, reason: .libtoolArchive)
        }
        let file = try TrustedFile(path: location.path, ancestry: location.ancestry)
        guard !file.path.hasSuffix(".la") else {
            throw PluginRefused(library: file.path, reason: .libtoolArchive)
        }
        let contents = try file.contents(limit: LibraryFacts.sizeMax)
        _ = try LibraryFacts(contents: contents, path: file.path)
        let digest = Digest.sha256(contents)
        if let pin = location.sha256 {
            guard let expected = Digest.pin(pin) else {
                throw PluginRefused(library: file.path, reason: .malformedPin(pin))
            }
            guard digest == expected else {
                throw PluginRefused(
                    library: file.path, reason: .digest(expected: expected, found: digest))
            }
        }
        let library = try Library(
            path: file.path, pinned: location.sha256 == nil ? nil : file.file)
        let table = try library.table(path: file.path)
        let info = try table.describe()
        try check(info, location, file.path)
        return Plugin(info: info, path: file.path, sha256: digest, table: table)
    }

    private static func check(
        _ info: PluginInfo, _ location: PluginLocation, _ path: String
    ) throws(PluginRefused) {
        func refuse(_ reason: PluginRefused.Reason) -> PluginRefused {
            PluginRefused(library: path, reason: reason)
        }
        if let problem = DescriptionRules.problem(with: info) {
            throw refuse(.description(problem: problem))
        }
        if let kind = location.kind, kind != info.kind { throw refuse(.kind(wanted: kind)) }
        if let manifest = location.manifest {
            for name in location.serves where !info.serves.contains(name) {
                throw refuse(.serves(manifest: manifest, says: name, library: info.serves))
            }
        }
        if let name = location.name, !info.serves.contains(name) {
            throw refuse(.doesNotServe(wanted: name, serves: info.serves))
        }
    }

    /// Lends the host's services to the plugin and runs its `init`. Once.
    ///
    /// - Parameter limit: How long `init` may take. A plugin that takes longer is not used.
    public func start(
        _ services: HostServices, within limit: Duration = .seconds(60)
    ) throws(DriverError) {
        let host = HostTable(services, plugin: info.name)
        let failure: DriverError? = life.withLock { life in
            guard case .loaded = life else {
                return DriverError(status: .invalid, message: "\(info.name): started before")
            }
            do throws(DriverError) {
                try start(host, within: limit)
            } catch {
                life = .stopped
                return error
            }
            do throws(DriverError) {
                let database = info.kind == .database ? try table.database(mark) : nil
                life = .started(host, database, openHandles: 0)
                mark.announce()
                if let database, database.driver.quick != 0 { watchQuickFunctions(host) }
                return nil
            } catch {
                table.stop(mark)
                life = .stopped
                return error
            }
        }
        if let failure { throw failure }
    }

    private func watchQuickFunctions(_ host: HostTable) {
        QuickWatch.add(mark) { [weak host] function in
            host?.quick.lose()
            host?.report(
                .fault,
                "\(function) does not return on a thread that must not wait, which serves nobody "
                    + "until it does; from now on no such thread calls it; ask its vendor")
        }
    }

    private func start(_ host: HostTable, within limit: Duration) throws(DriverError) {
        let outcome = OwnThread.run(name: "kms-init", within: limit) { [table, mark] in
            Result { () throws(DriverError) in try table.start(host, mark) }
        }
        if let outcome { return try outcome.get() }
        host.keepForGood()
        throw DriverError(
            status: .deadline,
            message: "\(info.name) (\(path)): init does not return; ask its vendor")
    }

    /// Runs the plugin's `deinit`. Once, and only when every handle is closed: with a call that
    /// hangs, a host exits without. Reports what the plugin did not give back.
    ///
    /// - Parameter limit: How long `deinit` may take. The host exits without waiting for longer.
    public func stop(within limit: Duration = .seconds(10)) {
        life.withLock { life in
            guard case .started(let host, _, openHandles: 0) = life else { return }
            life = .stopped
            QuickWatch.remove(mark)
            let end: Void? = OwnThread.run(name: "kms-deinit", within: limit) { [table, mark] in
                table.stop(mark)
            }
            guard end != nil else {
                host.keepForGood()
                return host.report(.fault, "deinit does not return; ask its vendor")
            }
            host.reportLeaks()
        }
    }

    /// Opens a database: connects and checks credentials, creates no schema.
    ///
    /// - Parameters:
    ///   - settings: The driver's own options, as configured or by default.
    ///   - concurrency: Most calls in flight on the handle, 1 to 1024; as many threads may be made.
    ///   - patience: How long a call may go on when nobody waits for it any more before it counts
    ///     as one that hangs.
    public func openDatabase(
        settings: [Setting], concurrency: Int, readOnly: Bool, deadline: Deadline,
        patience: Duration = .seconds(5)
    ) async throws(DriverError) -> Database {
        try await open(
            DatabaseOpening(settings: settings, concurrency: concurrency, isReadOnly: readOnly),
            deadline, patience)
    }

    /// Opens the database of another system to read it: `query` and `grants` answer, with that
    /// system's bytes and rights, and nothing is written.
    public func openForeignDatabase(
        settings: [Setting], deadline: Deadline
    ) async throws(DriverError) -> Database {
        try await open(
            DatabaseOpening(settings: settings, concurrency: 2, isReadOnly: true, isForeign: true),
            deadline, .seconds(5))
    }

    private func open(
        _ options: DatabaseOpening, _ deadline: Deadline, _ patience: Duration
    ) async throws(DriverError) -> Database {
        let concurrency = options.concurrency
        guard (1...Limits.concurrency).contains(concurrency) else {
            throw DriverError(
                status: .invalid,
                message:
                    "\(info.name): concurrency \(concurrency) is not in 1...\(Limits.concurrency)")
        }
        let (driver, host) = try retainHandle()
        let hangs = Hangs(patience: patience.nanoseconds) { host.report($0, $1) }
        let pool = CallPool(
            name: "kms-\(info.serves.first ?? info.name)", concurrency: concurrency,
            writers: driver.writers, hangs: hangs)
        let ticket = LoneTicket<OpenHandle>("open", deadline: deadline) {
            state, deadline throws(DriverError) in
            try driver.openHandle(options, CallPlan(state: state, deadline: deadline, traceID: nil))
        } discard: {
            $0.close()
        }
        do {
            let handle = try await pool.perform(ticket)
            return Database(
                handle, driver: path, pool: pool, hangs: hangs, quick: host.quick
            ) { [self] in
                releaseHandle()
            }
        } catch {
            pool.close { [self] in releaseHandle() }
            throw error
        }
    }

    private func retainHandle() throws(DriverError) -> (DatabaseTable, HostTable) {
        let retained: (DatabaseTable, HostTable)? = life.withLock { life in
            guard case .started(let host, let driver?, let open) = life else { return nil }
            life = .started(host, driver, openHandles: open + 1)
            return (driver, host)
        }
        guard let retained else {
            throw DriverError(
                status: .invalid, message: "\(info.name): no database driver that is started")
        }
        return retained
    }

    private func releaseHandle() {
        life.withLock { life in
            guard case .started(let host, let driver, let open) = life else { return }
            life = .started(host, driver, openHandles: open - 1)
        }
    }
}

extension Plugin: CustomStringConvertible {
    /// One line for the log: path, id, version, ABI, digest.
    public var description: String {
        "\(path): \(info.id) \(info.version), "
            + "ABI \(info.abiMajor).\(info.abiMinor), sha256 \(sha256)"
    }
}
