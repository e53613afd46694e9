import PluginKit

/// Judges the schema and brings it up to date.
///
/// An upgrade marks the database `upgrading`, runs the pending revisions in order, each statement in a
/// transaction of its own, notes each revision when its last statement is done, and marks the database
/// `ready`. Whoever is killed leaves `upgrading` behind, and the next one begins at the first statement
/// of the revision that was interrupted, which is harmless because each may be run twice. While it is
/// marked the lowest revision to know is the one it is on its way to: a server that does not know that
/// one can neither use nor finish it. Administrators may run the same statements by hand.
package struct Migrator<Connection: SQLConnection> {
    private let connection: Connection
    private let dialect: Dialect
    private let schema: Schema

    package init(_ connection: Connection, dialect: Dialect, schema: Schema) {
        self.connection = connection
        self.dialect = dialect
        self.schema = schema
    }

    /// The row of `context`.
    private struct Row {
        var version = ""
        var state = ""
        var revision: Int64 = 0
        var minimum: Int64 = 0
    }

    /// What is there now. `backend` is left to the driver.
    package func context() throws(DriverFailure) -> SchemaContext {
        var context = SchemaContext(state: .empty)
        try connection.begin(.read)
        do throws(DriverFailure) {
            context = try judge()
        } catch {
            connection.rollback()
            throw error
        }
        try connection.commit()
        return context
    }

    /// The statements that ``migrate(version:)`` would run; none when the schema is up to date.
    package func plan() throws(DriverFailure) -> [String] {
        let context = try context()
        switch context.state {
        case .ready: return []
        case .ahead, .foreign: throw refusal(context)
        case .empty, .behind, .upgrading: return upgrade(from: Int64(context.schema) ?? 0)
        }
    }

    /// Takes the lock, upgrades what is behind, and raises the version.
    package func migrate(version: String) throws(DriverFailure) {
        try connection.lockSchema()
        defer { connection.unlockSchema() }
        let context = try context()
        switch context.state {
        case .ahead, .foreign:
            throw refusal(context)
        case .ready:
            try writing { () throws(DriverFailure) in try raise(version: version) }
        case .empty, .behind, .upgrading:
            for statement in mark {
                try writing(.exclusive) { () throws(DriverFailure) in
                    try connection.execute(statement)
                }
            }
            for statement in steps(from: Int64(context.schema) ?? 0) {
                try writing { () throws(DriverFailure) in try connection.execute(statement) }
            }
            try writing { () throws(DriverFailure) in
                try raise(version: version)
                try connection.execute(finish)
            }
        }
    }

    private func upgrade(from revision: Int64) -> [String] {
        mark + steps(from: revision) + [finish]
    }

    /// From here on every call on the database fails, on every server.
    private var mark: [String] {
        [
            schema.createContext,
            "\(dialect.insertIfAbsent.before) context (id, version, state, schema_rev, min_rev, epoch) "
                + "VALUES (1, '', 'upgrading', 0, 0, 1)\(dialect.insertIfAbsent.after)",
            "UPDATE context SET state = 'upgrading', min_rev = \(schema.current) WHERE id = 1",
        ]
    }

    private func steps(from revision: Int64) -> [String] {
        schema.revisions.filter { $0.number > revision }.flatMap { revision in
            revision.statements
                + ["UPDATE context SET schema_rev = \(revision.number) WHERE id = 1"]
        }
    }

    private var finish: String {
        "UPDATE context SET state = 'ready', min_rev = \(schema.minimum) WHERE id = 1"
    }

    /// Never lowers it: the newest host that was here is what matters.
    private func raise(version: String) throws(DriverFailure) {
        guard let row = try row(), row.version.isEmpty || Version(row.version) < Version(version)
        else { return }
        let update = try connection.prepare(
            dialect.adapt("UPDATE context SET version = ? WHERE id = 1"))
        update.bind(1, copyingText: Array(version.utf8.prefix(31)))
        try update.run()
    }

    private func writing(
        _ mode: TransactionMode = .write, _ body: () throws(DriverFailure) -> Void
    ) throws(DriverFailure) {
        try connection.begin(mode)
        do throws(DriverFailure) {
            try body()
        } catch {
            connection.rollback()
            throw error
        }
        try connection.commit()
    }

    private func row() throws(DriverFailure) -> Row? {
        let statement = try connection.prepare(FixedStatement.context.text(dialect, schema.current))
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        return Row(
            version: String(statement.text(0)), state: String(statement.text(1)),
            revision: statement.integer(2), minimum: statement.integer(3))
    }

    private func judge() throws(DriverFailure) -> SchemaContext {
        let tables = try tableNames()
        var context = SchemaContext(state: .empty)
        context.supported = String(schema.current)
        guard !tables.isEmpty else { return context }
        guard tables.contains("context"), try isOurs() else {
            context.state = .foreign
            context.format = foreignFormat(tables)
            return context
        }
        guard let row = try row() else {
            context.state = .upgrading  // killed between its first two statements
            return context
        }
        context.version = row.version
        context.schema = String(row.revision)
        context.state =
            if row.minimum > schema.current {
                .ahead
            } else if row.state != "ready" {
                .upgrading
            } else {
                row.revision < schema.current ? .behind : .ready
            }
        return context
    }

    private func tableNames() throws(DriverFailure) -> Set<String> {
        let statement = try connection.prepare(dialect.listTables)
        defer { statement.reset() }
        var names: Set<String> = []
        while try statement.step() { names.insert(String(statement.text(0))) }
        return names
    }

    private func isOurs() throws(DriverFailure) -> Bool {
        let statement = try connection.prepare(dialect.countOwnContext)
        defer { statement.reset() }
        return try statement.step() && statement.integer(0) > 0
    }

    /// Whose tables these are, by names that no other system has together.
    private func foreignFormat(_ tables: Set<String>) -> String {
        if tables.isSuperset(of: ["objects", "read_access", "tags", "parameters"]) {
            return "cosmian-kms-5"
        }
        return tables.isSuperset(of: ["objects", "read_access", "tags"]) ? "cosmian-kms-4" : ""
    }

    private func refusal(_ context: SchemaContext) -> DriverFailure {
        if context.state == .ahead {
            return DriverFailure(
                .unsupported,
                "the database has schema \(context.schema) of version \(context.version), which "
                    + "this driver is too old for: it writes schema \(context.supported)")
        }
        let whose = context.format.isEmpty ? "unknown tables" : "tables of \(context.format)"
        return DriverFailure(.unsupported, "the database holds \(whose): nothing was changed")
    }
}

/// A version of software, compared by its numbers; one with a suffix (`1.2.0-rc1`) comes before the
/// one without.
package struct Version: Comparable {
    private let numbers: [UInt64]
    private let suffix: String

    package init(_ text: String) {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        numbers = (parts.first ?? "").split(separator: ".").map { UInt64($0) ?? 0 }
        suffix = parts.count > 1 ? String(parts[1]) : ""
    }

    package static func < (left: Version, right: Version) -> Bool {
        for index in 0..<max(left.numbers.count, right.numbers.count) {
            let l = index < left.numbers.count ? left.numbers[index] : 0
            let r = index < right.numbers.count ? right.numbers[index] : 0
            if l != r { return l < r }
        }
        if left.suffix == right.suffix { return false }
        if left.suffix.isEmpty || right.suffix.isEmpty { return !left.suffix.isEmpty }
        return left.suffix < right.suffix
    }

    package static func == (left: Version, right: Version) -> Bool {
        !(left < right) && !(right < left)
    }
}
