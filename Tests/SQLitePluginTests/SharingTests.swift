import Glibc
import PluginABI
import Testing

@Suite struct SharingTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func twoThatStartOnAnEmptyFileMakeOneSchema() async throws {
        let path = directory.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<4 {
                group.addTask {
                    let database = try TestDatabase.ready(path)
                    #expect(try database.apply([.create(TestObject(uid: "k\(number)"))]) == [0])
                }
            }
            try await group.waitForAll()
        }

        let database = try TestDatabase(path)
        #expect(try database.context().state == KMS_SCHEMA_READY)
        #expect(try database.query(TestQuery()).items.count == 4)
        #expect(try RawDatabase(path).run("SELECT count(*) FROM context") == [["1"]])
    }

    @Test func eachSeesWhatTheOtherCommitted() throws {
        let one = try TestDatabase.ready(directory.path)
        let two = try TestDatabase.ready(directory.path)

        for revision in 1...20 as ClosedRange<UInt64> {
            try one.apply([
                revision == 1
                    ? .create(TestObject(uid: "k", revision: 1))
                    : .update(TestObject(uid: "k", revision: revision), parts: 0)
            ])
            #expect(try two.get("k").revision == revision)
            #expect(try two.get("k", known: revision).isUnchanged)
        }
    }

    @Test func concurrentGrantsLoseNothing() async throws {
        let path = directory.path
        _ = try TestDatabase.ready(path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    let database = try TestDatabase(path, .init(synchronous: "normal"))
                    for bit in 0..<8 {
                        try database.apply([.grant("k", to: "bob", 1 << (worker * 8 + bit))])
                    }
                }
            }
            try await group.waitForAll()
        }

        #expect(try TestDatabase(path).get("k", who: ["bob"]).rights == 0xFFFF_FFFF)
    }

    @Test func readsGoOnWhileAnotherProcessHoldsTheLock() throws {
        let database = try TestDatabase.ready(directory.path)
        try database.apply([.create(TestObject(uid: "k"))])
        let raw = try RawDatabase(directory.path)
        try raw.run("BEGIN IMMEDIATE; UPDATE objects SET state = 9")

        #expect(try database.get([TestGet(uid: "k")], .init(isInline: true))[0].state == 2)
        let began = monotonic()
        #expect {
            try database.apply(
                [.create(TestObject(uid: "l"))], .init(deadline: monotonic() + 50_000_000))
        } throws: { ($0 as? TestFailure)?.status == Int(KMS_DEADLINE) }
        #expect(monotonic() - began < 4_000_000_000)
        try raw.run("ROLLBACK")
        #expect(try database.apply([.create(TestObject(uid: "l"))]) == [0])
    }

    @Test func manyThreadsShareOneHandle() async throws {
        let database = try TestDatabase.ready(
            directory.path, .init(concurrency: 4, synchronous: "normal"))
        try database.apply((0..<10).map { .create(TestObject(uid: "k\($0)", object: [UInt8($0)])) })

        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<6 {
                group.addTask {
                    for round in 0..<100 {
                        let number = (worker + round) % 10
                        do {
                            let item = try database.get(
                                [TestGet(uid: "k\(number)")], .init(isInline: round % 2 == 0))[0]
                            #expect(item.object == [UInt8(number)])
                        } catch let failure as TestFailure
                            where failure.status == Int(KMS_WOULD_BLOCK)
                        {
                            continue
                        }
                        if worker == 0 {
                            try database.apply([.create(TestObject(uid: "w\(round)"))])
                        }
                    }
                }
            }
            try await group.waitForAll()
        }

        #expect(try database.query(TestQuery()).items.count == 110)
        #expect(try #require(database.statistics()["readers.open"]) <= 4)
    }
}
