import PluginLoader

/// One of `Tests/ABI/bad-drivers`, with the memory driver beside it as the good one that it spoils.
struct BadDriver {
    let folder: Folder
    let library: String

    /// - Parameters:
    ///   - name: Of the file, without `.c`.
    ///   - defines: Macros, `NAME` or `NAME=value`.
    init(_ name: String, _ defines: String...) async throws { try await self.init(name, defines) }

    init(_ name: String, _ defines: [String]) async throws {
        let image = try await DriverImages.shared.compiled(
            "bad-drivers/\(name).c", defines.map { "-D" + $0 })
        folder = try Folder()
        // Files of its own: the dynamic linker knows libraries by their file, and each test wants a
        // driver with a state of its own.
        library = try folder.write("libkms-bad.so", image)
        try folder.write("inner.so", try await DriverImages.shared.memory())
    }

    func load() throws -> Plugin { try Plugin.load(PluginLocation(path: library)) }

    /// A started driver with an open, empty database.
    func open(
        concurrency: Int = 4, host: HostServices = .tests(), patience: Duration = .seconds(5)
    ) async throws -> Database {
        let plugin = try load()
        try plugin.start(host)
        let database = try await plugin.openDatabase(
            settings: [], concurrency: concurrency, readOnly: false, deadline: .none,
            patience: patience)
        // A driver without functions has no schema either.
        do { try await database.migrate() } catch {
            guard error.status == .unsupported else { throw error }
        }
        return database
    }
}
