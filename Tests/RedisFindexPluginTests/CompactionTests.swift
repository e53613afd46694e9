import PluginABI
import RedisFindexDriver
import Testing

/// The index does not grow with what was taken away again.
struct CompactionTests {
    let store: TestStore
    let database: TestDatabase

    init() throws {
        store = try TestStore()
        database = try store.ready()
        try database.apply([.create(TestObject(uid: "kept", owner: "", tags: ["hot"]))])
    }

    private static func wear(_ handle: TestDatabase, rounds: Range<Int>) throws {
        for round in rounds {
            try handle.apply([.create(TestObject(uid: "t\(round)", owner: "", tags: ["hot"]))])
            try handle.apply([.delete("t\(round)")])
        }
    }

    private static func found(_ handle: TestDatabase) throws -> [String] {
        try handle.query(TestQuery(filter: .tag("hot"))).uids
    }

    @Test func aSearchMendsAWornKeyword() throws {
        try Self.wear(database, rounds: 0..<40)
        let before = try store.raw().keys(.link).count

        #expect(try Self.found(database) == ["kept"])

        #expect(before == 81)
        #expect(try store.raw().keys(.link).count == 1)
        #expect(try database.statistics()["index.compacted"] == 1)
        #expect(try Self.found(database) == ["kept"])
        try database.apply([.create(TestObject(uid: "new", owner: "", tags: ["hot"]))])
        #expect(try Self.found(try store.open()).sorted() == ["kept", "new"])
    }

    @Test func whoHasReadTheOldChainFindsTheNewOne() throws {
        let other = try store.open()
        for index in 0..<20 {
            try database.apply([.create(TestObject(uid: "k\(index)", owner: "", tags: ["hot"]))])
        }
        #expect(try Self.found(other).count == 21)
        try Self.wear(database, rounds: 0..<80)
        _ = try Self.found(database)
        try database.apply([.delete("kept")])

        #expect(try Self.found(other).count == 20)
        try Self.wear(other, rounds: 100..<101)
        #expect(try Self.found(database).count == 20)
    }

    @Test func nothingIsLostWhileOthersWrite() async throws {
        let handles = [database, try store.open()]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, handle) in handles.enumerated() {
                group.addTask {
                    for round in 0..<3 {
                        try Self.wear(
                            handle,
                            rounds: (index * 1000 + round * 30)..<(index * 1000 + round * 30 + 30))
                        try handle.apply([
                            .create(TestObject(uid: "s\(index)-\(round)", owner: "", tags: ["hot"]))
                        ])
                        _ = try Self.found(handle)
                    }
                }
            }
            try await group.waitForAll()
        }

        let expected = ["kept"] + (0..<2).flatMap { i in (0..<3).map { "s\(i)-\($0)" } }
        #expect(try Self.found(database).sorted() == expected.sorted())
        #expect(try Self.found(try store.open()).sorted() == expected.sorted())
    }
}
