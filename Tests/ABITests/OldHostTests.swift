import Testing

/// A host that was built with the headers of 1.0 is served by today's drivers.
@Suite struct OldHostTests {
    private static let frozen = Repository.root + "/Tests/ABI/v1.0"

    @Test(arguments: [Repository.include, frozen + "/include"])
    func isServedByTheDriverInC(builtWith headers: String) async throws {
        let folder = try TemporaryFolder()
        let built = try await run([
            "make", "-s", "-C", Repository.root + "/Examples/memory-driver", "OUT=\(folder.path)",
            "ABI=\(headers)", "all",
        ])
        try #require(built.status == 0, "\(built.output)")

        try await expectServed(by: folder.path + "/libkms-memory.so", in: folder)
    }

    @Test(.enabled(if: Repository.hasSQLiteDriver, "there is no Plugins/sqlite"))
    func isServedByTheDriverInSwift() async throws {
        let folder = try TemporaryFolder()

        try await expectServed(
            by: Repository.sqliteDriver, in: folder, "sqlite-path=\(folder.path)")
    }

    private func expectServed(
        by driver: String, in folder: borrowing TemporaryFolder, _ options: String...
    ) async throws {
        let host = folder.path + "/host"
        let built = try await run([
            "cc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Werror", "-I",
            Self.frozen + "/include", "-o", host, Self.frozen + "/host.c", "-ldl",
        ])
        try #require(built.status == 0, "\(built.output)")

        let served = try await run([host, driver] + options)

        #expect(served.status == 0 && served.output.hasSuffix("\nok\n"), "\(served.output)")
    }
}
