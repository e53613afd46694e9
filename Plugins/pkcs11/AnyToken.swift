import PKCS11
import PluginKit

/// A device of which nothing is known but that it has a PKCS#11 library.
enum AnyToken: Vendor {
    static let quirks: Quirks = {
        var quirks = Quirks(model: "pkcs11")
        // The least that small devices take.
        quirks.findBatch = 16
        return quirks
    }()
    static let libraryOption: StaticString = "pkcs11-library"
    static let configurationOption: StaticString? = nil

    static func quirks(_ settings: Settings) -> Quirks {
        var quirks = quirks
        switch settings.text("pkcs11-oaep") {
        case .some("sha1"): quirks.oaepHashes = [.sha1]
        case .some("sha256"): quirks.oaepHashes = [.sha256]
        default: break
        }
        if let limit = settings.number("pkcs11-cbc-limit"), limit > 0 {
            quirks.chunkMax = Int(clamping: limit)
        }
        quirks.setsID = settings.number("pkcs11-sets-id") != 0
        quirks.keepsDates = settings.number("pkcs11-keeps-dates") != 0
        return quirks
    }
}

/// The plugin as the host sees it.
let pkcs11Plugin = Plugin(
    describing: PluginDescription(
        id: "org.claviger.kms.pkcs11", name: "PKCS#11", version: "1.0.0",
        vendor: "Claviger", url: "https://www.oasis-open.org/committees/pkcs11/",
        license: "Apache-2.0",
        summary: "Keeps keys in any device that has a PKCS#11 library",
        serves: ["pkcs11"],
        options: [
            PluginOption(
                "pkcs11-library", .path, help: "The device's PKCS#11 library", flags: .required),
            PluginOption(
                "pkcs11-oaep", .choice, help: "The hashes that RSA-OAEP takes", default: "both",
                choices: ["both", "sha1", "sha256"]),
            PluginOption(
                "pkcs11-cbc-limit", .size,
                help: "Most bytes of one AES-CBC operation, 0 for no limit; longer data is chained",
                default: "0", range: 0...1_073_741_824),
            PluginOption(
                "pkcs11-sets-id", .boolean, help: "Whether new keys are given a CKA_ID too",
                default: "true"),
            PluginOption(
                "pkcs11-keeps-dates", .boolean, help: "Whether dates of keys can be changed",
                default: "true"),
        ]),
    hsm: PKCS11Driver<AnyToken>.self)
