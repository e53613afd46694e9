import PluginABI
import PluginLoader

extension Plugin {
    /// Whether both have the same description and functions.
    func isSame(as other: Plugin) -> Bool {
        contract.info == other.contract.info
            && unsafeBitCast(contract.get_interface, to: Int.self)
                == unsafeBitCast(other.contract.get_interface, to: Int.self)
    }
}
