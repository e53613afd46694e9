import PKCS11
import PluginKit

/// Trustway Proteccio, by the vendor's documentation; no device was at hand. Its library reads
/// /etc/proteccio.
enum Proteccio: Vendor {
    static let quirks: Quirks = {
        var quirks = Quirks(model: "proteccio")
        quirks.findBatch = 64
        // Secret keys take no CKA_ID.
        quirks.setsID = false
        quirks.oaepHashes = [.sha256]
        return quirks
    }()
    static let libraryOption: StaticString = "proteccio-library"
    static let configurationOption: StaticString? = nil
}

/// The plugin as the host sees it.
let proteccioPlugin = Plugin(
    describing: PluginDescription(
        id: "org.claviger.kms.proteccio", name: "Proteccio", version: "1.0.0",
        vendor: "Claviger", url: "https://eviden.com", license: "Apache-2.0",
        summary: "Keeps keys in a Trustway Proteccio HSM",
        serves: ["proteccio"],
        options: [
            PluginOption(
                "proteccio-library", .path, help: "Proteccio's PKCS#11 library",
                default: "/lib/libnethsm.so")
        ]),
    hsm: PKCS11Driver<Proteccio>.self)
