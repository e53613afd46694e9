/// Where drivers are looked for. The library is never opened to find out what it is: opening runs
/// code. The first hit decides; later places are not read.
///
/// 1. the configured libraries: `libkms-<name>.so`, or by `serves`, or by a manifest beside them,
/// 2. `libkms-<name>.so` in the executable's own folder, so that a build tree serves itself,
/// 3. manifests `*.toml` in the plugin directories,
/// 4. `libkms-<name>.so` in the plugin directories.
public struct PluginSearch: Sendable {
    /// One `[[plugin]]` table of the configuration.
    public struct Entry: Sendable {
        /// Absolute path of the library.
        public var path: String
        /// The digest that it must have, in hexadecimal.
        public var sha256: String?
        /// The names that it answers to, when neither its file name nor a manifest says so.
        public var serves: [String]

        public init(path: String, sha256: String? = nil, serves: [String] = []) {
            self.path = path
            self.sha256 = sha256
            self.serves = serves
        }
    }

    public var entries: [Entry]
    /// Absolute, in order.
    public var directories: [String]
    /// The executable's own folder; file and folder are checked, ancestors are not.
    public var buildDirectory: String?
    /// Refuses libraries without a configured digest.
    public var requirePinned: Bool

    public init(
        entries: [Entry], directories: [String], buildDirectory: String?, requirePinned: Bool
    ) {
        self.entries = entries
        self.directories = directories
        self.buildDirectory = buildDirectory
        self.requirePinned = requirePinned
    }

    /// Finds the driver for a `database-type` or an `hsm-model`.
    public func locate(
        _ name: String, kind: PluginKind
    ) throws(PluginRefused) -> PluginLocation {
        guard PluginLocation.isDriverName(name) else {
            throw PluginRefused(library: name, reason: .invalidName)
        }
        let hit =
            candidates(.configured).first { $0.matches(name, kind) }
            ?? inBuildDirectory(name)
            ?? candidates(.manifests).first { $0.matches(name, kind) }
            ?? inDirectories(name)
        guard var location = hit else {
            // A manifest that cannot be read may well be the one that was meant.
            let unreadable = candidates(.manifests).first { $0.serves.isEmpty }
            if let problem = unreadable?.problem { throw problem }
            let places = entries.map(\.path) + (buildDirectory.map { [$0] } ?? []) + directories
            throw PluginRefused(library: name, reason: .notFound(kind: kind, lookedIn: places))
        }
        if let problem = location.problem { throw problem }
        location.name = name
        location.kind = kind
        return location
    }

    /// All that could be found, for `kmsd plugin list`. Opens no library.
    public func list() -> [PluginLocation] {
        var all = candidates(.configured)
        if let buildDirectory { all += libraries(in: buildDirectory, .folder) }
        all += candidates(.manifests)
        for directory in directories { all += libraries(in: directory, .every) }
        var seen: Set<String> = []
        return all.filter { seen.insert($0.path).inserted }
    }

    private enum Source { case configured, manifests }

    private func candidates(_ source: Source) -> [PluginLocation] {
        switch source {
        case .configured: entries.map(configured)
        case .manifests: directories.flatMap(described)
        }
    }

    /// A configured library, with what its file name or a manifest beside it says.
    private func configured(_ entry: Entry) -> PluginLocation {
        var location = PluginLocation(path: entry.path, sha256: entry.sha256)
        let folder = entry.path.split(separator: "/").dropLast().joined(separator: "/")
        let beside = entry.path.hasPrefix("/") ? described(in: "/" + folder) : []
        if !entry.serves.isEmpty {
            location.serves = entry.serves
        } else if let described = beside.first(where: { $0.path == entry.path }) {
            location.kind = described.kind
            location.serves = described.serves
            location.manifest = described.manifest
            location.problem = described.problem
        } else {
            location.serves = PluginLocation.driverName(inPath: entry.path).map { [$0] } ?? []
        }
        if requirePinned && entry.sha256 == nil { location.problem = notPinned(entry.path) }
        return location
    }

    /// The libraries that the manifests in a folder describe.
    private func described(in folder: String) -> [PluginLocation] {
        let files = FileSystem.names(in: folder).filter { $0.hasSuffix(".toml") }.sorted()
        return files.map { file in
            let path = "\(folder)/\(file)"
            do throws(PluginRefused) {
                let manifest = try read(manifestAt: path)
                var location = PluginLocation(
                    path: "\(folder)/\(manifest.library)", kind: manifest.kind,
                    serves: manifest.serves, manifest: path)
                if manifest.abi != Int(supportedMajor) {
                    let speaks = UInt16(exactly: manifest.abi)
                    location.problem = PluginRefused(
                        library: location.path,
                        reason: .abi(speaks: speaks, wanted: supportedMajor))
                } else if requirePinned {
                    location.problem = notPinned(location.path)
                }
                return location
            } catch {
                return PluginLocation(path: path, manifest: path, problem: error)
            }
        }
    }

    private func read(manifestAt path: String) throws(PluginRefused) -> Manifest {
        let file = try TrustedFile(path: path, ancestry: .every)
        let bytes = try file.contents(limit: Manifest.sizeMax)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PluginRefused(
                library: path, reason: .manifest(path: path, problem: "it is not UTF-8"))
        }
        do {
            return try Manifest(text)
        } catch {
            throw PluginRefused(
                library: path, reason: .manifest(path: path, problem: error.problem))
        }
    }

    private func inBuildDirectory(_ name: String) -> PluginLocation? {
        guard let buildDirectory else { return nil }
        return library(name, in: buildDirectory, .folder)
    }

    private func inDirectories(_ name: String) -> PluginLocation? {
        for directory in directories {
            if let location = library(name, in: directory, .every) { return location }
        }
        return nil
    }

    private func library(
        _ name: String, in folder: String, _ ancestry: PluginLocation.Ancestry
    ) -> PluginLocation? {
        let path = "\(folder)/libkms-\(name).so"
        guard FileSystem.exists(path) else { return nil }
        return PluginLocation(
            path: path, serves: [name], ancestry: ancestry,
            problem: requirePinned ? notPinned(path) : nil)
    }

    private func libraries(
        in folder: String, _ ancestry: PluginLocation.Ancestry
    ) -> [PluginLocation] {
        FileSystem.names(in: folder).sorted().compactMap { file in
            PluginLocation.driverName(inPath: file).flatMap { library($0, in: folder, ancestry) }
        }
    }

    private func notPinned(_ path: String) -> PluginRefused {
        PluginRefused(library: path, reason: .notPinned)
    }
}

extension PluginLocation {
    fileprivate func matches(_ name: String, _ kind: PluginKind) -> Bool {
        serves.contains(name) && (self.kind ?? kind) == kind
    }
}
