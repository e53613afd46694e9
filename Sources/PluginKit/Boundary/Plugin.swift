import PluginABI
import Synchronization

/// What `kms_plugin_entry` returns.
public typealias PluginTable = UnsafePointer<kms_plugin>

/// A plugin: its description and the driver behind it, as the host's tables.
///
/// Make one, as a global, and return ``table(forHostMajor:)`` from the library's entry. The tables
/// are made once, when the entry is first called, and live as long as the process: those few bytes
/// are all that the entry allocates.
public final class Plugin: Sendable {
    // Written in init only; plain C structs that nobody changes afterwards.
    private nonisolated(unsafe) let plugin: UnsafePointer<kms_plugin>
    private nonisolated(unsafe) let interfaceTable: UnsafeRawPointer
    private let interfaceID: String
    private let lentHost = Mutex<Host?>(nil)
    private let open: Opening

    private enum Opening: Sendable {
        case database(
            @Sendable (OpenOptions, Host, Call) throws(DriverFailure) -> any DatabaseDriver)
        case hsm(@Sendable (Settings, Host, Call) throws(DriverFailure) -> any HSMDriver)
        /// The plugin's own table opens by itself.
        case foreign
    }

    public convenience init<Driver: DatabaseDriver>(
        describing description: PluginDescription, database driver: Driver.Type
    ) {
        let slot = Slots.claim()
        var table = databaseFunctions
        table.quick = Driver.quick.rawValue
        table.writers = Driver.writers
        table.open = slot.functions.open
        let open = Opening.database { (options, host, call) throws(DriverFailure) in
            try Driver.open(options, host: host, call: call)
        }
        self.init(description, .database, KMS_DATABASE_INTERFACE, table, slot, open)
    }

    public convenience init<Driver: HSMDriver>(
        describing description: PluginDescription, hsm driver: Driver.Type
    ) {
        let slot = Slots.claim()
        var table = hsmFunctions
        table.open = slot.functions.openHSM
        let open = Opening.hsm { (settings, host, call) throws(DriverFailure) in
            try Driver.open(settings, host: host, call: call)
        }
        self.init(description, .hsm, KMS_HSM_INTERFACE, table, slot, open)
    }

    /// A plugin whose table its author made, for interfaces that PluginKit has no protocol for.
    ///
    /// - Parameters:
    ///   - interface: The id that the host asks for, such as `KMS_TASKS_INTERFACE`.
    ///   - table: Copied; it begins with its `struct_size`.
    public convenience init<Table: BitwiseCopyable>(
        describing description: PluginDescription, kind: PluginDescription.Kind,
        interface: String, table: Table
    ) {
        self.init(description, kind, interface, table, Slots.claim(), .foreign)
    }

    private init<Table: BitwiseCopyable>(
        _ description: PluginDescription, _ kind: PluginDescription.Kind, _ interface: String,
        _ table: Table, _ slot: Slots.Claim, _ open: Opening
    ) {
        interfaceID = interface
        interfaceTable = UnsafeRawPointer(immortal([table]))
        plugin = UnsafePointer(
            immortal([
                kms_plugin(
                    struct_size: UInt32(MemoryLayout<kms_plugin>.size),
                    abi_major: UInt16(KMS_ABI_MAJOR), abi_minor: UInt16(KMS_ABI_MINOR),
                    info: description.makeTable(kind), init: slot.functions.start,
                    deinit: slot.functions.stop, get_interface: slot.functions.interface)
            ]))
        self.open = open
        Slots.plugins.withLock { $0[slot.index] = self }
    }

    /// The host's services, from `init` until `deinit`; a database driver is given them by `open`.
    public var host: Host? { lentHost.withLock { $0 } }

    /// The plugin for hosts of this major; nil for majors that PluginKit does not speak.
    public func table(forHostMajor major: UInt16) -> PluginTable? {
        major == UInt16(KMS_ABI_MAJOR) ? plugin : nil
    }

    fileprivate func start(_ theirs: UnsafePointer<kms_host>?) -> kms_status {
        guard let theirs else { return Status.invalid.rawValue }
        let mine = Host(theirs)
        lentHost.withLock { $0 = mine }
        return Status.ok.rawValue
    }

    fileprivate func stop() { lentHost.withLock { $0 = nil } }

    fileprivate func interface(_ id: UnsafePointer<CChar>?) -> UnsafeRawPointer? {
        guard let id, String(cString: id) == interfaceID else { return nil }
        return interfaceTable
    }

    fileprivate func openDatabase(
        _ options: UnsafePointer<kms_database_open>?, _ call: UnsafePointer<kms_call>?,
        _ out: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<kms_error>?
    ) -> kms_status {
        guard let options, let call, let out, let host else {
            return Status.invalid.rawValue
        }
        return perform(error) { () throws(DriverFailure) in
            guard case .database(let open) = open else { throw .unsupported }
            out.pointee = DatabaseHandle.make(try open(OpenOptions(options), host, Call(call)))
        }
    }

