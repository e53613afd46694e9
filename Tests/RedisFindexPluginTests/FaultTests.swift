import Glibc
import PluginABI
import Testing

/// What the network and the server may do to a handle.
struct FaultTests {
    let store: TestStore
    let proxy: Proxy

    init() throws {
        store = try TestStore()
        proxy = try Proxy(to: store.server.port)
    }

    private func open() throws -> TestDatabase {
        let database = try store.open(url: store.url(port: proxy.port))
        try database.migrate()
        return database
    }

    private func soon(_ milliseconds: UInt64) -> TestDatabase.Call {
        .init(deadline: monotonic() + milliseconds * 1_000_000)
    }

    private func failure(_ body: () throws -> Void) throws -> TestFailure {
        do {
            try body()
        } catch let failure as TestFailure {
            return failure
        }
        throw TestFailure(status: 0, message: "it did not fail")
    }

    private func eventually(_ condition: () throws -> Bool) throws {
        let end = monotonic() + 5_000_000_000
        while monotonic() < end {
            if (try? condition()) == true { return }
            usleep(20_000)
        }
        #expect(try condition())
    }

    @Test func deadlinesHoldWhileTheServerHangs() throws {
        defer { proxy.close() }
        let database = try open()
        proxy.mode = .stall
        let began = monotonic()

        let read = try failure { _ = try database.get([TestGet(uid: "k")], soon(200)) }
        let write = try failure { try database.apply([.create(TestObject(uid: "k"))], soon(200)) }

        #expect(read.status == Int(KMS_DEADLINE))
        #expect([Int(KMS_DEADLINE), Int(KMS_UNAVAILABLE)].contains(write.status))
        #expect(monotonic() - began < 1_500_000_000)
        proxy.mode = .forward
        try eventually { try database.get("k").status == Int(KMS_NOT_FOUND) }
    }

    @Test func connectsAgainWhenTheServerIsBack() throws {
        defer { proxy.close() }
        let database = try open()
        try database.apply([.create(TestObject(uid: "k", object: [1]))])
        proxy.mode = .refuse

        let away = try failure { for _ in 0..<3 { _ = try database.get("k") } }

        #expect(away.status == Int(KMS_UNAVAILABLE))
        #expect(away.flags & UInt32(KMS_ERROR_RETRYABLE) != 0)
        proxy.mode = .forward
        try eventually { try database.get("k").object == [1] }
    }

    @Test func aCommitThatArrivedIsNotDoneTwice() throws {
        defer { proxy.close() }
        let database = try open()
        try database.apply([.create(TestObject(uid: "warm"))])
        proxy.cut(at: "EVALSHA", passingOn: true)

        let statuses = try database.apply([
            .create(TestObject(uid: "k", object: [7], tags: ["t"])), .delete("warm"),
        ])

        #expect(statuses == [Int(KMS_OK), Int(KMS_OK)])
        #expect(try database.get("k").object == [7])
        #expect(try database.query(TestQuery(filter: .tag("t"))).uids == ["k"])
        #expect(try database.get("warm").status == Int(KMS_NOT_FOUND))
    }

    @Test func aCommitThatDidNotArriveIsDoneAgain() throws {
        defer { proxy.close() }
        let database = try open()
        try database.apply([.create(TestObject(uid: "warm"))])
        proxy.cut(at: "EVALSHA", passingOn: false)

        let statuses = try database.apply([
            .create(TestObject(uid: "k", tags: ["t"])), .delete("warm"),
        ])

        #expect(statuses == [Int(KMS_OK), Int(KMS_OK)])
        #expect(try database.query(TestQuery(filter: .tag("t"))).uids == ["k"])
    }

    @Test func loadsTheScriptAgainAfterItWasForgotten() throws {
        defer { proxy.close() }
        let database = try open()
        try database.apply([.create(TestObject(uid: "a"))])
        try store.raw().run("SCRIPT", "FLUSH")

        try database.apply([.create(TestObject(uid: "b"))])

        #expect(try database.get("b").status == Int(KMS_OK))
    }

    @Test func aDatabaseThatVanishesIsNotMadeAnewUnderAServer() throws {
        defer { proxy.close() }
        let database = try open()
        try database.apply([.create(TestObject(uid: "a"))])
        try store.raw().run("FLUSHDB")

        #expect(try failure { _ = try database.get("a") }.status == Int(KMS_UPGRADING))
        #expect(
            try failure { try database.apply([.create(TestObject(uid: "b"))]) }.status
                == Int(KMS_UPGRADING))
        #expect(try failure { try database.migrate() }.status == Int(KMS_UNAVAILABLE))
        #expect(try store.raw().keys("*") == [])
    }

    @Test func severalHandlesOnHotTagsLoseNothing() async throws {
        defer { proxy.close() }
        let handles = try (0..<4).map { _ in try store.ready() }

        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, handle) in handles.enumerated() {
                group.addTask {
                    for round in 0..<25 {
                        let uid = "u\(index)-\(round)"
                        try handle.apply([
                            .create(TestObject(uid: uid, owner: "alice", tags: ["hot", "warm"]))
                        ])
                        if round % 5 == 4 { try handle.apply([.delete(uid)]) }
                    }
                }
            }
            try await group.waitForAll()
        }

        let expected = (0..<4).flatMap { index in
            (0..<25).filter { $0 % 5 != 4 }.map { "u\(index)-\($0)" }
        }.sorted()
        for handle in handles {
            for query in [
                TestQuery(filter: .tag("hot")), TestQuery(filter: .tag("warm")), TestQuery(),
                TestQuery(who: ["alice"]),
            ] {
                #expect(try handle.query(query).uids.sorted() == expected)
            }
        }
    }
}
