import PKCS11
import PluginKit

/// Utimaco general purpose HSMs, by the vendor's documentation; no device was at hand.
enum Utimaco: Vendor {
    static let quirks: Quirks = {
        var quirks = Quirks(model: "utimaco")
        quirks.findBatch = 64
        quirks.configurationVariable = "CS_PKCS11_R3_CFG"
        return quirks
    }()
    static let libraryOption: StaticString = "utimaco-library"
    static let configurationOption: StaticString? = "utimaco-configuration"
}

/// The plugin as the host sees it.
let utimacoPlugin = Plugin(
    describing: PluginDescription(
        id: "org.claviger.kms.utimaco", name: "Utimaco", version: "1.0.0",
        vendor: "Claviger", url: "https://utimaco.com", license: "Apache-2.0",
        summary: "Keeps keys in an Utimaco general purpose HSM",
        serves: ["utimaco"],
        options: [
            PluginOption(
                "utimaco-library", .path, help: "Utimaco's PKCS#11 library",
                default: "/lib/libcs_pkcs11_R3.so"),
            PluginOption(
                "utimaco-configuration", .path,
                help: "The library's configuration, which it else looks for in CS_PKCS11_R3_CFG"),
        ]),
    hsm: PKCS11Driver<Utimaco>.self)
