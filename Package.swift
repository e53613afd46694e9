// swift-tools-version: 6.2
import Foundation
import PackageDescription

// Plugins are declared where their folder exists, and PLUGINS='sqlite postgres' selects among them:
// a build needs only the C libraries of the drivers it builds.
let root = Context.packageDirectory
let selection = Context.environment["PLUGINS"]?.split(whereSeparator: { " ,".contains($0) }).map(
    String.init)

func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + path) }
func isSelected(_ plugin: String) -> Bool {
    exists("Plugins/\(plugin)") && (selection?.contains(plugin) ?? true)
}

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A driver: exports `kms_plugin_entry` alone, resolves every symbol when it is loaded.
/// `exclude` names what lies in its folder and belongs to other targets.
func plugin(
    _ name: String, folder: String, exclude: [String] = [], dependencies: [Target.Dependency]
) -> Target {
    .target(
        name: name, dependencies: ["PluginABI", "PluginKit"] + dependencies,
        path: "Plugins/\(folder)", exclude: ["exports.map"] + exclude, swiftSettings: strict,
        linkerSettings: [
            .unsafeFlags([
                "-Xlinker", "--version-script=\(root)/Plugins/\(folder)/exports.map",
                "-Xlinker", "-z", "-Xlinker", "now", "-Xlinker", "-z", "-Xlinker", "relro",
                "-Xlinker", "-z", "-Xlinker", "defs",
            ])
        ])
}

var targets: [Target] = [
    // The contract between the host and its drivers: C headers, nothing else.
    .target(name: "PluginABI", cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Wpedantic"])]),
    // Key material that is locked, zeroed and never printed.
    .target(name: "Secrets", dependencies: ["CPlatform"], swiftSettings: strict),
    // System calls and C library functions that Swift's own modules lack.
    .target(name: "CPlatform", path: "Sources/System/CPlatform"),
    // Threads of our own, for calls that may block.
    .target(
        name: "Threads", dependencies: ["CPlatform"], path: "Sources/System/Threads",
        swiftSettings: strict),
    .systemLibrary(name: "CLtdl", path: "Sources/System/CLtdl", providers: [.apt(["libltdl-dev"])]),
    .systemLibrary(
        name: "COpenSSL", path: "Sources/System/COpenSSL", pkgConfig: "libcrypto",
        providers: [.apt(["libssl-dev"])]),
    // The configuration language, with the line of every value.
    .target(name: "TOML", swiftSettings: strict),
    // The protocol, pure: messages, dialects, encodings.
    // Lifetimes: its readers borrow the bytes of a message instead of copying or pointing at them.
    .target(
        name: "KMIP", dependencies: ["Secrets"], exclude: ["Registry"],
        swiftSettings: strict + [.enableExperimentalFeature("Lifetimes")]),
    // Primitives over OpenSSL, and over swift-crypto for what OpenSSL 3.0 lacks.
    .target(
        name: "Cryptography",
        dependencies: [
            "Secrets", "COpenSSL", .product(name: "CryptoExtras", package: "swift-crypto"),
            .product(name: "Crypto", package: "swift-crypto"),
        ], swiftSettings: strict),
    // The host's side of the contract: finds, checks and opens drivers.
    .target(
        name: "PluginLoader",
        dependencies: [
            "PluginABI", "Secrets", "Threads", "CLtdl", "CPlatform",
            // SHA-256 of libraries that are pinned.
            .product(name: "Crypto", package: "swift-crypto"),
        ], swiftSettings: strict),
    // The driver's side of the contract for authors who write Swift.
    .target(name: "PluginKit", dependencies: ["PluginABI", "CPlatform"], swiftSettings: strict),
    // What the SQL drivers share: schema, migrations, filters.
    .target(name: "SQLStore", dependencies: ["PluginKit"], swiftSettings: strict),
    // The server as a library.
    .target(
        name: "Host",
        dependencies: [
            "KMIP", "Cryptography", "Secrets", "PluginLoader", "Threads", "CPlatform", "TOML",
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "HummingbirdCore", package: "hummingbird"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOSSL", package: "swift-nio-ssl"),
            .product(name: "NIOTLS", package: "swift-nio"),
            .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "JWTKit", package: "jwt-kit"),
            .product(name: "Metrics", package: "swift-metrics"),
            .product(name: "CoreMetrics", package: "swift-metrics"),
            .product(name: "Tracing", package: "swift-distributed-tracing"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        ],
        // Operations stay on the executor of the request: no look at another one for each call.
        swiftSettings: strict + [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]),
    .executableTarget(
        name: "kmsd",
        dependencies: ["Host", "PluginLoader", "Secrets"],
        // What `kmsd plugin new` writes.
        resources: [.embedInCode("Templates")], swiftSettings: strict),
    .executableTarget(
        name: "kms",
        dependencies: [
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
        ], swiftSettings: strict),
    // The driver kit. Drivers run in children of it, so that a crash is a finding.
    .executableTarget(
        name: "kms-plugin-check",
        dependencies: [
            "PluginLoader", "PluginABI", "Secrets", "Threads", "CPlatform", "TOML",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            // A second opinion on what HSMs compute.
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "CryptoExtras", package: "swift-crypto"),
        ], swiftSettings: strict),
]
var products: [Product] = [
    .executable(name: "kmsd", targets: ["kmsd"]),
    .executable(name: "kms", targets: ["kms"]),
    .executable(name: "kms-plugin-check", targets: ["kms-plugin-check"]),
]

