import FoundationEssentials

/// Where things are in the source tree.
enum Repository {
    static let root: String = {
        // Tests/ABITests/Repository.swift
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/")
    }()
    static let include = root + "/Sources/PluginABI/include"

    /// How often each fault is repeated.
    static let rounds = ProcessInfo.processInfo.environment["ROUNDS"].flatMap(Int.init) ?? 3

    /// All installed headers, as they are included: `kms/plugin.h`.
    static func headers() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: include)
            .filter { $0.hasSuffix(".h") }.sorted()
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }
}

/// A folder of its own for one test, gone when the test ends.
struct TemporaryFolder: ~Copyable {
    let path: String

    init() throws {
        let name = "claviger-abi-" + String(UInt64.random(in: .min ... .max), radix: 36)
        path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
