import PluginKit

/// A connection over a network, which may break at any time; all that ``ServerDriver`` needs of an
/// engine that has servers.
package protocol NetworkConnection: SQLConnection, SendableMetatype {
    /// For messages, such as "PostgreSQL".
    static var engine: String { get }
    static var dialect: Dialect { get }

    /// Judges the options and returns what makes connections as they say; connects to nothing yet.
    static func connector(
        _ options: OpenOptions, host: Host, isReadOnly: Bool
    ) throws(DriverFailure) -> ConnectionPool<Self>.Connect

    /// Whether the same writes, done again at once, will probably succeed: two transactions met, and
    /// the server undid this one.
    static func isCollision(_ failure: DriverFailure) -> Bool

    /// Product and version of the server.
    var serverVersion: String { get }
    /// Ends the waits of the call that uses the connection.
    var watch: CallWatch { get }
    /// It, or the server behind it, is of no more use.
    var isSpent: Bool { get }
    /// As far as can be told without a round trip. Only between calls.
    var isUsable: Bool { get }
    /// After the watch has begun a call.
    func beginCall() throws(DriverFailure)
    /// Sends what is still to be sent; waits for nothing.
    func endCall()
    func close()

    /// Waits until all that was committed before is as durable as the server's settings want it.
    func confirmCommits() throws(DriverFailure)

    /// Asks the server to be told of changes, if it can tell. Often is as good as once.
    func listen() throws(DriverFailure)
    /// Waits until the server tells of a change, or until it is time to look for one.
    func waitForNews() throws(DriverFailure)
}

extension NetworkConnection {
    /// What can be seen is durable.
    package func confirmCommits() throws(DriverFailure) {}
}
