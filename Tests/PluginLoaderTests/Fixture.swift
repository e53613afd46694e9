import FoundationEssentials
import Glibc
import PluginLoader
import Secrets
import Synchronization
import Testing

/// A folder of its own that only its owner can enter, gone with the last reference.
final class Folder: Sendable {
    let path: String

    init() throws {
        let name = "claviger-loader-" + String(UInt64.random(in: .min ... .max), radix: 36)
        path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700]
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(filePath: file))
        chmod(file, 0o600)
        return file
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }

    func folder(_ name: String) throws -> String {
        let folder = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        return folder
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(name)")
    }
}

func contents(of path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
}

/// `Tests/ABI/drivers/fixture.c`, built as a third party would: a C compiler and the headers.
struct Fixture {
    static let root: String = {
        // Tests/PluginLoaderTests/Fixture.swift
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    }()

    let folder: Folder
    let library: String

    /// - Parameter defines: Macros, `NAME` or `NAME=value`.
    init(_ defines: String..., flags: [String] = []) async throws {
        let image = try await DriverImages.shared.compiled(
            "drivers/fixture.c", flags + defines.map { "-D" + $0 })
        folder = try Folder()
        // A file of its own: the dynamic linker knows libraries by their file, and each test wants
        // a driver with a state of its own.
        library = try folder.write("libkms-fixture.so", image)
    }

    var location: PluginLocation { PluginLocation(path: library) }

    func load() throws -> Plugin { try Plugin.load(location) }

    func open(
        _ settings: [Setting] = [], concurrency: Int = 4, host: HostServices = .tests()
    ) async throws -> Database {
        let plugin = try load()
        try plugin.start(host)
        return try await plugin.openDatabase(
            settings: settings, concurrency: concurrency, readOnly: false, deadline: .none)
    }
}

extension HostServices {
    /// Clock at 1234, random bytes all 7, lines dropped.
    static func tests(
        log: @escaping @Sendable (LogLevel, String, String?, String) -> Void = { _, _, _, _ in }
    ) -> HostServices {
        HostServices(
            name: "tests", version: "1.2.3", log: log, isLogEnabled: { $0 >= .info },
            random: { buffer in
                for index in buffer.indices { buffer[index] = 7 }
                return true
            }, unixMicroseconds: { 1234 })
    }
}

extension Database {
    func get(_ uid: String, deadline: Deadline = .none) async throws -> ObjectRecord {
        try await get(GetRequest(uid: uid, who: ["alice", "*"], parts: .all), deadline: deadline)
    }

    /// What the driver counted.
    func count(_ name: String) async throws -> Int {
        let statistics = try await statistics()
        return Int(try #require(statistics.first { $0.name == name }).value)
    }
}

/// Waits for a condition that other tasks bring about.
func eventually(_ condition: () async throws -> Bool) async rethrows {
    while try await !condition() { await Task.yield() }
}

/// The error that an operation ends with.
func failure<R>(_ body: () async throws -> R) async throws -> DriverError {
    do {
        _ = try await body()
    } catch let error as DriverError {
        return error
    }
    throw NoFailure()
}

/// Why a plugin was refused.
func refusal<R>(_ body: () throws -> R) throws -> PluginRefused {
    do {
        _ = try body()
    } catch let error as PluginRefused {
        return error
    }
    throw NoFailure()
}

extension Fixture {
    func bytes() throws -> [UInt8] { try contents(of: library) }
}

/// The creation of an object, with a key or without.
func create(_ uid: String) -> Write { create(uid, nil) }

func create(_ uid: String, _ key: SecretBytes?) -> Write {
    Write(
        .create(
            NewObject(
                uid: uid, owner: "alice", type: 2, state: 1, revision: 1, object: key,
                attributes: [1], tags: ["t"],
                terms: [Term(path: "Name", value: .text("n"), rank: .rare)])))
}

private struct NoFailure: Error {}
