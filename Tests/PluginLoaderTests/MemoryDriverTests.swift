import PluginLoader
import Secrets
import Testing

/// The whole way, from a name in the configuration to objects and grants, on the example driver: built
/// with today's headers, and with those that were released as 1.0.
@Suite struct MemoryDriverTests {
    private static let minors: [Int?] = [nil, 0]

    private func open(_ minor: Int?) async throws -> (Database, Folder) {
        let folder = try Folder()
        try folder.write("libkms-memory.so", try await DriverImages.shared.memory(minor: minor))
        try folder.write(
            "kms-memory.toml",
            try contents(of: Fixture.root + "/Examples/memory-driver/kms-memory.toml"))
        let search = PluginSearch(
            entries: [], directories: [folder.path], buildDirectory: nil, requirePinned: false)
        let plugin = try Plugin.load(try search.locate("memory", kind: .database))
        #expect(minor == nil || plugin.info.abiMinor == minor)
        try plugin.start(.tests())
        let database = try await plugin.openDatabase(
            settings: [], concurrency: 4, readOnly: false, deadline: .none)
        return (database, folder)
    }

    @Test(arguments: minors)
    func keepsObjectsAndGrants(builtWith minor: Int?) async throws {
        let (database, _) = try await open(minor)
        #expect(try await database.context().state == .empty)
        try await database.migrate()
        #expect(try await database.context().state == .ready)

        try await database.apply([write("a"), write("b")], deadline: .none)
        let exists = try await failure {
            try await database.apply([write("c"), write("a")], deadline: .none)
        }
        #expect(exists.status == .exists && exists.failedItem == 1)
        try await database.apply(
            [
                Write(
                    .grant(uid: "a", user: "bob", rights: 5),
                    if: Write.Conditions(isPresent: true, owner: "alice"))
            ], deadline: .none)

        let record = try await database.get(
            GetRequest(uid: "a", who: ["bob"], parts: .all), deadline: .after(.seconds(60)))
        #expect(record.owner == "alice" && record.rights == 5 && record.revision == 9)
        #expect(record.object?.text == "key of a")
        #expect(record.tags == ["prod"] && record.attributes == [1, 2])
        #expect(try await database.get("c").status == .notFound, "its batch failed")

        let filter = Filter.all([.tag("prod"), .equal(path: "Name", .text("b"), .rare)])
        let page = try await database.query(
            Query(filter: filter, parts: [.tags], who: ["alice"], countsTotal: true),
            deadline: .none)
        #expect(page.objects.map(\.uid) == ["b"] && page.total == 1 && !page.isInexact)

        let grants = try await database.grants(GrantsQuery(uid: "a"), deadline: .none)
        #expect(grants.grants.map(\.user) == ["bob"] && grants.grants.first?.owner == "alice")

        let stale = try await failure {
            try await database.apply(
                [Write(.delete(uid: "a"), if: Write.Conditions(revision: 8))], deadline: .none)
        }
        #expect(stale.status == .conflict)
        await database.close()
    }

    @Test(arguments: minors)
    func hearsOfChanges(builtWith minor: Int?) async throws {
        let (database, _) = try await open(minor)
        try await database.migrate()
        let token = try await database.changes(since: []).token
        let listener = Task {
            try await database.changes(since: token, deadline: .after(.seconds(60)))
        }

        try await database.apply([write("a")], deadline: .none)

        #expect(try await listener.value.uids == ["a"])
        await database.close()
    }

    @Test(arguments: minors)
    func pagesThroughManyObjects(builtWith minor: Int?) async throws {
        let (database, _) = try await open(minor)
        try await database.migrate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<250 {
                group.addTask { try await database.apply([write("k\(number)")], deadline: .none) }
            }
            try await group.waitForAll()
        }

        var query = Query(filter: nil, limit: 100)
        var uids: [String] = []
        repeat {
            let page = try await database.query(query, deadline: .none)
            uids += page.objects.map(\.uid)
            query.cursor = page.cursor
        } while !query.cursor.isEmpty

        #expect(uids.sorted() == (0..<250).map { "k\($0)" }.sorted())
        await database.close()
    }

    private func write(_ uid: String) -> Write {
        Write(
            .create(
                NewObject(
                    uid: uid, owner: "alice", type: 2, state: 2, revision: 9,
                    object: SecretBytes(copying: Array("key of \(uid)".utf8)), attributes: [1, 2],
                    tags: ["prod"], terms: [Term(path: "Name", value: .text(uid), rank: .rare)])))
    }
}
