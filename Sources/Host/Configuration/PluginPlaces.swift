public import PluginLoader

extension PluginSearch {
    /// The search that settings ask for: the executable's own folder, then the installed drivers, then
    /// the configured folders.
    ///
    /// - Parameter executable: The absolute path of the running executable.
    public init(_ settings: Settings, executable: String) {
        let steps = executable.split(separator: "/").dropLast()
        let folder = "/" + steps.joined(separator: "/")
        let prefix = "/" + steps.dropLast().joined(separator: "/")
        let library = (prefix == "/" ? "" : prefix) + "/lib/" + Self.triplet
        self.init(
            entries: settings.plugins,
            directories: [library + "/claviger/plugins"] + settings.pluginPath,
            buildDirectory: folder, requirePinned: settings.requirePinned)
    }

    /// The name that Debian gives this machine's library folder.
    private static var triplet: String {
        #if arch(x86_64)
            "x86_64-linux-gnu"
        #elseif arch(arm64)
            "aarch64-linux-gnu"
        #else
            #error("No library folder is known for this architecture.")
        #endif
    }
}
