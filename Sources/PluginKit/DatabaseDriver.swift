/// A database driver: an open database that any thread may use at any time.
///
/// Conform a final class, describe it with a ``Plugin``, and export the entry:
///
/// ```swift
/// let plugin = Plugin(describing: description, database: OracleDriver.self)
///
/// @c(kms_plugin_entry)
/// public func entry(hostMajor: UInt16) -> PluginTable? { plugin.table(forHostMajor: hostMajor) }
/// ```
///
/// What each function must do is said in `kms/database.h`, function by function. Three rules hold
/// for all of them:
/// - Borrowed inputs (``BorrowedText``, ``BorrowedBytes`` and everything that holds them) are valid
///   until the function returns. Copy what you keep.
/// - Builders copy what they are given, so a column may be passed on as it lies in the client
///   library's memory.
/// - A thrown ``DriverFailure`` is the outcome of the whole call; what a builder holds is dropped.
///
/// Functions that a driver leaves out answer `KMS_UNSUPPORTED`.
public protocol DatabaseDriver: AnyObject, Sendable {
    /// Functions that understand ``Call/isInline``.
    static var quick: QuickFunctions { get }

    /// How many `apply` calls at once are of use; 0: as many as the host has.
    static var writers: UInt32 { get }

    /// Connects and checks credentials; creates no schema.
    static func open(
        _ options: OpenOptions, host: Host, call: Call
    ) throws(DriverFailure) -> Self

    /// Ends the use of the database: no call is in flight, none follows.
    func close()

    /// One cheap round trip that a write would also need.
    func health(_ call: Call) throws(DriverFailure)

    /// Interrupts the call with this id; too late is fine. Must not block.
    func cancel(_ callID: UInt64)

    /// Tells what the schema is and who made it; answers in every state.
    func context(_ call: Call) throws(DriverFailure) -> SchemaContext

    /// Brings the schema up to date: idempotent, and resumable after a crash in its middle.
    func migrate(_ call: Call) throws(DriverFailure)

    /// The statements that ``migrate(_:)`` would run now; none when the schema is as it should be.
    func plan(_ call: Call) throws(DriverFailure) -> [String]

    /// Deletes all objects, tags and grants; the schema stays.
    func clear(_ call: Call, _ others: OtherHosts) throws(DriverFailure)

    /// Retrieves objects with the caller's rights: one item for each request, in their order.
    func get(
        _ requests: GetRequests, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure)

    /// Locate: a page of what the filter matches and the callers may see.
    func query(
        _ query: Query, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure)

    /// Every write. Each batch is atomic, alone, and durable when its outcomes are ``Status/ok``.
    func apply(
        _ writes: Writes, _ call: Call, into outcomes: inout Outcomes
    ) throws(DriverFailure)

    /// Lists grants, a page at a time, in an order that is stable across pages.
    func grants(
        _ query: GrantsQuery, _ call: Call, into grants: inout GrantsBuilder
    ) throws(DriverFailure)

    /// Waits for changes since `token`, until the deadline, which is an answer and no failure. An
    /// empty token asks for the current one.
    func changes(
        since token: BorrowedBytes, _ call: Call, into changes: inout ChangesBuilder
    ) throws(DriverFailure)

    /// Counters and gauges that are at hand.
    func statistics(_ call: Call) throws(DriverFailure) -> [Statistic]
}

extension DatabaseDriver {
    public static var quick: QuickFunctions { [] }
    public static var writers: UInt32 { 0 }
    public func health(_ call: Call) throws(DriverFailure) { throw .unsupported }
    public func cancel(_ callID: UInt64) {}
    public func context(_ call: Call) throws(DriverFailure) -> SchemaContext { throw .unsupported }
    public func migrate(_ call: Call) throws(DriverFailure) { throw .unsupported }
    public func plan(_ call: Call) throws(DriverFailure) -> [String] { throw .unsupported }
    public func clear(_ call: Call, _ others: OtherHosts) throws(DriverFailure) {
        throw .unsupported
    }
    public func get(
        _ requests: GetRequests, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) { throw .unsupported }
    public func query(
        _ query: Query, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) { throw .unsupported }
    public func apply(
        _ writes: Writes, _ call: Call, into outcomes: inout Outcomes
    ) throws(DriverFailure) { throw .unsupported }
    public func grants(
        _ query: GrantsQuery, _ call: Call, into grants: inout GrantsBuilder
    ) throws(DriverFailure) { throw .unsupported }
    public func changes(
        since token: BorrowedBytes, _ call: Call, into changes: inout ChangesBuilder
    ) throws(DriverFailure) { throw .unsupported }
    public func statistics(_ call: Call) throws(DriverFailure) -> [Statistic] {
        throw .unsupported
    }
}

/// Whether `clear` goes on when another host has the database open.
public enum OtherHosts: Sendable {
    /// Refuse with ``Status/conflict``.
    case respect
    case ignore
}
