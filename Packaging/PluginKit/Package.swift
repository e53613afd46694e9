// swift-tools-version: 6.2
import PackageDescription

// The driver's side of the contract for authors who write Swift, as it is installed: the sources that
// the server's own drivers are built from. A driver's Package.swift depends on this folder by its path.
let package = Package(
    name: "PluginKit",
    products: [.library(name: "PluginKit", targets: ["PluginKit", "PluginABI"])],
    targets: [
        .target(name: "PluginABI"),
        .target(name: "CPlatform"),
        .target(
            name: "PluginKit", dependencies: ["PluginABI", "CPlatform"],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
