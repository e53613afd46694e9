import PluginKit

/// Prepared statements by text, for texts that the request shapes. Bounded: the statement that
/// was not used for longest makes room.
struct StatementCache<Statement: SQLStatement> {
    static var capacity: Int { 48 }

    private var entries: [String: (statement: Statement, used: UInt64)] = [:]
    private var clock: UInt64 = 0

    mutating func statement(
        _ text: String, prepare: (String) throws(DriverFailure) -> Statement
    ) throws(DriverFailure) -> Statement {
        clock &+= 1
        if let statement = entries[text]?.statement {
            entries[text]?.used = clock
            return statement
        }
        if entries.count >= Self.capacity,
            let oldest = entries.min(by: { $0.value.used < $1.value.used })
        {
            entries[oldest.key] = nil
        }
        let statement = try prepare(text)
        entries[text] = (statement, clock)
        return statement
    }
}
