import PKCS11
import PluginKit

/// SoftHSM2, a token in files: for tests, trials and small installations.
///
/// What differs was measured with version 2.6.1.
enum SoftHSM2: Vendor {
    static let quirks: Quirks = {
        var quirks = Quirks(model: "softhsm2")
        // An encryption takes 20 us of this process's time and asks nobody else.
        quirks.threads = .ofCallers
        quirks.findBatch = 32
        // Others are CKR_ARGUMENTS_BAD.
        quirks.oaepHashes = [.sha1]
        // A wrong tag or padding has no code of its own.
        quirks.damagedData = [.generalError]
        // A generation that meets a search of another process.
        quirks.generateAgain = [.generalError, .templateInconsistent]
        // It writes the date of a private object in clear and reads it as if it were encrypted:
        // after that no attribute of the key can be asked for together with it.
        quirks.keepsDates = false
        quirks.configurationVariable = "SOFTHSM2_CONF"
        return quirks
    }()
    static let libraryOption: StaticString = "softhsm2-library"
    static let configurationOption: StaticString? = "softhsm2-configuration"
}

/// The plugin as the host sees it.
let softHSM2Plugin = Plugin(
    describing: PluginDescription(
        id: "org.claviger.kms.softhsm2", name: "SoftHSM2", version: "1.0.0",
        vendor: "Claviger", url: "https://www.softhsm.org", license: "Apache-2.0",
        summary: "Keeps keys in a SoftHSM2 token, which is software and protects like a file",
        serves: ["softhsm2"],
        options: [
            PluginOption(
                "softhsm2-library", .path, help: "SoftHSM2's PKCS#11 library",
                default: "/usr/lib/softhsm/libsofthsm2.so"),
            PluginOption(
                "softhsm2-configuration", .path,
                help: "SoftHSM2's own configuration, which it else looks for in SOFTHSM2_CONF"),
        ]),
    hsm: PKCS11Driver<SoftHSM2>.self)
