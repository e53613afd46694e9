import PluginKit

/// The store on one connection: every call of the contract, for one thread at a time.
///
/// Each function begins and ends its own transaction and finds out within it whether the schema is
/// ready. `StoreSession+Get.swift` and its neighbours hold the functions, one concept each.
package final class StoreSession<Connection: SQLConnection> {
    package typealias Statement = Connection.Statement

    package let connection: Connection
    let dialect: Dialect
    let current: Int64

    private var fixed: [Statement?] = Array(repeating: nil, count: FixedStatement.allCases.count)
    var byShape: [Statement?] = Array(repeating: nil, count: ReadShape.count)
    var updates: [Statement?] = Array(repeating: nil, count: 16)
    var inserts: [Statement?] = Array(repeating: nil, count: RowInsert.count)
    /// What `apply` has read before its first write.
    var ahead = ReadAhead()
    /// Changes that `changes` has reported and a token does not cover yet.
    var settling: Set<Int64> = []
    var changesSinceTrim = 0
    private var cache = StatementCache<Statement>()

    package init(_ connection: Connection, dialect: Dialect, schema: Schema) {
        self.connection = connection
        self.dialect = dialect
        current = schema.current
    }

    /// A statement whose text never varies.
    func statement(_ which: FixedStatement) throws(DriverFailure) -> Statement {
        if let statement = fixed[which.rawValue] { return statement }
        let statement = try connection.prepare(dialect.adapt(which.text(dialect, current)))
        fixed[which.rawValue] = statement
        return statement
    }

    /// A statement that a request has shaped, with its parameters bound.
    func statement(_ sql: SQLText) throws(DriverFailure) -> Statement {
        let statement = try cache.statement(sql.text) { (text) throws(DriverFailure) in
            try connection.prepare(dialect.adapt(text))
        }
        sql.bind(to: statement)
        return statement
    }

    /// The first number of the first row; nil when there is no row.
    func number(_ sql: SQLText) throws(DriverFailure) -> Int64? {
        let statement = try statement(sql)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : nil
    }

    /// Throws ``Status/upgrading`` unless the schema is ready, as this transaction sees it. One that
    /// writes may rely on it until it ends.
    func requireReady(_ mode: TransactionMode = .read) throws(DriverFailure) {
        try statement(mode == .read ? .readiness : .readinessToWrite)
            .post(.number(1, otherwise: .upgrading))
    }

    /// Runs `body` on one state of the database.
    func reading(_ body: () throws(DriverFailure) -> Void) throws(DriverFailure) {
        try connection.begin(.read)
        do throws(DriverFailure) {
            try requireReady()
            try body()
        } catch {
            connection.rollback()
            throw error
        }
        try connection.commit()
    }

    /// One round trip, whatever state the schema is in.
    package func ping() throws(DriverFailure) {
        try connection.begin(.read)
        try connection.settle()
        connection.rollback()
    }

    /// Does what a write needs and writes nothing, whatever state the schema is in.
    package func health() throws(DriverFailure) {
        try connection.begin(.write)
        try connection.settle()
        connection.rollback()
    }
}

/// Statements whose text never varies.
enum FixedStatement: Int, CaseIterable {
    case readiness, readinessToWrite, context
    case head, insertObject, lastOID, deleteObject
    case listTerms, listTermsOfUID, deleteTerm, deleteTerms
    case findUnique, listUniques, listUniquesOfUID, deleteUnique, deleteUniques
    case addRights, insertGrant, insertOrAddRights, removeRights, dropEmptyGrant, deleteGrants
    case trimChanges, newestChange, listChanges, trimStamped, horizon, listStamped, announce
    case unsettled, nextGeneration, listUnsettled, newestRow, noteDropped
    case nameByOID, rights
    case renewLease, insertLease, dropExpiredLeases, deleteLease, otherLease

