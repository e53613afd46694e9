import PluginABI
import PluginLoader
import Synchronization

/// An open handle of the driver. Closed once, at the latest when its case ends.
final class Handle: Sendable {
    // The driver's, usable from any thread until `close`.
    nonisolated(unsafe) let pointer: OpaquePointer
    let table: kms_database_driver
    let findings: Findings
    private let isClosed = Atomic(false)

    init(_ pointer: OpaquePointer, _ table: kms_database_driver, _ findings: Findings) {
        self.pointer = pointer
        self.table = table
        self.findings = findings
    }

    /// No call may be in flight. A second call does nothing.
    func close() {
        guard !isClosed.exchange(true, ordering: .sequentiallyConsistent) else { return }
        table.close(pointer)
    }
}

/// The functions of an open database, as cases call them. Every answer is checked against what the
/// contract says of all answers; a failure is thrown as ``CallFailed``. What begins with `holding`
/// leaves the result with the caller.
struct Database: Sendable {
    let handle: Handle
    var options = CallOptions()

    /// The same handle, called in another way.
    func with(_ change: (inout CallOptions) -> Void) -> Database {
        var copy = self
        change(&copy.options)
        return copy
    }
    /// Calls that must not wait.
    var inline: Database { with { $0.isInline = true } }
    /// Calls whose deadline passed long ago.
    var late: Database { with { $0.deadline = 1 } }
    /// Calls that wait for a second at most.
    var soon: Database { with { $0.deadline = monotonicNanoseconds() + 1_000_000_000 } }
    func cancelled(by cancellation: Cancellation) -> Database {
        with { $0.cancellation = cancellation }
    }
    func timed(by stopwatch: Stopwatch) -> Database { with { $0.stopwatch = stopwatch } }

    func close() { handle.close() }

    private var table: kms_database_driver { handle.table }
    private var calling: Calling { Calling(findings: handle.findings) }
    private func reader(_ function: Function) -> ResultReader {
        ResultReader(function: function, findings: handle.findings)
    }

    /// The function as it stands in the table; one that is not there answers `KMS_UNSUPPORTED`.
    private func needed<F>(_ pointer: F?, _ function: Function) throws -> F {
        guard let pointer else {
            throw CallFailed(
                function: function, status: .unsupported, message: "the driver has none")
        }
        return pointer
    }

    // MARK: The database as a whole

    func health() throws {
        let health = try needed(table.health, .health)
        try calling.perform(.health, options, Inputs()) { health(handle.pointer, $0, $1) }
    }

    func cancel(_ id: UInt64) { table.cancel?(handle.pointer, id) }

    func context() throws -> Context {
        let context = try needed(table.context, .context)
        let out = try calling.fill(.context, options, Inputs(), as: kms_context.self) {
            context(handle.pointer, $0, $1, $2)
        }
        return reader(.context).context(out)
    }

    func migrate() throws {
        let migrate = try needed(table.migrate, .migrate)
        try calling.perform(.migrate, options, Inputs()) { migrate(handle.pointer, $0, $1) }
    }

    func plan() throws -> [String] { try holdingPlan().take() }

    func holdingPlan() throws -> Held<[String]> {
        let plan = try needed(table.plan, .plan)
        let out = try calling.fill(.plan, options, Inputs(), as: kms_texts.self) {
            plan(handle.pointer, $0, $1, $2)
        }
        let reader = reader(.plan)
        return Held(out.owner) { reader.texts(out) }
    }

    func clear(force: Bool) throws {
        let clear = try needed(table.clear, .clear)
        try calling.perform(.clear, options, Inputs()) { clear(handle.pointer, $0, force, $1) }
    }

    func statistics() throws -> [Statistic] { try holdingStatistics().take() }

    func holdingStatistics() throws -> Held<[Statistic]> {
        let statistics = try needed(table.statistics, .statistics)
        let out = try calling.fill(.statistics, options, Inputs(), as: kms_statistics.self) {
            statistics(handle.pointer, $0, $1, $2)
        }
        let reader = reader(.statistics)
        return Held(out.owner) { reader.statistics(out) }
    }

    // MARK: Objects and grants

    func get(_ gets: [Get]) throws -> Objects { try holdingGet(gets).take() }

