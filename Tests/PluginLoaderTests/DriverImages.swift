/// The libraries that tests load, each built once as a third party would: a C compiler and the headers.
actor DriverImages {
    static let shared = DriverImages()
    private var images: [[String]: Task<[UInt8], any Error>] = [:]

    private static let headers = Fixture.root + "/Sources/PluginABI/include"

    /// - Parameter source: Below `Tests/ABI`.
    func compiled(_ source: String, _ flags: [String] = []) async throws -> [UInt8] {
        try await image(key: [source] + flags) { folder in
            let library = folder.path + "/driver.so"
            try await run(
                ["cc", "-std=c11", "-g0", "-O1", "-pthread", "-shared", "-fPIC"]
                    + ["-Wall", "-Wextra", "-Werror", "-fvisibility=hidden"]
                    + ["-Wl,-z,now,-z,relro"] + flags
                    + ["-I", Self.headers, "-o", library]
                    + [Fixture.root + "/Tests/ABI/" + source])
            return library
        }
    }

    /// The complete driver of the examples.
    ///
    /// - Parameter minor: That of the headers that it is built with; today's when nil.
    func memory(minor: Int? = nil) async throws -> [UInt8] {
        let headers = minor.map { Fixture.root + "/Tests/ABI/v1.\($0)/include" } ?? Self.headers
        return try await image(key: ["memory", headers]) { folder in
            try await run([
                "make", "-s", "-C", Fixture.root + "/Examples/memory-driver",
                "OUT=\(folder.path)", "ABI=\(headers)", "all",
            ])
            return folder.path + "/libkms-memory.so"
        }
    }

    private func image(
        key: [String], _ build: @escaping @Sendable (Folder) async throws -> String
    ) async throws -> [UInt8] {
        if let image = images[key] { return try await image.value }
        let image = Task {
            let folder = try Folder()
            return try contents(of: try await build(folder))
        }
        images[key] = image
        return try await image.value
    }
}
