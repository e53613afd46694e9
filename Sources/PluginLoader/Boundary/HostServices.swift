/// What the host lends to its drivers (`kms_host`). Drivers use all of it from any thread.
public struct HostServices: Sendable {
    /// `kms_log_level`.
    public enum LogLevel: UInt32, Sendable, Comparable, CaseIterable {
        case trace, debug, info, warning, fault

        public static func < (left: LogLevel, right: LogLevel) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// The program: `kmsd`.
    public var name: String
    /// Its version. A driver's `migrate` writes it into the database.
    public var version: String
    /// Writes a line. The message is escaped already and repeats are limited.
    public var log:
        @Sendable (
            _ level: LogLevel, _ plugin: String, _ traceID: String?, _ message: String
        ) -> Void
    /// Whether a line of this level would be kept.
    public var isLogEnabled: @Sendable (LogLevel) -> Bool
    /// Fills the buffer from the approved generator. False when it cannot: never weak bytes.
    public var random: @Sendable (UnsafeMutableRawBufferPointer) -> Bool
    /// The wall clock in microseconds since the Unix epoch; tests replace it.
    public var unixMicroseconds: @Sendable () -> Int64

    public init(
        name: String, version: String,
        log: @escaping @Sendable (LogLevel, String, String?, String) -> Void,
        isLogEnabled: @escaping @Sendable (LogLevel) -> Bool,
        random: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Bool,
        unixMicroseconds: @escaping @Sendable () -> Int64
    ) {
        self.name = name
        self.version = version
        self.log = log
        self.isLogEnabled = isLogEnabled
        self.random = random
        self.unixMicroseconds = unixMicroseconds
    }
}
