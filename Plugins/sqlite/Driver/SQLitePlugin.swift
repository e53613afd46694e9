import PluginKit

/// The plugin as the host sees it.
package let sqlitePlugin = Plugin(
    describing: PluginDescription(
        id: "org.claviger.kms.sqlite", name: "SQLite", version: "1.0.0", vendor: "Claviger",
        url: "https://www.sqlite.org", license: "Apache-2.0",
        summary: "Keeps everything in one file on this machine; several servers may share it",
        serves: ["sqlite"],
        options: [
            PluginOption(
                "sqlite-path", .path,
                help: "Directory of the database, made when it is missing; the file is kms.db",
                default: "./sqlite-data"),
            PluginOption(
                "sqlite-synchronous", .choice,
                help: "With normal a power failure may undo acknowledged writes",
                default: "full", choices: ["full", "normal"]),
            PluginOption(
                "sqlite-cache-size", .size, help: "Memory for pages of each connection",
                default: "2MiB", range: 65536...(1 << 34)),
        ]),
    database: SQLiteDriver.self)
