import Glibc

/// What the client library would take from the environment.
enum ClientLibrary {
    /// Variables by which somebody else could name libraries to load, servers and passwords. The
    /// library reads them when it is first used, so this comes before.
    ///
    /// - Returns: Those that were set and are no more.
    static func forgetVariables() -> [String] {
        [
            "LIBMYSQL_PLUGINS", "MARIADB_PLUGIN_DIR", "MARIADB_HOME", "MYSQL_HOME",
            "MYSQL_TCP_PORT",
            "MYSQL_UNIX_PORT", "MARIADB_UNIX_PORT", "MYSQL_PWD",
        ].filter { name in
            guard getenv(name) != nil else { return false }
            return unsetenv(name) == 0
        }
    }
}
