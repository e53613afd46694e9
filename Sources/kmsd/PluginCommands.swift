import Host
import PluginLoader

/// `kmsd plugin list`, `kmsd plugin inspect` and `kmsd plugin new`.
enum PluginCommands {
    /// Prints what could be loaded, without opening anything.
    static func list(_ search: PluginSearch) {
        let locations = search.list()
        for location in locations {
            let names = location.serves.isEmpty ? "?" : location.serves.joined(separator: ", ")
            print("\(names): \(location.path)")
            if let manifest = location.manifest { print("    manifest \(manifest)") }
            if let problem = location.problem { print("    not usable: \(problem)") }
        }
        if locations.isEmpty {
            let places = (search.buildDirectory.map { [$0] } ?? []) + search.directories
            print("no drivers in \(places.joined(separator: ", "))")
        }
    }

    /// Opens the driver of a name, or the library at a path, and prints what it says of itself.
    static func inspect(_ name: String, with search: PluginSearch) throws(PluginRefused) {
        let plugin = try Plugin.load(try location(of: name, with: search))
        let info = plugin.info
        print(
            """
            id: \(info.id)
            name: \(info.name)
            version: \(info.version)
            vendor: \(info.vendor)
            license: \(info.license)
            summary: \(info.summary)
            kind: \(info.kind)
            serves: \(info.serves.joined(separator: ", "))
            ABI: \(info.abiMajor).\(info.abiMinor)
            library: \(plugin.path)
            sha256: \(plugin.sha256)
            options:
            \(Help.options(info.options))
            """)
    }

    /// Writes the folder of a new driver and says what to do with it.
    static func new(_ plugin: NewPlugin) throws(ScaffoldFailure) {
        let files = Scaffold.files(of: plugin)
        try Scaffold.write(files, into: plugin.directory)
        for file in files { print("\(plugin.directory)/\(file.path)") }
        print("\nnext: cd \(plugin.directory) && make inspect")
    }

    private static func location(
        of name: String, with search: PluginSearch
    ) throws(PluginRefused) -> PluginLocation {
        guard name.contains("/") else { return try search.locate(name, kind: .database) }
        // A path that the search knows is checked as there, with its pin and manifest.
        let path = absolutePath(name)
        return search.list().first { $0.path == path } ?? PluginLocation(path: path)
    }
}
