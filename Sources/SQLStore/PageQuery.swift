import PluginKit

/// The statement that finds the rows of one page of Locate.
///
/// Who asks sees what they own and what they were granted: two searches, each by key, merged by row
/// number. (`owner = ? OR EXISTS (...)` would be one search without any key, in every engine.)
/// CROSS JOIN says in which order the tables are to be visited: SQLite obeys, others know better.
struct PageQuery {
    /// Where the page goes on; rows are visited in the order of `oid`.
    struct Position {
        var after: Int64
        var isDescending: Bool
    }

    var query: Query
    var filter: CompiledFilter
    /// `filter.start` names few objects: look at each of them.
    var startsShort: Bool
    var position: Position

    /// The only one of `who` who may own something; an empty name is nobody.
    private var user: BorrowedText? {
        guard let first = query.who.first, !first.isEmpty else { return nil }
        return first
    }

    /// Row numbers of one page in order.
    func page(limit: Int, skip: Int) -> SQLText? {
        guard var sql = body() else { return nil }
        sql.add(position.isDescending ? " ORDER BY 1 DESC" : " ORDER BY 1")
        sql.add(" LIMIT ", .integer(Int64(limit)))
        sql.add(" OFFSET ", .integer(Int64(skip)))
        return sql
    }

    /// How many rows there are in all.
    func count() -> SQLText? {
        guard let body = body() else { return nil }
        var sql = SQLText("SELECT count(*) FROM (")
        sql.add(body)
        sql.add(") p")
        return sql
    }

    /// How many objects `start` names, counted up to `limit`.
    static func probe(_ start: CompiledFilter.Start, limit: Int) -> SQLText {
        var sql = SQLText("SELECT count(*) FROM (SELECT 1 FROM terms d WHERE ")
        sql.add(PageQuery.bounds(start))
        sql.add(" LIMIT ", .integer(Int64(limit)))
        sql.add(") p")
        return sql
    }

    private func body() -> SQLText? {
        guard !query.who.isEmpty else { return everything() }
        guard !query.flags.contains(.granted), var sql = owned() else {
            return query.flags.contains(.owned) ? nil : granted(distinctly: true)
        }
        if !query.flags.contains(.owned) {
            sql.add(" UNION ")
            sql.add(granted(distinctly: false))
        }
        return sql
    }

    private func everything() -> SQLText {
        switch filter.start {
        case .term(let key)? where !startsShort:
            // From the term even so: it is shorter than the table.
            return along(key, owner: nil)
        case let start? where startsShort:
            return among(start)
        default:
            return all()
        }
    }

    private func owned() -> SQLText? {
        guard let user else { return nil }
        var sql: SQLText
        switch filter.start {
        case .term(let key)?:
            sql = along(key, owner: user)
        case let start? where startsShort:
            sql = among(start)
        default:
            sql = all()
        }
        sql.add(" AND o.owner = ", .text(user))
        return sql
    }

    private func granted(distinctly: Bool) -> SQLText {
        var sql: SQLText
        if let start = filter.start, startsShort {
            sql = among(start)
            sql.add(" AND EXISTS (SELECT 1 FROM grants g WHERE g.uid = o.uid AND ")
            addGrantees(to: &sql)
            sql.add(")")
        } else {
            sql = SQLText(distinctly ? "SELECT DISTINCT" : "SELECT")
            sql.add(" o.oid FROM grants g CROSS JOIN objects o WHERE o.uid = g.uid AND ")
            addGrantees(to: &sql)
            add(filter.condition, to: &sql)
            addSeek(" AND o.oid < ", " AND o.oid > ", to: &sql)
        }
        if let user { sql.add(" AND o.owner <> ", .text(user)) }
        return sql
    }

    private func addGrantees(to sql: inout SQLText) {
        sql.add("g.grantee IN ")
        sql.addList(padded(query.who))
        if query.rights != 0 {
            sql.add(" AND (g.rights & ", .integer(Int64(bitPattern: query.rights)))
            sql.add(") <> 0")
        }
    }

    /// Every object.
    private func all() -> SQLText {
        var sql = SQLText("SELECT o.oid FROM objects o WHERE 1 = 1")
        addSeek(" AND o.oid < ", " AND o.oid > ", to: &sql)
        add(filter.condition, to: &sql)
        return sql
    }

    /// Objects with a term, row after row in the order of the key: of one owner that is the order of
    /// the page, and nothing is sorted.
    private func along(_ key: [UInt8], owner: BorrowedText?) -> SQLText {
        var sql = SQLText("SELECT d.oid FROM terms d CROSS JOIN objects o WHERE o.oid = d.oid")
        sql.add(" AND d.term = ", .bytes(key))
        if let owner { sql.add(" AND d.owner = ", .integer(Checksum.owner(owner))) }
        addSeek(" AND d.oid < ", " AND d.oid > ", to: &sql)
        add(filter.rest, to: &sql)
        return sql
    }

    /// Each object that the start names, few as they are.
    private func among(_ start: CompiledFilter.Start) -> SQLText {
        var sql = SQLText(
            "SELECT o.oid FROM objects o WHERE o.oid IN (SELECT d.oid FROM terms d WHERE ")
        sql.add(PageQuery.bounds(start))
        sql.add(")")
        addSeek(" AND o.oid < ", " AND o.oid > ", to: &sql)
        add(filter.rest, to: &sql)
        return sql
    }

    private func addSeek(
        _ descending: StaticString, _ ascending: StaticString, to sql: inout SQLText
    ) {
        sql.add(position.isDescending ? descending : ascending, .integer(position.after))
    }

    private func add(_ condition: SQLText, to sql: inout SQLText) {
        guard !condition.text.isEmpty else { return }
        sql.add(" AND ")
        sql.add(condition)
    }

    private static func bounds(_ start: CompiledFilter.Start) -> SQLText {
        var sql = SQLText()
        switch start {
        case .term(let key):
            sql.add("d.term = ", .bytes(key))
        case .range(let bounds):
            sql.add("d.term >= ", .bytes(bounds.lower))
            sql.add(" AND d.term < ", .bytes(bounds.upper))
        }
        return sql
    }
}
