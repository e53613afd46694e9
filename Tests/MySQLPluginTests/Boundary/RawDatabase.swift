import CMariaDB
import Glibc

/// The server as the `mariadb` client sees it: to prepare what the driver finds, and to look behind
/// it.
final class RawDatabase {
    private let handle: UnsafeMutablePointer<MYSQL>

    /// - Parameter url: `mysql://user:password@host:port/database`, nothing in it escaped.
    init(_ url: String) throws {
        let parts = url.dropFirst("mysql://".count).split { ":@/".contains($0) }.map { String($0) }
        guard parts.count == 5, let port = UInt32(parts[3]), let handle = mysql_init(nil) else {
            throw TestFailure(status: -1, message: "no URL of the test server")
        }
        self.handle = handle
        var transport = MYSQL_PROTOCOL_TCP.rawValue
        mysql_options(handle, MYSQL_OPT_PROTOCOL, &transport)
        guard
            mysql_real_connect(handle, parts[2], parts[0], parts[1], parts[4], port, nil, 0) != nil
        else { throw TestFailure(status: -1, message: String(cString: mysql_error(handle))) }
    }

    deinit { mysql_close(handle) }

    /// Runs one statement; returns its rows as texts.
    @discardableResult
    func run(_ sql: String) throws -> [[String]] {
        guard mysql_query(handle, sql) == 0 else {
            throw TestFailure(status: -1, message: String(cString: mysql_error(handle)))
        }
        guard let result = mysql_store_result(handle) else { return [] }
        defer { mysql_free_result(result) }
        var rows: [[String]] = []
        while let row = mysql_fetch_row(result) {
            rows.append(
                (0..<Int(mysql_num_fields(result))).map { column in
                    row[column].map { String(cString: $0) } ?? "NULL"
                })
        }
        return rows
    }
}