    func text(_ dialect: Dialect, _ current: Int64) -> String {
        switch self {
        case .readiness: "SELECT \(Schema.isReady(current)) FROM context c WHERE c.id = 1"
        case .readinessToWrite: FixedStatement.readiness.text(dialect, current) + dialect.sharedLock
        case .context:
            "SELECT version, state, schema_rev, min_rev, epoch FROM context WHERE id = 1"
        case .head:
            "SELECT oid, owner, otype, state, rev, head FROM objects WHERE uid = ?"
                + dialect.rowLock
        case .insertObject:
            dialect.insertIfAbsent(
                into: "objects",
                "uid, owner, otype, state, rev, head, osum, asum, tsum, tags, attrs, object",
                values: 12)
        case .lastOID: "SELECT oid FROM objects WHERE uid = ?"
        case .deleteObject: "DELETE FROM objects WHERE oid = ?"
        case .listTerms:
            "SELECT term FROM terms WHERE oid = ? AND term >= ? AND term < ? ORDER BY term"
        case .listTermsOfUID:
            "SELECT t.term FROM objects o CROSS JOIN terms t WHERE o.uid = ? AND t.oid = o.oid"
        case .deleteTerm: "DELETE FROM terms WHERE term = ? AND owner = ? AND oid = ?"
        case .deleteTerms: "DELETE FROM terms WHERE oid = ?"
        case .findUnique: "SELECT oid FROM uniques WHERE term = ?"
        case .listUniques: "SELECT term FROM uniques WHERE oid = ? ORDER BY term"
        case .listUniquesOfUID:
            "SELECT t.term FROM objects o CROSS JOIN uniques t WHERE o.uid = ? AND t.oid = o.oid"
        case .deleteUnique: "DELETE FROM uniques WHERE term = ?"
        case .deleteUniques: "DELETE FROM uniques WHERE oid = ?"
        case .addRights: "UPDATE grants SET rights = rights | ? WHERE grantee = ? AND uid = ?"
        case .insertGrant:
            dialect.insertIfAbsent(into: "grants", "grantee, uid, rights", values: 3)
        case .insertOrAddRights: dialect.addRights
        case .removeRights: "UPDATE grants SET rights = rights & ? WHERE grantee = ? AND uid = ?"
        case .dropEmptyGrant: "DELETE FROM grants WHERE grantee = ? AND uid = ? AND rights = 0"
        case .deleteGrants: "DELETE FROM grants WHERE uid = ?"
        case .trimChanges: "DELETE FROM changes WHERE seq <= ?"
        case .newestChange:
            "SELECT (SELECT max(seq) FROM changes), (SELECT min(seq) FROM changes), c.epoch, "
                + "\(Schema.isReady(current)) FROM context c WHERE c.id = 1"
        case .listChanges: "SELECT seq, uid FROM changes WHERE seq > ? ORDER BY seq LIMIT ?"
        case .trimStamped: dialect.stampedChanges?.trim ?? ""
        case .horizon:
            "SELECT \(dialect.stampedChanges?.horizon ?? "0"), "
                + "\(dialect.stampedChanges?.dropped ?? "0"), c.epoch, \(Schema.isReady(current)) "
                + "FROM context c WHERE c.id = 1"
        case .listStamped:
            "SELECT stamp, seq, uid FROM changes WHERE stamp >= ? AND (stamp > ? OR seq > ?) "
                + "AND uid <> '' ORDER BY stamp, seq LIMIT ?"
        case .unsettled: "SELECT EXISTS (SELECT 1 FROM changes x WHERE x.stamp = 0)"
        case .nextGeneration: "UPDATE feed SET last = last + 1 WHERE id = 1"
        case .listUnsettled: "SELECT seq FROM changes WHERE stamp = 0 ORDER BY seq LIMIT ?"
        case .newestRow: "SELECT COALESCE(max(seq), 0) FROM changes"
        case .noteDropped:
            // A reader of any generation so far has missed what never got a stamp.
            "UPDATE feed SET dropped = CASE "
                + "WHEN EXISTS (SELECT 1 FROM changes x WHERE x.seq <= ? AND x.stamp = 0) THEN last + 1 "
                + "ELSE COALESCE((SELECT max(x.stamp) FROM changes x WHERE x.seq <= ? "
                + "AND x.stamp > feed.dropped), dropped) END, last = last + 1 WHERE id = 1"
        case .announce: dialect.stampedChanges?.announce ?? ""
        case .nameByOID: "SELECT uid FROM objects WHERE oid = ?"
        case .renewLease: "UPDATE leases SET expires = \(dialect.now) + ? WHERE holder = ?"
        case .insertLease:
            "INSERT INTO leases (holder, expires) VALUES (?, \(dialect.now) + ?)"
        case .dropExpiredLeases: "DELETE FROM leases WHERE expires < \(dialect.now)"
        case .deleteLease: "DELETE FROM leases WHERE holder = ?"
        case .otherLease:
            "SELECT holder, expires - \(dialect.now) FROM leases WHERE holder <> ? "
                + "AND expires >= \(dialect.now) ORDER BY expires DESC LIMIT 1"
        case .rights: "SELECT rights FROM grants WHERE grantee = ? AND uid = ?"
        }
    }
}
