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

    private var user: BorrowedText? {
        guard let first = query.who.first, !first.isEmpty else { return nil }  // nobody owns nothing
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
        guard !query.who.isEmpty else {
            return query.flags.isDisjoint(with: [.owned, .granted]) ? everything() : nil
        }
        let owned = query.flags.contains(.granted) ? nil : self.owned()
        let granted = query.flags.contains(.owned) ? nil : self.granted()
        guard var sql = owned else { return granted }
        if let granted {
            sql.add(" UNION ")
            sql.add(granted)
        }
        return sql
    }

    private func everything() -> SQLText {
        var sql: SQLText
        switch filter.start {
        case .term(let key)? where !startsShort:
            sql = SQLText("SELECT o.oid FROM terms d CROSS JOIN objects o WHERE o.oid = d.oid")
            sql.add(" AND d.term = ", .bytes(key))
        case let start?:
            sql = among(start)
        case nil:
            sql = SQLText("SELECT o.oid FROM objects o WHERE 1 = 1")
        }
        addRest(to: &sql)
        return sql
    }

    private func owned() -> SQLText? {
        guard let user else { return nil }
        var sql: SQLText
        switch filter.start {
        case .term(let key)?:
            sql = SQLText("SELECT o.oid FROM terms d CROSS JOIN objects o WHERE o.oid = d.oid")
            sql.add(" AND d.term = ", .bytes(key))
            sql.add(" AND d.owner = ", .integer(Checksum.owner(user)))
            sql.add(position.isDescending ? " AND d.oid < " : " AND d.oid > ", .integer(position.after))
        case let start? where startsShort:
            sql = among(start)
        default:
            sql = SQLText("SELECT o.oid FROM objects o WHERE 1 = 1")
        }
        sql.add(" AND o.owner = ", .text(user))
        addRest(to: &sql)
        return sql
    }

    private func granted() -> SQLText {
        var sql: SQLText
        if let start = filter.start, startsShort {
            sql = among(start)
            sql.add(" AND EXISTS (SELECT 1 FROM grants g WHERE g.uid = o.uid AND ")
            addGrantees(to: &sql)
            sql.add(")")
        } else {
            sql = SQLText(
                "SELECT DISTINCT o.oid FROM grants g CROSS JOIN objects o WHERE o.uid = g.uid AND ")
            addGrantees(to: &sql)
        }
        if let user { sql.add(" AND o.owner <> ", .text(user)) }
        addRest(to: &sql)
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

    private func among(_ start: CompiledFilter.Start) -> SQLText {
        var sql = SQLText("SELECT o.oid FROM objects o WHERE o.oid IN (SELECT d.oid FROM terms d WHERE ")
        sql.add(PageQuery.bounds(start))
        sql.add(")")
        return sql
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

    private func addRest(to sql: inout SQLText) {
        sql.add(position.isDescending ? " AND o.oid < " : " AND o.oid > ", .integer(position.after))
        if !filter.condition.text.isEmpty {
            sql.add(" AND ")
            sql.add(filter.condition)
        }
    }
}
