import PluginABI
import Secrets

/// An open database as plain functions that run on the thread that calls them.
///
/// Each builds the request, makes the call and copies the answer. Who may call, when and how
/// often, is decided by ``CallPool``; `close` comes after the last call.
final class OpenHandle: @unchecked Sendable {  // the contract allows calls from any thread
    private let table: DatabaseTable
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer, of table: DatabaseTable) {
        self.handle = handle
        self.table = table
    }

    var name: String { mark.name }
    private var mark: DriverMark { table.mark }

    /// Whether the driver lists the function (`KMS_QUICK_*`) as one that may be called inline.
    func isQuick(_ function: Int) -> Bool { table.driver.quick & UInt32(function) != 0 }

    func close() { mark.running("close") { table.close(handle) } }

    func cancel(_ id: UInt64) { mark.running("cancel") { table.driver.cancel?(handle, id) } }

    // MARK: Reading

    func get(_ request: GetRequest, _ plan: CallPlan) throws(DriverError) -> ObjectRecord {
        try get(CollectionOfOne(request), plan) { items, reader throws(DriverError) in
            try reader.object(items[0], for: request)
        }
    }

    /// One outcome for each request: a wrong answer about one object spoils no other.
    func get(
        _ requests: [GetRequest], _ plan: CallPlan
    ) throws(DriverError) -> [Result<ObjectRecord, DriverError>] {
        try get(requests, plan) { items, reader in
            zip(items, requests).map { item, request in
                Result { () throws(DriverError) in try reader.object(item, for: request) }
            }
        }
    }

    private func get<R>(
        _ requests: some Collection<GetRequest>, _ plan: CallPlan,
        _ read: (UnsafeBufferPointer<kms_object>, ResultReader) throws(DriverError) -> R
    ) throws(DriverError) -> R {
        guard let call = table.driver.get else { throw unsupported("get") }
        let size = try Arena.measure { _ = $0.gets(requests) }
        return try Arena.lend(size, { $0.gets(requests) }) { items throws(DriverError) in
            var result: kms_objects = Tables.empty()
            try plan.perform("get", of: mark) {
                call(handle, $0, items, requests.count, &result, $1)
            }
            let reader = ResultReader(driver: mark, function: "get")
            return try reader.reading(result.owner) { () throws(DriverError) in
                guard result.count == requests.count else {
                    throw reader.fault("\(result.count) objects for \(requests.count)")
                }
                return try read(
                    try reader.items(result.items, result.count, most: requests.count), reader)
            }
        }
    }

    func query(_ query: Query, _ plan: CallPlan) throws(DriverError) -> ObjectPage {
        guard let call = table.driver.query else { throw unsupported("query") }
        let size = try Arena.measure { _ = $0.query(query) }
        return try Arena.lend(size, { $0.query(query) }) { request throws(DriverError) in
            var request = request
            var result: kms_objects = Tables.empty()
            result.total = -1
            try plan.perform("query", of: mark) { call(handle, $0, &request, &result, $1) }
            let reader = ResultReader(driver: mark, function: "query")
            return try reader.reading(result.owner) { () throws(DriverError) in
                try reader.page(result, of: query)
            }
        }
    }

    func grants(_ query: GrantsQuery, _ plan: CallPlan) throws(DriverError) -> GrantsPage {
        guard let call = table.driver.grants else { throw unsupported("grants") }
        let size = try Arena.measure { _ = $0.grantsQuery(query) }
        return try Arena.lend(size, { $0.grantsQuery(query) }) { request throws(DriverError) in
            var request = request
            var result: kms_grants = Tables.empty()
            try plan.perform("grants", of: mark) { call(handle, $0, &request, &result, $1) }
            let reader = ResultReader(driver: mark, function: "grants")
            return try reader.reading(result.owner) { () throws(DriverError) in
                try reader.grants(result, of: query)
            }
        }
    }

    // MARK: Writing

    /// Writes batches in one call: the outcome of each. Throws when none was decided.
    func apply(
        _ batches: [[Write]], _ plan: CallPlan
    ) throws(DriverError) -> [Result<Void, DriverError>] {
        guard let call = table.driver.apply else { throw unsupported("apply") }
        let writes = batches.flatMap { $0 }
        // A slot that the driver forgets must not read as KMS_OK, which is 0.
        var outcomes = [kms_written](
            repeating: kms_written(status: -1, flags: 0), count: writes.count)
        let size = try Arena.measure { _ = $0.writes(batches) }
        try Arena.lend(size, { $0.writes(batches) }) { items throws(DriverError) in
            try Self.lendSecrets(writes, items, from: 0) { () throws(DriverError) in
                try plan.perform("apply", of: mark) { frame, error in
                    outcomes.withUnsafeMutableBufferPointer { slots in
                        call(
                            handle, frame, UnsafePointer(items), writes.count, slots.baseAddress,
                            error)
                    }
                }
            }
        }
        var rest = outcomes[...]
        return batches.map { batch in
            defer { rest = rest.dropFirst(batch.count) }
            let items = rest.prefix(batch.count).map {
                WriteOutcome(code: $0.status, flags: $0.flags)
            }
            return WriteOutcome.ofBatch(items, driver: name)
        }
    }

    /// What a batch adds to a call, in bytes, keys included. Throws when it exceeds a limit.
    static func size(of batch: [Write]) throws(DriverError) -> Int {
        let secrets = batch.reduce(0) { $0 + ($1.secret?.count ?? 0) }
        return try Arena.measure { _ = $0.writes([batch]) } + secrets
    }

    /// What gets add to a call, in bytes. Throws when one exceeds a limit.
    static func size(of requests: [GetRequest]) throws(DriverError) -> Int {
        try Arena.measure { _ = $0.gets(requests) }
    }

    /// Points writes at their key bytes for the duration of `body`. One level of the stack for
    /// each key, of which a call has at most ``Limits/gathered``.
    private static func lendSecrets(
        _ writes: [Write], _ items: UnsafeMutablePointer<kms_write>?, from index: Int,
        _ body: () throws(DriverError) -> Void
    ) throws(DriverError) {
        var index = index
        while index < writes.count {
            if let secret = writes[index].secret {
                return try secret.withExposedBytes { span throws(DriverError) in
                    try span.withUnsafeBytes { bytes throws(DriverError) in
                        items?[index].object.object = kms_bytes(
                            data: bytes.bindMemory(to: UInt8.self).baseAddress, size: bytes.count)
                        try lendSecrets(writes, items, from: index + 1, body)
                    }
                }
            }
            index += 1
        }
        try body()
    }

    // MARK: Schema and state

    func context(_ plan: CallPlan) throws(DriverError) -> DatabaseContext {
        guard let call = table.driver.context else { throw unsupported("context") }
        var result: kms_context = Tables.empty()
        try plan.perform("context", of: mark) { call(handle, $0, &result, $1) }
        return try ResultReader(driver: mark, function: "context").context(result)
    }

    func migrate(_ plan: CallPlan) throws(DriverError) {
        guard let call = table.driver.migrate else { throw unsupported("migrate") }
        try plan.perform("migrate", of: mark) { call(handle, $0, $1) }
    }

    func plan(_ plan: CallPlan) throws(DriverError) -> [String] {
        guard let call = table.driver.plan else { throw unsupported("plan") }
        var result: kms_texts = Tables.empty()
        try plan.perform("plan", of: mark) { call(handle, $0, &result, $1) }
        let reader = ResultReader(driver: mark, function: "plan")
        return try reader.reading(result.owner) { () throws(DriverError) in try reader.texts(result)
        }
    }

    func clear(force: Bool, _ plan: CallPlan) throws(DriverError) {
        guard let call = table.driver.clear else { throw unsupported("clear") }
        try plan.perform("clear", of: mark) { call(handle, $0, force, $1) }
    }

    func health(_ plan: CallPlan) throws(DriverError) {
        guard let call = table.driver.health else { throw unsupported("health") }
        try plan.perform("health", of: mark) { call(handle, $0, $1) }
    }

    func statistics(_ plan: CallPlan) throws(DriverError) -> [Statistic] {
        guard let call = table.driver.statistics else { throw unsupported("statistics") }
        var result: kms_statistics = Tables.empty()
        try plan.perform("statistics", of: mark) { call(handle, $0, &result, $1) }
        let reader = ResultReader(driver: mark, function: "statistics")
        return try reader.reading(result.owner) { () throws(DriverError) in
            try reader.statistics(result)
        }
    }

    func changes(since token: [UInt8], _ plan: CallPlan) throws(DriverError) -> Changes {
        guard let call = table.driver.changes else { throw unsupported("changes") }
        let build = { (arena: inout Arena) in
            arena.bytes(token, most: Limits.changeToken, "token")
        }
        let size = try Arena.measure { _ = build(&$0) }
        return try Arena.lend(size, build) { token throws(DriverError) in
            var result: kms_changes = Tables.empty()
            try plan.perform("changes", of: mark) { call(handle, $0, token, &result, $1) }
            let reader = ResultReader(driver: mark, function: "changes")
            return try reader.reading(result.owner) { () throws(DriverError) in
                try reader.changes(result)
            }
        }
    }

    private func unsupported(_ function: StaticString) -> DriverError {
        DriverError(status: .unsupported, message: "\(name): the driver has no \(function)")
    }
}

extension Write {
    fileprivate var secret: SecretBytes? {
        switch operation {
        case .create(let new), .update(let new, _): new.object
        default: nil
        }
    }
}
