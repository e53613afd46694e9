import Glibc
import PluginABI
import PluginKit
import Synchronization

/// The driver's own table, asked for as the host does.
enum Driver {
    static let table: kms_database_driver = {
        guard let plugin = pluginUnderTest.table(forHostMajor: UInt16(KMS_ABI_MAJOR)) else {
            preconditionFailure("the driver speaks this major")
        }
        var error = kms_error()
        _ = withUnsafePointer(to: testHost) { plugin.pointee.`init`($0, &error) }
        let table = plugin.pointee.get_interface(KMS_DATABASE_INTERFACE)
        return table.unsafelyUnwrapped.load(as: kms_database_driver.self)
    }()
}

/// A host with the real clock and plain memory.
nonisolated(unsafe) let testHost: kms_host = {
    var host = kms_host()
    host.struct_size = UInt32(MemoryLayout<kms_host>.size)
    host.abi_major = UInt16(KMS_ABI_MAJOR)
    host.name = UnsafePointer(strdup("test"))
    host.version = UnsafePointer(strdup("1.2.3"))
    host.monotonic_ns = { _ in monotonic() }
    host.unix_us = { _ in
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }
    host.log_enabled = { _, _ in true }
    host.log = { _, _, _, text in TestLog.add(string(text)) }
    host.secure_alloc = { _, size in calloc(1, size) }
    host.secure_free = { _, memory, _ in free(memory) }
    host.random = { _, out, size in
        guard let out, getentropy(out, size) == 0 else { return kms_status(KMS_INTERNAL) }
        return kms_status(KMS_OK)
    }
    return host
}()

func monotonic() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}

/// What drivers have logged in this process.
enum TestLog {
    private static let all = Mutex<[String]>([])
    static func add(_ line: String) { all.withLock { $0.append(line) } }
    static var lines: [String] { all.withLock { $0 } }
}

/// One handle, driven through the C table; every result is copied and released.
final class TestDatabase: @unchecked Sendable {
    private let handle: OpaquePointer

    /// - Parameters:
    ///   - texts: Settings of every textual type.
    ///   - numbers: Settings of every other type.
    init(
        texts: [String: String], numbers: [String: Int64] = [:], flags: Int = 0,
        concurrency: UInt32 = 8, _ settings: Call = Call()
    ) throws {
        let scratch = Scratch()
        let settingsOfDriver =
            texts.map { name, text in
                var setting = kms_setting()
                setting.name = scratch.text(name)
                setting.text = scratch.text(text)
                return setting
            }
            + numbers.map { name, number in
                var setting = kms_setting()
                setting.name = scratch.text(name)
                setting.number = number
                return setting
            }
        var c = kms_database_open()
        c.struct_size = UInt32(MemoryLayout<kms_database_open>.size)
        c.flags = UInt32(flags)
        c.concurrency = concurrency
        c.settings = UnsafePointer(scratch.array(settingsOfDriver))
        c.setting_count = settingsOfDriver.count
        var handle: OpaquePointer?
        try TestDatabase.call(settings) { Driver.table.open(&c, $0, &handle, $1) }
        self.handle = handle.unsafelyUnwrapped
    }

    private var isClosed = false
    func close() {
        if !isClosed { Driver.table.close(handle) }
        isClosed = true
    }
    deinit { close() }

    /// The settings of one call.
    struct Call {
        var id: UInt64 = 0
        var isInline = false
        var deadline: UInt64 = 0
        var isCancelled: (@convention(c) (UnsafePointer<kms_call>?) -> Bool) = { _ in false }
    }

