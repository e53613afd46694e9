import PluginABI

/// An open database: what the host calls.
///
/// What the driver answers from what is at hand runs on the thread of the caller; what may wait
/// runs on threads of the handle, and gets and writes that wait together share a call. Every wait
/// ends at its deadline or when the task is cancelled. Errors are facts for the log; a
/// ``DriverError/isInDoubt`` write may have been committed.
public final class Database: Sendable {
    /// The path of the driver's library, for messages.
    public let driver: String
    private let handle: OpenHandle
    private let pool: CallPool
    /// `changes` waits for most of its life and does not count as a call in flight.
    private let listening: CallPool
    private let quickGet: Bool, quickQuery: Bool, quickGrants: Bool
    private let quick: QuickTrust
    private let closing: Closing

    init(
        _ handle: OpenHandle, driver: String, pool: CallPool, hangs: Hangs, quick: QuickTrust,
        closed: @escaping @Sendable () -> Void
    ) {
        self.driver = driver
        self.handle = handle
        self.pool = pool
        self.quick = quick
        listening = CallPool(name: "kms-changes", concurrency: 1, writers: 0, hangs: hangs)
        quickGet = handle.isQuick(Int(KMS_QUICK_GET))
        quickQuery = handle.isQuick(Int(KMS_QUICK_QUERY))
        quickGrants = handle.isQuick(Int(KMS_QUICK_GRANTS))
        closing = Closing(handle, [pool, listening], closed)
    }

    deinit { closing.begin() }

    /// Requests that wait for a call, for metrics.
    public var waiting: Int { pool.waiting }

    // MARK: Data

    /// Reads one object. One that is missing has the status `.notFound`, and its rights.
    nonisolated(nonsending) public func get(
        _ request: GetRequest, deadline: Deadline
    ) async throws(DriverError) -> ObjectRecord {
        if quickGet,
            let record = try inline(
                deadline,
                { plan throws(DriverError) in
                    try handle.get(request, plan)
                })
        {
            return record
        }
        let records = try await pool.perform(try GetTicket([request], handle, deadline))
        guard let record = records.first else {
            throw DriverError(
                status: .internalError, message: "\(handle.name): get answered nothing")
        }
        return record
    }