if isSelected("sqlite") {
    targets.append(
        .systemLibrary(
            name: "CSQLite", path: "Sources/System/CSQLite", pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]))
    // The driver apart from its entry: tests link several drivers, and an entry has one name.
    targets.append(
        .target(
            name: "SQLiteDriver", dependencies: ["PluginKit", "SQLStore", "CSQLite"],
            path: "Plugins/sqlite/Driver", swiftSettings: strict))
    targets.append(
        plugin(
            "SQLitePlugin", folder: "sqlite", exclude: ["Driver"], dependencies: ["SQLiteDriver"]))
    products.append(.library(name: "kms-sqlite", type: .dynamic, targets: ["SQLitePlugin"]))
}

if isSelected("postgres") {
    targets.append(
        .systemLibrary(
            name: "CPostgreSQL", path: "Sources/System/CPostgreSQL", pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]))
    // Apart from its entry, like SQLite's. CPlatform: zeroes what libpq leaves behind.
    targets.append(
        .target(
            name: "PostgresDriver",
            dependencies: ["PluginKit", "SQLStore", "CPlatform", "CPostgreSQL"],
            path: "Plugins/postgres/Driver", swiftSettings: strict))
    targets.append(
        plugin(
            "PostgresPlugin", folder: "postgres", exclude: ["Driver"],
            dependencies: ["PostgresDriver"]))
    products.append(.library(name: "kms-postgresql", type: .dynamic, targets: ["PostgresPlugin"]))
}

// The HSM drivers: a vendor's name, paths and quirks over PKCS11.
let hsmDrivers = [
    ("softhsm2", "SoftHSM2Plugin"), ("pkcs11", "PKCS11Plugin"), ("utimaco", "UtimacoPlugin"),
    ("proteccio", "ProteccioPlugin"),
].filter { isSelected($0.0) }
if !hsmDrivers.isEmpty {
    targets.append(
        .systemLibrary(
            name: "CPKCS11", path: "Sources/System/CPKCS11", providers: [.apt(["libp11-kit-dev"])]))
    // What they share: sessions, logins, keys and mechanisms of PKCS#11.
    targets.append(
        .target(
            name: "PKCS11", dependencies: ["PluginKit", "Threads", "CPlatform", "CPKCS11"],
            swiftSettings: strict))
}
for (folder, module) in hsmDrivers {
    targets.append(plugin(module, folder: folder, dependencies: ["PKCS11"]))
    products.append(.library(name: "kms-\(folder)", type: .dynamic, targets: [module]))
}

