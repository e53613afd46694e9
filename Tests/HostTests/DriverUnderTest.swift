import Glibc
import Host
import PluginLoader
import Testing

/// The drivers that the host is tested on: the C sample always, others where they were built. `flaky`
/// is the C sample behind a connection that breaks, for the tests about that.
enum DriverUnderTest: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory, sqlite, postgresql, mysql, flaky
    case redisFindex = "redis-findex"

    /// Those whose library is there. Without Plugins/ that is the C sample alone.
    static let available: [DriverUnderTest] = allCases.filter { driver in
        driver == .memory || access("\(buildFolder)/libkms-\(driver.rawValue).so", F_OK) == 0
    }

    var testDescription: String { rawValue }

    /// Loaded and started once for the process: libraries are never unloaded.
    func plugin() throws -> Plugin {
        switch self {
        case .memory: try Self.memoryPlugin.get()
        case .sqlite: try Self.sqlitePlugin.get()
        case .flaky: try Self.flakyPlugin.get()
        case .postgresql: try Self.postgresPlugin.get()
        case .mysql: try Self.mysqlPlugin.get()
        case .redisFindex: try Self.redisPlugin.get()
        }
    }

    private static let memoryPlugin = Result { try make("memory", from: "Examples/memory-driver") }
    private static let flakyPlugin = Result {
        try make("flaky", from: "Tests/Fixtures/flaky-driver")
    }
    private static let sqlitePlugin = Result { try load("sqlite", in: buildFolder) }
    private static let postgresPlugin = Result { try load("postgresql", in: buildFolder) }
    private static let mysqlPlugin = Result { try load("mysql", in: buildFolder) }
    private static let redisPlugin = Result { try load("redis-findex", in: buildFolder) }

    /// Builds and loads a driver in C.
    private static func make(_ name: String, from source: String) throws -> Plugin {
        let folder = "\(buildFolder)/\(name)-driver-for-tests"
        try ChildProcess.run(["make", "-s", "-C", "\(packageFolder)/\(source)", "OUT=\(folder)"])
        return try load(name, in: folder)
    }

    private static func load(_ name: String, in folder: String) throws -> Plugin {
        let search = PluginSearch(
            entries: [], directories: [], buildDirectory: folder, requirePinned: false)
        let plugin = try Plugin.load(try search.locate(name, kind: .database))
        try plugin.start(.forTests)
        return plugin
    }

    /// Where this test program and the drivers were built.
    static let buildFolder: String = {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = max(0, readlink("/proc/self/exe", &buffer, buffer.count))
        let path = String(decoding: buffer[..<count], as: UTF8.self)
        return String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    }()

    /// The folder that holds Package.swift.
    static let packageFolder: String = {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/")
    }()
}
