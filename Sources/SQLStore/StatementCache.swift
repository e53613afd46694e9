import PluginKit

/// Prepared statements by text, for texts that the request shapes. Bounded: the statement that
/// was not used for longest makes room.
struct StatementCache<Statement: SQLStatement> {
    static var capacity: Int { 48 }

    /// A class, so that a hit hashes the text once.
    private final class Entry {
        let statement: Statement
        var used: UInt64

        init(_ statement: Statement, used: UInt64) {
            self.statement = statement
            self.used = used
        }
    }

    private var entries: [String: Entry] = [:]
    private var clock: UInt64 = 0

    mutating func statement(
        _ text: String, prepare: (String) throws(DriverFailure) -> Statement
    ) throws(DriverFailure) -> Statement {
        clock &+= 1
        if let entry = entries[text] {
            entry.used = clock
            return entry.statement
        }
        if entries.count >= Self.capacity,
            let oldest = entries.min(by: { $0.value.used < $1.value.used })
        {
            entries[oldest.key] = nil
        }
        let statement = try prepare(text)
        entries[text] = Entry(statement, used: clock)
        return statement
    }
}