    func holdingGet(_ gets: [Get]) throws -> Held<Objects> {
        let get = try needed(table.get, .get)
        let inputs = Inputs()
        let items = try inputs.gets(gets)
        let out = try calling.fill(.get, options, inputs, as: kms_objects.self) {
            get(handle.pointer, $0, items, gets.count, $1, $2)
        }
        let reader = reader(.get)
        return reader.held(out) {
            let objects = reader.objects(out, most: gets.count)
            reader.check(objects, answer: gets)
            return objects
        }
    }

    func query(_ asked: Query) throws -> Objects { try holdingQuery(asked).take() }

    func holdingQuery(_ asked: Query) throws -> Held<Objects> {
        let query = try needed(table.query, .query)
        let inputs = Inputs()
        let request = try inputs.query(asked)
        let out = try calling.fill(.query, options, inputs, as: kms_objects.self) {
            query(handle.pointer, $0, request, $1, $2)
        }
        let reader = reader(.query)
        return reader.held(out) { reader.objects(out, most: Int(asked.limit)) }
    }

    func grants(_ asked: GrantsQuery) throws -> Grants { try holdingGrants(asked).take() }

    func holdingGrants(_ asked: GrantsQuery) throws -> Held<Grants> {
        let grants = try needed(table.grants, .grants)
        let inputs = Inputs()
        let request = try inputs.grantsQuery(asked)
        let out = try calling.fill(.grants, options, inputs, as: kms_grants.self) {
            grants(handle.pointer, $0, request, $1, $2)
        }
        let reader = reader(.grants)
        return Held(out.owner) { reader.grants(out, most: Int(asked.limit)) }
    }

    func changes(since token: [UInt8]) throws -> Changes { try holdingChanges(token).take() }

    func holdingChanges(_ token: [UInt8]) throws -> Held<Changes> {
        let changes = try needed(table.changes, .changes)
        let inputs = Inputs()
        let bytes = try inputs.bytes(token)
        let out = try calling.fill(.changes, options, inputs, as: kms_changes.self) {
            changes(handle.pointer, $0, bytes, $1, $2)
        }
        let reader = reader(.changes)
        return Held(out.owner) { reader.changes(out) }
    }

    /// One call; the outcomes of its batches are checked to be whole.
    func apply(_ writes: [Write]) throws -> [Written] {
        let apply = try needed(table.apply, .apply)
        let inputs = Inputs()
        let items = try inputs.writes(writes)
        var out = [kms_written](
            repeating: kms_written(status: Self.unset, flags: 0), count: writes.count)
        do {
            try calling.perform(.apply, options, inputs) { call, error in
                // The driver fills `count` slots.
                out.withUnsafeMutableBufferPointer {
                    apply(handle.pointer, call, items, writes.count, $0.baseAddress, error)
                }
            }
        } catch {
            if out.contains(where: { $0.status != Self.unset || $0.flags != 0 }) {
                reader(.apply).note("the call failed and yet wrote outcomes")
            }
            throw error
        }
        let written = out.map { Written(status: Status(rawValue: $0.status), flags: $0.flags) }
        check(written, of: writes)
        return written
    }

    /// What no driver writes.
    private static let unset: Int32 = 0x5A5A_5A5A

    private func check(_ written: [Written], of writes: [Write]) {
        let reader = reader(.apply)
        if written.contains(where: { $0.status.rawValue == Self.unset }) {
            return reader.note("an item has no outcome")
        }
        var start = writes.startIndex
        while start < writes.endIndex {
            let end =
                writes[start...].firstIndex { $0.batch != writes[start].batch } ?? writes.endIndex
            let statuses = written[start..<end].map(\.status)
            start = end
            if statuses.allSatisfy({ $0 == .ok }) { continue }
            if statuses.contains(.ok) {
                reader.note("a batch says of some items that they are written and of others not")
            }
            if !statuses.contains(where: { $0 != .ok && $0 != .aborted }) {
                reader.note("a batch was rolled back and no item says why")
            }
            if let odd = statuses.first(where: { !$0.isKnown || $0 == .wouldBlock }) {
                reader.note("an item has status \(odd)")
            }
        }
    }
}