    private static func call(
        _ settings: Call = Call(),
        _ body: (UnsafePointer<kms_call>, UnsafeMutablePointer<kms_error>) -> kms_status
    ) throws(TestFailure) {
        var call = kms_call()
        call.struct_size = UInt32(MemoryLayout<kms_call>.size)
        call.id = settings.id
        call.flags = settings.isInline ? UInt32(KMS_CALL_INLINE) : 0
        call.deadline_ns = settings.deadline
        call.is_cancelled = settings.isCancelled
        var error = kms_error()
        error.struct_size = UInt32(MemoryLayout<kms_error>.size)
        let message = UnsafeMutablePointer<CChar>.allocate(capacity: 256)
        defer { message.deallocate() }
        message.initialize(repeating: 0, count: 256)
        error.message = message
        error.message_capacity = 256
        let status = body(&call, &error)
        guard status == KMS_OK else {
            throw TestFailure(
                status: Int(status), message: String(cString: message), flags: error.flags,
                state: string(cArray: error.native_state), retryAfter_ns: error.retry_after_ns)
        }
    }

    func migrate(_ settings: Call = Call()) throws(TestFailure) {
        try Self.call(settings) { Driver.table.migrate(handle, $0, $1) }
    }
    func health(_ settings: Call = Call()) throws(TestFailure) {
        try Self.call(settings) { Driver.table.health(handle, $0, $1) }
    }
    func cancel(_ id: UInt64) { Driver.table.cancel(handle, id) }
    func clear(force: Bool = false) throws(TestFailure) {
        try Self.call { Driver.table.clear(handle, $0, force, $1) }
    }

    func context() throws -> (
        state: kms_schema_state, version: String, schema: String, format: String, backend: String
    ) {
        var out = kms_context()
        out.struct_size = UInt32(MemoryLayout<kms_context>.size)
        try Self.call { Driver.table.context(handle, $0, &out, $1) }
        return (
            kms_schema_state(out.state), string(cArray: out.version), string(cArray: out.schema),
            string(cArray: out.format), string(cArray: out.backend)
        )
    }

    func plan() throws(TestFailure) -> [String] {
        var out = kms_texts()
        out.struct_size = UInt32(MemoryLayout<kms_texts>.size)
        try Self.call { Driver.table.plan(handle, $0, &out, $1) }
        defer { out.owner.release?(out.owner.owner) }
        return (0..<out.count).map { string(out.items[$0]) }
    }

    func get(_ items: [TestGet], _ settings: Call = Call()) throws(TestFailure) -> [TestObject] {
        let scratch = Scratch()
        let c = items.map { item in
            kms_get(
                uid: scratch.text(item.uid), who: scratch.texts(item.who),
                known_revision: item.known, parts: UInt32(item.parts), reserved: 0)
        }
        var out = kms_objects()
        out.struct_size = UInt32(MemoryLayout<kms_objects>.size)
        try Self.call(settings) {
            Driver.table.get(handle, $0, scratch.array(c), c.count, &out, $1)
        }
        return Self.page(&out).items
    }

    func get(_ uid: String, who: [String] = [], known: UInt64 = 0) throws -> TestObject {
        try get([TestGet(uid: uid, who: who, known: known)])[0]
    }

    func query(_ query: TestQuery, _ settings: Call = Call()) throws(TestFailure) -> TestPage {
        let scratch = Scratch()
        var c = kms_query()
        c.struct_size = UInt32(MemoryLayout<kms_query>.size)
        if let filter = query.filter {
            let filters = scratch.filters(filter)
            c.filters = UnsafePointer(scratch.array(filters))
            c.filter_count = filters.count
        }
        c.parts = UInt32(query.parts)
        c.who = scratch.texts(query.who)
        c.rights = query.rights
        c.cursor = scratch.bytes(query.cursor)
        c.limit = UInt32(query.limit)
        c.skip = UInt32(query.skip)
        c.flags = UInt32(query.flags)
        var out = kms_objects()
        out.struct_size = UInt32(MemoryLayout<kms_objects>.size)
        try Self.call(settings) { Driver.table.query(handle, $0, &c, &out, $1) }
        return Self.page(&out)
    }

    private static func page(_ out: inout kms_objects) -> TestPage {
        defer { out.owner.release?(out.owner.owner) }
        let items = (0..<out.count).map { index in
            let c = out.items[index]
            return TestObject(
                uid: string(c.uid), owner: string(c.owner), type: c.type, state: c.state,
                revision: c.revision, object: array(c.object), attributes: array(c.attributes),
                tags: (0..<c.tags.count).map { string(c.tags.items[$0]) }, rights: c.rights,
                status: Int(c.status), isUnchanged: c.flags & UInt32(KMS_OBJECT_UNCHANGED) != 0)
        }
        return TestPage(
            items: items, cursor: array(out.cursor), total: out.total,
            isInexact: out.flags & UInt32(KMS_OBJECTS_INEXACT) != 0)
    }

