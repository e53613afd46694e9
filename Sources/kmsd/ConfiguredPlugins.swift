import Host
import PluginLoader

/// The libraries that `[[plugin]]` tables name, whether something selects them or not.
enum ConfiguredPlugins {
    /// Loads each beside the driver that is selected. A server loads only that one: what is wrong with
    /// the others would be found on the day that they are needed.
    ///
    /// - Throws: ``PluginsRefused`` with all that cannot be used.
    static func check(_ search: PluginSearch, beside selected: Plugin) throws(PluginsRefused) {
        let configured = Set(search.entries.map(\.path))
        var plugins = [selected]
        var refusals: [PluginRefused] = []
        for location in search.list() where configured.contains(location.path) {
            do throws(PluginRefused) {
                let plugin = try Plugin.load(location)
                guard plugin.path != selected.path else { continue }
                try OptionAgreement.check(plugins + [plugin])
                plugins.append(plugin)
            } catch { refusals.append(error) }
        }
        guard refusals.isEmpty else { throw PluginsRefused(refusals: refusals) }
    }
}

/// Configured libraries that cannot be used. Never empty.
struct PluginsRefused: Error {
    var refusals: [PluginRefused]
}
