import MySQLDriver
import PluginKit

/// What the library exports. Nothing else is here, so that tests of several drivers can be linked
/// into one program.
@c(kms_plugin_entry)
public func entry(hostMajor: UInt16) -> PluginTable? {
    mysqlPlugin.table(forHostMajor: hostMajor)
}