    @discardableResult
    func apply(_ writes: [TestWrite], _ settings: Call = Call()) throws(TestFailure) -> [Int] {
        let scratch = Scratch()
        let c = writes.map { write in
            var c = kms_write()
            c.op = write.op.rawValue
            c.flags = UInt32(write.flags)
            c.batch = write.batch
            c.parts = UInt32(write.parts)
            c.user = scratch.text(write.user)
            c.rights = write.rights
            c.expected_revision = write.expectedRevision
            c.expected_owner = scratch.text(write.expectedOwner)
            c.object.uid = scratch.text(write.object.uid)
            c.object.owner = scratch.text(write.object.owner)
            c.object.type = write.object.type
            c.object.state = write.object.state
            c.object.revision = write.object.revision
            c.object.object = scratch.bytes(write.object.object)
            c.object.attributes = scratch.bytes(write.object.attributes)
            c.object.tags = scratch.texts(write.object.tags)
            c.object.terms = UnsafePointer(
                scratch.array(
                    write.terms.map {
                        kms_term(
                            path: scratch.text($0.path), value: scratch.value($0.value),
                            flags: $0.isUnique ? UInt32(KMS_TERM_UNIQUE) : 0, reserved: 0)
                    }))
            c.object.term_count = write.terms.count
            return c
        }
        let out = scratch.array(Array(repeating: kms_written(), count: writes.count))
        try Self.call(settings) {
            Driver.table.apply(handle, $0, scratch.array(c), c.count, out, $1)
        }
        return writes.indices.map { Int(out[$0].status) }
    }

    func grants(
        uid: String = "", who: [String] = [], limit: Int = 1000, cursor: [UInt8] = []
    ) throws(TestFailure) -> (items: [TestGrant], cursor: [UInt8]) {
        let scratch = Scratch()
        var c = kms_grants_query()
        c.struct_size = UInt32(MemoryLayout<kms_grants_query>.size)
        c.limit = UInt32(limit)
        c.uid = scratch.text(uid)
        c.who = scratch.texts(who)
        c.cursor = scratch.bytes(cursor)
        var out = kms_grants()
        out.struct_size = UInt32(MemoryLayout<kms_grants>.size)
        try Self.call { Driver.table.grants(handle, $0, &c, &out, $1) }
        defer { out.owner.release?(out.owner.owner) }
        let items = (0..<out.count).map { index in
            let c = out.items[index]
            return TestGrant(
                uid: string(c.uid), user: string(c.user), owner: string(c.owner),
                rights: c.rights, state: c.state, type: c.type)
        }
        return (items, array(out.cursor))
    }

    func changes(
        since token: [UInt8], _ settings: Call = Call()
    ) throws(TestFailure) -> (uids: [String], token: [UInt8], isLost: Bool) {
        let scratch = Scratch()
        var out = kms_changes()
        out.struct_size = UInt32(MemoryLayout<kms_changes>.size)
        try Self.call(settings) {
            Driver.table.changes(handle, $0, scratch.bytes(token), &out, $1)
        }
        defer { out.owner.release?(out.owner.owner) }
        return (
            (0..<out.count).map { string(out.uids[$0]) }, array(out.token),
            out.flags & UInt32(KMS_CHANGES_LOST) != 0
        )
    }

    func statistics() throws -> [String: Double] {
        var out = kms_statistics()
        out.struct_size = UInt32(MemoryLayout<kms_statistics>.size)
        try Self.call { Driver.table.statistics(handle, $0, &out, $1) }
        defer { out.owner.release?(out.owner.owner) }
        return Dictionary(
            uniqueKeysWithValues: (0..<out.count).map {
                (String(cString: out.items[$0].name), out.items[$0].value)
            })
    }
}
