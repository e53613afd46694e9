import Logging
import PluginLoader

extension Plugin {
    /// The one line that says which driver serves.
    var logMetadata: Logger.Metadata {
        [
            "path": "\(path)", "id": "\(info.id)", "version": "\(info.version)",
            "abi": "\(info.abiMajor).\(info.abiMinor)", "sha256": "\(sha256)",
        ]
    }
}
