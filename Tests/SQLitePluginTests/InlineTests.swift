import PluginABI
import Testing

/// Calls on the host's own thread, and the bound of the table `changes`.
@Suite struct InlineTests {
    let directory: TemporaryDirectory
    let database: TestDatabase

    init() throws {
        directory = try TemporaryDirectory()
        database = try .ready(directory.path, .init(synchronous: "normal"))
    }

    @Test func answersShortSearchesInlineAndRefusesLongOnes() throws {
        try database.apply((0..<10).map { .create(TestObject(uid: "k\($0)", tags: ["ten"])) })
        for start in stride(from: 0, to: 3000, by: 100) {
            try database.apply(
                (start..<start + 100).map {
                    .create(TestObject(uid: "many\($0)", state: 1, tags: ["many"]))
                })
        }
        let ten = TestQuery(filter: .tag("ten"), who: ["alice", "*"], limit: 20)
        let none = TestQuery(filter: .and(.tag("many"), .state(9)), who: ["alice", "*"], limit: 20)

        #expect(try database.query(ten, .init(isInline: true)).items.count == 10)
        #expect(throws: TestFailure(status: Int(KMS_WOULD_BLOCK))) {
            try database.query(none, .init(isInline: true))
        }
        #expect(try database.query(none).items.isEmpty)
    }

    @Test func refusesLongArraysInline() throws {
        let items = Array(repeating: TestGet(uid: "key"), count: 100)

        #expect(throws: TestFailure(status: Int(KMS_WOULD_BLOCK))) {
            try database.get(items, .init(isInline: true))
        }
        #expect(try database.get(items).count == 100)
    }

    @Test func forgetsOldChanges() throws {
        let start = try database.changes(since: [])
        try database.apply([.create(TestObject(uid: "first"))])
        let raw = try RawDatabase(directory.path)
        try raw.run("INSERT INTO changes (seq, uid) VALUES (66000, 'last')")
        let recent = try database.changes(
            since: try database.changes(since: []).token, .init(deadline: monotonic() + 1_000_000))
        try database.apply((0..<300).map { .grant("k\($0)", to: "bob", 1, batch: UInt32($0)) })

        #expect(try database.changes(since: start.token).isLost)
        let news = try database.changes(since: recent.token)
        #expect(news.uids.count == 300 && !news.isLost)
        #expect(try raw.run("SELECT min(seq) FROM changes") == [["66000"]])
    }
}
