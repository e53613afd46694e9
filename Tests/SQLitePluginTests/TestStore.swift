import PluginKit
import SQLiteDriver

let pluginUnderTest: Plugin = sqlitePlugin

/// A database of a test's own, for the tests that all SQL drivers share.
final class TestStore {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    func open() throws -> TestDatabase {
        try TestDatabase(directory.path, .init(synchronous: "normal"))
    }

    func ready() throws -> TestDatabase {
        let database = try open()
        try database.migrate()
        return database
    }
}

extension TestDatabase {
    struct Options {
        var flags = 0
        var concurrency: UInt32 = 8
        var synchronous = "full"
    }

    convenience init(_ directory: String, _ options: Options = Options()) throws {
        try self.init(
            texts: ["sqlite-path": directory, "sqlite-synchronous": options.synchronous],
            flags: options.flags, concurrency: options.concurrency)
    }

    /// A handle on a database that is ready.
    static func ready(_ directory: String, _ options: Options = Options()) throws -> TestDatabase {
        let database = try TestDatabase(directory, options)
        try database.migrate()
        return database
    }
}