if isSelected("mysql") {
    targets.append(
        .systemLibrary(
            name: "CMariaDB", path: "Sources/System/CMariaDB", pkgConfig: "libmariadb",
            providers: [.apt(["libmariadb-dev"])]))
    // Apart from its entry, like SQLite's. COpenSSL: reads the PKCS#12 file of a client certificate.
    targets.append(
        .target(
            name: "MySQLDriver",
            dependencies: ["PluginKit", "SQLStore", "CPlatform", "CMariaDB", "COpenSSL"],
            path: "Plugins/mysql/Driver", swiftSettings: strict))
    targets.append(
        plugin("MySQLPlugin", folder: "mysql", exclude: ["Driver"], dependencies: ["MySQLDriver"]))
    products.append(.library(name: "kms-mysql", type: .dynamic, targets: ["MySQLPlugin"]))
    // The same by its other name: a build folder has no manifests.
    products.append(.library(name: "kms-mariadb", type: .dynamic, targets: ["MySQLPlugin"]))
}

if isSelected("redis-findex") {
    targets += [
        // The protocol alone: the transport is the driver's own, for TLS.
        .systemLibrary(
            name: "CHiredis", path: "Sources/System/CHiredis",
            providers: [.apt(["libhiredis-dev"])]),
        // The key of everything from the master password.
        .systemLibrary(
            name: "CArgon2", path: "Sources/System/CArgon2", pkgConfig: "libargon2",
            providers: [.apt(["libargon2-dev"])]),
        // TLS, and primitives that no other module needs.
        .systemLibrary(
            name: "CLibSSL", path: "Sources/System/CLibSSL", pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]),
        // Apart from its entry, like SQLite's. SQLStore: its watch over calls, and versions.
        .target(
            name: "RedisFindexDriver",
            dependencies: ["PluginKit", "SQLStore", "CPlatform", "CHiredis", "CArgon2", "CLibSSL"],
            path: "Plugins/redis-findex/Driver", swiftSettings: strict),
    ]
    targets.append(
        plugin(
            "RedisFindexPlugin", folder: "redis-findex", exclude: ["Driver"],
            dependencies: ["RedisFindexDriver"]))
    products.append(
        .library(name: "kms-redis-findex", type: .dynamic, targets: ["RedisFindexPlugin"]))
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}
targets += [
    tests("SecretsTests", ["Secrets"]),
    tests("TOMLTests", ["TOML"]),
    tests("CryptographyTests", ["Cryptography", "Secrets"]),
    tests("KMIPTests", ["KMIP", "Secrets"]),
    tests("PluginLoaderTests", ["PluginLoader", "PluginABI", "Secrets", "Threads"]),
    tests("PluginKitTests", ["PluginKit", "PluginABI"]),
    tests("SQLStoreTests", ["SQLStore", "PluginKit"]),
    tests(
        "HostTests",
        [
            "Host", "KMIP", "PluginLoader", "Secrets", "Cryptography",
            .product(name: "Logging", package: "swift-log"),
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
            .product(name: "Tracing", package: "swift-distributed-tracing"),
        ]),
    tests("ABITests", ["PluginABI"]),
]

if !hsmDrivers.isEmpty { targets.append(tests("PKCS11Tests", ["PKCS11", "PluginKit"])) }
if isSelected("sqlite") {
    targets.append(
        tests(
            "SQLitePluginTests", ["SQLiteDriver", "SQLStore", "PluginKit", "PluginABI", "CSQLite"]))
}
if isSelected("postgres") {
    targets.append(
        tests(
            "PostgresPluginTests",
            ["PostgresDriver", "SQLStore", "PluginKit", "PluginABI", "CPostgreSQL", "Threads"]))
}
if isSelected("mysql") {
    targets.append(
        tests(
            "MySQLPluginTests",
            ["MySQLDriver", "SQLStore", "PluginKit", "PluginABI", "CMariaDB", "Threads"]))
}
if isSelected("redis-findex") {
    targets.append(
        tests(
            "RedisFindexPluginTests",
            ["RedisFindexDriver", "PluginKit", "PluginABI", "Threads"]))
}

let package = Package(
    name: "claviger",
    products: products,
    dependencies: [
        // HTTP server; no traits: they bring all of Foundation and a configuration library.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        // TLS of the listening sockets, and of the fetching of key sets.
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        // JSON Web Tokens: keys and signatures.
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        // AES-GCM-SIV, which OpenSSL 3.0 lacks.
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        // Command lines of the client and of the driver kit.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // The client's transport.
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: targets,
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
