import Glibc
import PluginABI
import PluginKit
import Synchronization

/// A host that records what it is told.
enum TestHost {
    static let lines = Mutex<[String]>([])
    static let secureBytes = Atomic<Int>(0)

    nonisolated(unsafe) static let table: UnsafePointer<kms_host> = {
        var host = kms_host()
        host.struct_size = UInt32(MemoryLayout<kms_host>.size)
        host.version = UnsafePointer(strdup("3.2.1"))
        host.log_enabled = { _, level in level >= KMS_LOG_WARNING.rawValue }
        host.log = { _, _, _, message in
            let line = String(
                decoding: UnsafeRawBufferPointer(start: message.data, count: message.size),
                as: UTF8.self)
            TestHost.lines.withLock { $0.append(line) }
        }
        host.secure_alloc = { _, size in
            TestHost.secureBytes.wrappingAdd(size, ordering: .relaxed)
            return calloc(1, size)
        }
        host.secure_free = { _, memory, size in
            TestHost.secureBytes.wrappingSubtract(size, ordering: .relaxed)
            free(memory)
        }
        host.random = { _, out, size in
            out?.initialize(repeating: 7, count: size)
            return kms_status(KMS_OK)
        }
        host.monotonic_ns = { _ in 1000 }
        let place = UnsafeMutablePointer<kms_host>.allocate(capacity: 1)
        place.initialize(to: host)
        return UnsafePointer(place)
    }()

    /// The table of a plugin, asked for as a host does.
    static func driver(of plugin: Plugin) -> kms_database_driver {
        interface(KMS_DATABASE_INTERFACE, of: plugin).load(as: kms_database_driver.self)
    }

    static func hsmDriver(of plugin: Plugin) -> kms_hsm_driver {
        interface(KMS_HSM_INTERFACE, of: plugin).load(as: kms_hsm_driver.self)
    }

    private static func interface(_ id: String, of plugin: Plugin) -> UnsafeRawPointer {
        let table = plugin.table(forHostMajor: 1).unsafelyUnwrapped
        var error = kms_error()
        _ = table.pointee.`init`(TestHost.table, &error)
        return table.pointee.get_interface(id).unsafelyUnwrapped
    }
}

/// Memory for inputs; never freed, as tests are short.
func text(_ string: String) -> kms_text {
    kms_text(data: UnsafePointer(strdup(string)), size: string.utf8.count)
}

func texts(_ strings: [String]) -> kms_text_list {
    let items = UnsafeMutablePointer<kms_text>.allocate(capacity: max(strings.count, 1))
    items.initialize(from: strings.map(text), count: strings.count)
    return kms_text_list(items: UnsafePointer(items), count: strings.count)
}

func string(_ text: kms_text) -> String {
    String(decoding: UnsafeRawBufferPointer(start: text.data, count: text.size), as: UTF8.self)
}

func string(_ bytes: kms_bytes) -> String {
    String(decoding: UnsafeRawBufferPointer(start: bytes.data, count: bytes.size), as: UTF8.self)
}

func string<Tuple>(cArray tuple: Tuple) -> String {
    withUnsafeBytes(of: tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}

/// An open handle and its table.
struct Handle {
    let table: kms_database_driver
    let database: OpaquePointer

    /// A call that never ends early.
    static func call(
        inline: Bool = false, deadline: UInt64 = 0, cancelled: Bool = false
    ) -> kms_call {
        var call = kms_call()
        call.struct_size = UInt32(MemoryLayout<kms_call>.size)
        call.id = 77
        call.flags = inline ? UInt32(KMS_CALL_INLINE) : 0
        call.deadline_ns = deadline
        call.trace_id = text("trace")
        if cancelled {
            call.is_cancelled = { _ in true }
        } else {
            call.is_cancelled = { _ in false }
        }
        return call
    }

    static func open(_ plugin: Plugin, path: String, _ error: inout kms_error) -> (
        kms_status, OpaquePointer?
    ) {
        let table = TestHost.driver(of: plugin)
        func setting(_ name: String, _ value: String, _ number: Int64 = 0) -> kms_setting {
            kms_setting(name: text(name), type: 0, flags: 0, number: number, text: text(value))
        }
        let settings = [
            setting("echo-list", "x"), setting("echo-path", path), setting("echo-number", "", 42),
            setting("echo-list", "y"),
        ]
        var handle: OpaquePointer?
        var call = call()
        let status = settings.withUnsafeBufferPointer { settings in
            var options = kms_database_open()
            options.struct_size = UInt32(MemoryLayout<kms_database_open>.size)
            options.flags = UInt32(KMS_OPEN_READ_ONLY)
            options.concurrency = 5
            options.settings = settings.baseAddress
            options.setting_count = settings.count
            return table.open(&options, &call, &handle, &error)
        }
        return (status, handle)
    }

    init(_ plugin: Plugin) {
        var error = kms_error()
        table = TestHost.driver(of: plugin)
        database = Handle.open(plugin, path: "/tmp/ä", &error).1.unsafelyUnwrapped
    }

    func get(
        _ uids: [String], who: [String] = [], known: UInt64 = 0, call: kms_call = Handle.call(),
        _ out: inout kms_objects, _ error: inout kms_error
    ) -> kms_status {
        var call = call
        let items = uids.map {
            kms_get(uid: text($0), who: texts(who), known_revision: known, parts: 5, reserved: 0)
        }
        return table.get(database, &call, items, items.count, &out, &error)
    }
}

/// An error with a message buffer of this many bytes.
func withError<R>(capacity: Int, _ body: (inout kms_error) throws -> R) rethrows -> (R, String) {
    var buffer = [CChar](repeating: 0x7E, count: capacity + 1)
    return try buffer.withUnsafeMutableBufferPointer { buffer in
        var error = kms_error()
        error.struct_size = UInt32(MemoryLayout<kms_error>.size)
        error.message = buffer.baseAddress
        error.message_capacity = capacity
        let result = try body(&error)
        // Nothing behind the buffer was touched.
        precondition(buffer[capacity] == 0x7E, "wrote past the message buffer")
        let message = buffer.prefix { $0 != 0 && $0 != 0x7E }.map { UInt8(bitPattern: $0) }
        return (result, String(decoding: message, as: UTF8.self))
    }
}
