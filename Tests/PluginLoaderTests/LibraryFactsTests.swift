import PluginLoader
import Testing

@Suite struct LibraryFactsTests {
    @Test func readsAHardenedLibrary() async throws {
        let fixture = try await Fixture()

        let facts = try LibraryFacts(path: fixture.library)

        #expect(facts.exports == ["kms_plugin_entry"])
        #expect(facts.needed.contains { $0.hasPrefix("libc.so") })
        #expect(facts.isRelocationReadOnly && facts.bindsNow)
        #expect(!facts.hasExecutableStack && !facts.hasTextRelocations)
    }

    @Test func seesWhatIsNotHardened() async throws {
        let fixture = try await Fixture(
            flags: ["-fvisibility=default", "-Wl,-z,lazy,-z,norelro,-z,execstack"])

        let facts = try LibraryFacts(path: fixture.library)

        #expect(facts.hasExecutableStack && !facts.isRelocationReadOnly && !facts.bindsNow)
    }

    /// Each of these files would end the process inside `dlopen`, or might.
    @Test func refusesEveryTruncation() async throws {
        let whole = try await Fixture().bytes()
        let folder = try Folder()

        for length in stride(from: 0, to: whole.count, by: 509) {
            let path = try folder.write("libkms-cut.so", whole.prefix(length))
            let refused = try refusal { try Plugin.load(PluginLocation(path: path)) }
            guard case .notLibrary = refused.reason else {
                Issue.record("\(length) of \(whole.count) bytes: \(refused)")
                return
            }
        }
        let last = try folder.write("libkms-cut.so", whole.dropLast())
        #expect(throws: PluginRefused.self) { try LibraryFacts(path: last) }
    }

    @Test(arguments: [
        (0, UInt8(0), "not an ELF"), (4, 1, "another machine"), (5, 2, "another machine"),
        (18, 40, "another machine"), (16, 2, "not a shared object"), (54, 1, "segments"),
        (58, 1, "sections"), (39, 0x7F, "truncated"), (47, 0xFF, "truncated"),
    ])
    func refusesAHeader(with offset: Int, as byte: UInt8, saying problem: String) async throws {
        var bytes = try await Fixture().bytes()
        bytes[offset] = byte

        let error = #expect(throws: LibraryFacts.Malformed.self) { try LibraryFacts(bytes) }

        #expect(error?.problem.contains(problem) == true)
    }

    /// The reader must hold against any bytes: it reads before anybody vouched for them.
    @Test func survivesDamagedHeaders() async throws {
        let whole = try await Fixture().bytes()
        var generator = SystemRandomNumberGenerator()

        for _ in 0..<2000 {
            var bytes = whole
            for _ in 0..<4 {
                let offset = Int.random(in: 16..<min(2048, bytes.count), using: &generator)
                bytes[offset] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = try? LibraryFacts(bytes)
        }
    }
}