    fileprivate func openHSM(
        _ options: UnsafePointer<kms_hsm_open>?, _ call: UnsafePointer<kms_call>?,
        _ out: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<kms_error>?
    ) -> kms_status {
        guard let options, let call, let out, let host else {
            return Status.invalid.rawValue
        }
        return perform(error) { () throws(DriverFailure) in
            guard case .hsm(let open) = open else { throw .unsupported }
            let settings = Settings(
                options.pointee.settings, count: options.pointee.setting_count)
            out.pointee = HSMHandle.make(try open(settings, host, Call(call)))
        }
    }
}

/// C functions without a handle carry no context, so each plugin of an image has functions of its
/// own. A library has one plugin; a process of tests has a few.
private enum Slots {
    struct Claim {
        let index: Int
        let functions: Functions
    }

    struct Functions {
        let start:
            @convention(c) (
                UnsafePointer<kms_host>?, UnsafeMutablePointer<kms_error>?
            ) -> kms_status
        let stop: @convention(c) () -> Void
        let interface: @convention(c) (UnsafePointer<CChar>?) -> UnsafeRawPointer?
        let open:
            @convention(c) (
                UnsafePointer<kms_database_open>?, UnsafePointer<kms_call>?,
                UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<kms_error>?
            ) -> kms_status
        let openHSM:
            @convention(c) (
                UnsafePointer<kms_hsm_open>?, UnsafePointer<kms_call>?,
                UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<kms_error>?
            ) -> kms_status
    }

    static let plugins = Mutex<[Plugin?]>(Array(repeating: nil, count: all.count))
    private static let claimed = Atomic<Int>(0)

    static func claim() -> Claim {
        let index = claimed.wrappingAdd(1, ordering: .relaxed).oldValue
        precondition(index < all.count, "too many plugins in one image")
        return Claim(index: index, functions: all[index])
    }

    private static func plugin(_ index: Int) -> Plugin? { plugins.withLock { $0[index] } }

    private static let invalid = Status.invalid.rawValue

    private static let all: [Functions] = [
        Functions(
            start: { host, _ in plugin(0)?.start(host) ?? invalid }, stop: { plugin(0)?.stop() },
            interface: { plugin(0)?.interface($0) },
            open: { plugin(0)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(0)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(1)?.start(host) ?? invalid }, stop: { plugin(1)?.stop() },
            interface: { plugin(1)?.interface($0) },
            open: { plugin(1)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(1)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(2)?.start(host) ?? invalid }, stop: { plugin(2)?.stop() },
            interface: { plugin(2)?.interface($0) },
            open: { plugin(2)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(2)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(3)?.start(host) ?? invalid }, stop: { plugin(3)?.stop() },
            interface: { plugin(3)?.interface($0) },
            open: { plugin(3)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(3)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(4)?.start(host) ?? invalid }, stop: { plugin(4)?.stop() },
            interface: { plugin(4)?.interface($0) },
            open: { plugin(4)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(4)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(5)?.start(host) ?? invalid }, stop: { plugin(5)?.stop() },
            interface: { plugin(5)?.interface($0) },
            open: { plugin(5)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(5)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(6)?.start(host) ?? invalid }, stop: { plugin(6)?.stop() },
            interface: { plugin(6)?.interface($0) },
            open: { plugin(6)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(6)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(7)?.start(host) ?? invalid }, stop: { plugin(7)?.stop() },
            interface: { plugin(7)?.interface($0) },
            open: { plugin(7)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(7)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(8)?.start(host) ?? invalid }, stop: { plugin(8)?.stop() },
            interface: { plugin(8)?.interface($0) },
            open: { plugin(8)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(8)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(9)?.start(host) ?? invalid }, stop: { plugin(9)?.stop() },
            interface: { plugin(9)?.interface($0) },
            open: { plugin(9)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(9)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(10)?.start(host) ?? invalid }, stop: { plugin(10)?.stop() },
            interface: { plugin(10)?.interface($0) },
            open: { plugin(10)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(10)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(11)?.start(host) ?? invalid }, stop: { plugin(11)?.stop() },
            interface: { plugin(11)?.interface($0) },
            open: { plugin(11)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(11)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(12)?.start(host) ?? invalid }, stop: { plugin(12)?.stop() },
            interface: { plugin(12)?.interface($0) },
            open: { plugin(12)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(12)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(13)?.start(host) ?? invalid }, stop: { plugin(13)?.stop() },
            interface: { plugin(13)?.interface($0) },
            open: { plugin(13)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(13)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(14)?.start(host) ?? invalid }, stop: { plugin(14)?.stop() },
            interface: { plugin(14)?.interface($0) },
            open: { plugin(14)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(14)?.openHSM($0, $1, $2, $3) ?? invalid }),
        Functions(
            start: { host, _ in plugin(15)?.start(host) ?? invalid }, stop: { plugin(15)?.stop() },
            interface: { plugin(15)?.interface($0) },
            open: { plugin(15)?.openDatabase($0, $1, $2, $3) ?? invalid },
            openHSM: { plugin(15)?.openHSM($0, $1, $2, $3) ?? invalid }),
    ]
}
