import Glibc
import PluginABI
import PluginLoader
import Synchronization

/// The library under test, called through its raw tables.
final class DriverLibrary: Sendable {
    let plugin: Plugin
    let host: KitHost
    // Written once in `start`, which happens before any handle is opened.
    private let tables = Mutex<kms_database_driver?>(nil)
    let hsm = HSMInterface()

    /// Loads the library, which runs its constructors and its entry.
    ///
    /// - Parameter hostVersion: What the host says of itself.
    init(path: String, hostVersion: String = KitHost.version) throws(PluginRefused) {
        plugin = try Plugin.load(PluginLocation(path: path, ancestry: .folder))
        host = KitHost(version: hostVersion)
    }

    /// Runs the plugin's `init`. Once.
    func start() throws {
        let start = plugin.contract.`init`
        let host = self.host.table
        try Calling(findings: Findings()).perform(.start, CallOptions(), Inputs()) { _, error in
            start?(host, error) ?? kms_status(KMS_INTERNAL)
        }
        if plugin.info.kind == .hsm {
            return try hsm.find(interface(KMS_HSM_INTERFACE))
        }
        guard let theirs = interface(KMS_DATABASE_INTERFACE) else {
            throw CouldNotRun("the library has no interface \(KMS_DATABASE_INTERFACE)")
        }
        // The id of the interface fixes the type of its table.
        guard let mine = Tables.copy(theirs.assumingMemoryBound(to: kms_database_driver.self)),
            mine.open != nil, mine.close != nil
        else { throw CouldNotRun("its database interface lacks open or close") }
        tables.withLock { $0 = mine }
    }

    /// Runs the plugin's `deinit`. Every handle is closed.
    func stop() { plugin.contract.deinit?() }

    /// A table of the plugin; nil for an id that it does not know.
    func interface(_ id: String) -> UnsafeRawPointer? { plugin.contract.get_interface?(id) }

    /// Our copy of the database interface; nil before `start`.
    var table: kms_database_driver? { tables.withLock { $0 } }

    /// Whether the function is there.
    func has(_ function: Function) -> Bool {
        if plugin.info.kind == .hsm { return hsm.has(function) }
        guard let table else { return false }
        return switch function {
        case .start, .open, .close: true
        case .health: table.health != nil
        case .cancel: table.cancel != nil
        case .context: table.context != nil
        case .migrate: table.migrate != nil
        case .plan: table.plan != nil
        case .clear: table.clear != nil
        case .get: table.get != nil
        case .query: table.query != nil
        case .apply: table.apply != nil
        case .grants: table.grants != nil
        case .changes: table.changes != nil
        case .statistics: table.statistics != nil
        default: false
        }
    }

    /// Whether the driver lists the function as quick.
    func isQuick(_ function: Function) -> Bool {
        let bit: Int =
            switch function {
            case .get: Int(KMS_QUICK_GET)
            case .query: Int(KMS_QUICK_QUERY)
            case .grants: Int(KMS_QUICK_GRANTS)
            default: 0
            }
        return (table?.quick ?? 0) & UInt32(bit) != 0
    }

    /// Opens a handle.
    func open(_ opening: Opening, _ options: CallOptions, _ findings: Findings) throws -> Handle {
        guard let table, let open = table.open else {
            throw CouldNotRun("the library is not started")
        }
        let inputs = Inputs()
        var request: kms_database_open = Tables.empty()
        request.flags = opening.flags.rawValue
        request.concurrency = UInt32(clamping: opening.concurrency)
        request.settings = try inputs.settings(opening.settings)
        request.setting_count = opening.settings.count
        request.tenant = try inputs.text(opening.tenant)
        request.secret = try inputs.bytes(opening.secret)
        let lent = UnsafePointer(try inputs.copy(request))
        var handle: OpaquePointer?
        do {
            try Calling(findings: findings).perform(.open, options, inputs) {
                open(lent, $0, &handle, $1)
            }
        } catch {
            if handle != nil { findings.add("open failed and yet gave a handle") }
            throw error
        }
        guard let handle else {
            findings.add("open succeeded without a handle")
            throw CallFailed(function: .open, status: .internalError, message: "no handle")
        }
        return Handle(handle, table, findings)
    }
}

/// What `open` is asked for (`kms_database_open`).
struct Opening: Sendable {
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt32
        static let readOnly = Flags(rawValue: 1 << 0)
        static let maintenance = Flags(rawValue: 1 << 1)
        static let foreign = Flags(rawValue: 1 << 2)
    }

    var settings: [Setting]
    var flags: Flags = []
    /// Most calls in flight at once.
    var concurrency = 16
    var tenant = ""
    var secret: [UInt8] = []
}

/// Why nothing could be checked: a fault of the surroundings, not of the driver.
struct CouldNotRun: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
