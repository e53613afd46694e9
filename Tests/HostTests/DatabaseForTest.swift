import Glibc

/// An empty database of a test's own, and the settings that lead a driver to it.
final class DatabaseForTest: Sendable {
    let settings: [String: String]
    private let folder: TemporaryFolder?
    private let schema: (server: String, name: String)?

    struct NoServer: Error, CustomStringConvertible {
        let description =
            "CLAVIGER_TEST_POSTGRES names no server: run make test, or put Tests/Servers/run before "
            + "the command"
    }

    init(_ driver: DriverUnderTest) throws {
        switch driver {
        case .memory, .flaky:
            folder = nil
            schema = nil
            settings = [:]
        case .sqlite:
            let folder = try TemporaryFolder()
            self.folder = folder
            schema = nil
            settings = ["sqlite-path": folder.path]
        case .postgresql:
            guard let variable = getenv("CLAVIGER_TEST_POSTGRES") else { throw NoServer() }
            let server = String(cString: variable)
            let name = "host_\(UInt64.random(in: 0 ... .max))"
            try Self.run("CREATE SCHEMA \(name)", on: server)
            folder = nil
            schema = (server, name)
            settings = ["database-url": "\(server)?options=-csearch_path%3D\(name)"]
        }
    }

    deinit {
        if let schema { try? Self.run("DROP SCHEMA \(schema.name) CASCADE", on: schema.server) }
    }

    private static func run(_ sql: String, on server: String) throws {
        try ChildProcess.run([
            "env", "PGOPTIONS=-c client_min_messages=warning", "psql", "-X", "-q", "-c", sql,
            server,
        ])
    }
}