    /// Reads objects, in the order asked.
    nonisolated(nonsending) public func get(
        _ requests: [GetRequest], deadline: Deadline
    ) async throws(DriverError) -> [ObjectRecord] {
        var records: [ObjectRecord] = []
        var rest = requests[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(Limits.gathered))
            rest = rest.dropFirst(some.count)
            if quickGet,
                let quick = try inline(
                    deadline,
                    { plan throws(DriverError) in
                        try handle.get(some, plan)
                    })
            {
                for record in quick { records.append(try record.get()) }
            } else {
                records += try await pool.perform(try GetTicket(some, handle, deadline))
            }
        }
        return records
    }

    /// Searches objects, a page at a time.
    nonisolated(nonsending) public func query(
        _ query: Query, deadline: Deadline
    ) async throws(DriverError) -> ObjectPage {
        if quickQuery,
            let page = try inline(
                deadline,
                { plan throws(DriverError) in
                    try handle.query(query, plan)
                })
        {
            return page
        }
        return try await onPool("query", deadline) { handle, plan throws(DriverError) in
            try handle.query(query, plan)
        }
    }

    /// Searches grants, a page at a time.
    nonisolated(nonsending) public func grants(
        _ query: GrantsQuery, deadline: Deadline
    ) async throws(DriverError) -> GrantsPage {
        if quickGrants,
            let page = try inline(
                deadline,
                { plan throws(DriverError) in
                    try handle.grants(query, plan)
                })
        {
            return page
        }
        return try await onPool("grants", deadline) { handle, plan throws(DriverError) in
            try handle.grants(query, plan)
        }
    }

    /// Writes a batch of 1 to 100, all or none, durable when it returns. The error has the status
    /// of the item at fault, and its number in ``DriverError/failedItem``.
    nonisolated(nonsending) public func apply(
        _ batch: [Write], deadline: Deadline
    ) async throws(DriverError) {
        guard (1...Limits.batch).contains(batch.count) else {
            throw DriverError(
                status: .invalid,
                message: "a batch of \(batch.count) writes is not in 1...\(Limits.batch)")
        }
        let ticket = try ApplyTicket(batch, handle, deadline)
        guard ticket.bytes <= Limits.call else {
            throw DriverError(
                status: .invalid,
                message: "a batch of \(ticket.bytes) bytes, at most \(Limits.call)")
        }
        try await pool.perform(ticket)
    }

    // MARK: Schema and state

    /// Where the schema stands.
    public func context(deadline: Deadline = .none) async throws(DriverError) -> DatabaseContext {
        try await onPool("context", deadline) { handle, plan throws(DriverError) in
            try handle.context(plan)
        }
    }

    /// Brings the schema to what the driver writes. Idempotent and resumable.
    public func migrate(deadline: Deadline = .none) async throws(DriverError) {
        try await onPool("migrate", deadline) { handle, plan throws(DriverError) in
            try handle.migrate(plan)
        }
    }

    /// The statements that ``migrate(deadline:)`` would run now.
    public func plan(deadline: Deadline = .none) async throws(DriverError) -> [String] {
        try await onPool("plan", deadline) { handle, plan throws(DriverError) in
            try handle.plan(plan)
        }
    }

    /// Deletes everything.
    ///
    /// - Parameter force: Also when another host has the database open (else `.conflict`).
    public func clear(force: Bool, deadline: Deadline = .none) async throws(DriverError) {
        try await onPool("clear", deadline) { handle, plan throws(DriverError) in
            try handle.clear(force: force, plan)
        }
    }

    /// One cheap round trip that a write would also need. Throws at once while calls that hang are in
    /// the way of reads or writes.
    public func health(deadline: Deadline = .none) async throws(DriverError) {
        if let obstacle = pool.obstacle { throw obstacle }
        try await onPool("health", deadline) { handle, plan throws(DriverError) in
            try handle.health(plan)
        }
    }

    /// Numbers for metrics.
    public func statistics(deadline: Deadline = .none) async throws(DriverError) -> [Statistic] {
        try await onPool("statistics", deadline) { handle, plan throws(DriverError) in
            try handle.statistics(plan)
        }
    }

    /// Waits for changes made by any host since `token`, at most until the deadline, which is then
    /// an answer without uids. An empty token asks for the current one. One call at a time.
    public func changes(
        since token: [UInt8], deadline: Deadline = .none
    ) async throws(DriverError) -> Changes {
        try await onPool("changes", deadline, listening) { handle, plan throws(DriverError) in
            try handle.changes(since: token, plan)
        }
    }

    /// Takes no more calls, waits for those in flight, and closes the handle.
    public func close() async {
        await withCheckedContinuation { waiter in
            closing.whenOver { waiter.resume() }
            closing.begin()
        }
    }

    /// The same for a limited time.
    ///
    /// - Returns: False when a call, or the driver's own `close`, did not return by then. The handle
    ///   stays open, and the process can only end without closing it.
    public func close(within limit: Duration) async -> Bool {
        let outcome = Reply<Bool>()
        return await withTaskGroup(of: Void.self) { group in
            closing.whenOver { outcome.deliver(.success(true)) }
            closing.begin()
            group.addTask {
                // Cancelled when the handle was closed: then the answer has been given.
                try? await Task.sleep(for: limit)
                outcome.deliver(.success(false))
            }
            let isClosed = await outcome.result()
            group.cancelAll()
            return (try? isClosed.get()) ?? false
        }
    }

    // MARK: Ways to call

    /// Calls on this thread; nil when the call has to be made on the pool.
    @inline(__always)
    private func inline<R>(
        _ deadline: Deadline, _ call: (CallPlan) throws(DriverError) -> R
    ) throws(DriverError) -> R? {
        if deadline.hasPassed { throw DriverError(status: .deadline) }
        if quick.isLost { return nil }
        do throws(DriverError) {
            return try pool.inline { () throws(DriverError) in
                try call(CallPlan(state: nil, deadline: deadline, traceID: TraceID.current))
            }
        } catch {
            if error.status == .wouldBlock { return nil }
            throw error
        }
    }

    nonisolated(nonsending) private func onPool<Answer: Sendable>(
        _ function: StaticString, _ deadline: Deadline, _ pool: CallPool? = nil,
        _ call: @escaping @Sendable (OpenHandle, CallPlan) throws(DriverError) -> Answer
    ) async throws(DriverError) -> Answer {
        let handle = handle
        let traceID = TraceID.current
        let ticket = LoneTicket<Answer>(
            function, deadline: deadline, traceID: traceID, cancel: { handle.cancel($0) },
            call: { state, deadline throws(DriverError) in
                try call(handle, CallPlan(state: state, deadline: deadline, traceID: traceID))
            })
        return try await (pool ?? self.pool).perform(ticket)
    }
}
