import PluginKit

/// The statement that reads one object: by uid together with the state of the schema, or by row.
///
/// Blobs are chosen by CASE, which engines evaluate only as far as needed: a row whose revision the
/// host knows is never read beyond its head.
struct ReadShape {
    enum Key: Int { case uid, row }

    var key: Key
    var parts: Parts
    /// Names in the request, padded to a power of two.
    var names: Int

    /// 2 keys, 8 sets of parts, 0, 1, 2, 4 ... 64 names.
    static let count = 2 * 8 * 8

    /// The largest number of names that a request may have.
    static let namesMax = 64

    var index: Int {
        let nameClass = names == 0 ? 0 : names.trailingZeroBitCount + 1
        return (key.rawValue * 8 + Int(parts.rawValue & 7)) * 8 + nameClass
    }

    // Columns of the row.
    static let ready = 0, rights = 1, identity = 2, owner = 3, type = 4, state = 5, revision = 6
    static let head = 7
    /// Each part asked for follows with its checksum, in this order.
    static let firstPart = 8
    static let blobs: [(part: Parts, column: String, sum: String)] = [
        (.object, "object", "osum"), (.attributes, "attrs", "asum"), (.tags, "tags", "tsum"),
    ]

    /// Parameters: name and uid for each name (by row: the name alone), the known revision for each
    /// part, the key.
    func text(current: Int64) -> String {
        let grant =
            key == .uid
            ? "COALESCE((SELECT g.rights FROM grants g WHERE g.grantee = ? AND g.uid = ?), 0)"
            : "COALESCE((SELECT g.rights FROM grants g WHERE g.grantee = ? AND g.uid = o.uid), 0)"
        let rights =
            names == 0
            ? "0" : "(" + Array(repeating: grant, count: names).joined(separator: " | ") + ")"
        let blobs = ReadShape.blobs.filter { parts.contains($0.part) }.map {
            ", o.\($0.sum), CASE WHEN o.rev <> ? THEN o.\($0.column) END"
        }.joined()
        let columns = "o.owner, o.otype, o.state, o.rev, o.head\(blobs)"
        switch key {
        case .uid:
            return "SELECT \(Schema.isReady(current)), \(rights), o.oid, \(columns) FROM context c "
                + "LEFT JOIN objects o ON o.uid = ? WHERE c.id = 1"
        case .row:
            return "SELECT 1, \(rights), o.uid, \(columns) FROM objects o WHERE o.oid = ?"
        }
    }
}
