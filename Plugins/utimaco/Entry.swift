import PluginKit

/// What the library exports.
@c(kms_plugin_entry)
public func entry(hostMajor: UInt16) -> PluginTable? {
    utimacoPlugin.table(forHostMajor: hostMajor)
}
