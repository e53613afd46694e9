import PluginABI
import Testing

/// What the network and the server may do to a handle.
@Suite struct FaultTests {
    let store: TestStore
    let proxy: Proxy

    init() throws {
        store = try TestStore()
        proxy = try Proxy(to: store.port)
    }

    /// - Parameter isReadable: The proxy can read what passes.
    private func open(isReadable: Bool = true) throws -> TestDatabase {
        let url = store.url(port: proxy.port) + (isReadable ? "?ssl-mode=disabled" : "")
        let database = try TestDatabase(texts: ["database-url": url])
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

    @Test(arguments: [true, false])
    func deadlinesHoldWhileTheServerHangs(_ isReadable: Bool) throws {
        defer { proxy.close() }
        let database = try open(isReadable: isReadable)
        proxy.mode = .stall
        let began = monotonic()

        let read = try failure { _ = try database.get([TestGet(uid: "k")], soon(200)) }
        let write = try failure { try database.apply([.create(TestObject(uid: "k"))], soon(200)) }
        let health = try failure { try database.health(soon(2000)) }

        #expect(read.status == Int(KMS_DEADLINE))
        #expect([Int(KMS_DEADLINE), Int(KMS_UNAVAILABLE)].contains(write.status))
        #expect(write.flags & UInt32(KMS_ERROR_IN_DOUBT) == 0)
        #expect([Int(KMS_DEADLINE), Int(KMS_UNAVAILABLE)].contains(health.status))
        #expect(monotonic() - began < 1_500_000_000)

        proxy.mode = .forward
        try eventually { try database.get("k").status == Int(KMS_NOT_FOUND) }
    }

    @Test func cancelEndsACallWhileTheServerHangs() async throws {
        defer { proxy.close() }
        let database = try open()
        proxy.mode = .stall
        let waiting = Task.detached {
            try database.get(
                [TestGet(uid: "k")], .init(id: 7, deadline: monotonic() + 20_000_000_000))
        }
        let cancelling = Task.detached {
            while !Task.isCancelled {
                database.cancel(7)
                await Task.yield()
            }
        }

        await #expect { try await waiting.value } throws: {
            ($0 as? TestFailure)?.status == Int(KMS_CANCELLED)
        }
        cancelling.cancel()
    }

    @Test(arguments: [true, false])
    func aCommitWithoutAnswerIsInDoubt(_ arrives: Bool) throws {
        defer { proxy.close() }
        let database = try open()
        // A fresh connection, on which the word is sent in clear once.
        database.dropConnections(proxy)
        proxy.cut(at: "COMMIT", passingOn: arrives)

        let lost = try failure {
            try database.apply([.create(TestObject(uid: "k", revision: 5))], soon(5000))
        }

        #expect(lost.status == Int(KMS_UNAVAILABLE))
        #expect(lost.flags == UInt32(KMS_ERROR_IN_DOUBT))
        // Whether it was done is found out by reading.
        let expected = arrives ? 0 : Int(KMS_NOT_FOUND)
        let other = try store.open()
        try eventually { try other.get("k").status == expected }
        try eventually { try database.get("k").status == expected }
    }

    @Test func aConnectionCutBeforeTheCommitWroteNothing() throws {
        defer { proxy.close() }
        let database = try open()
        database.dropConnections(proxy)
        proxy.cut(at: "INSERT IGNORE INTO objects", passingOn: true)

        let lost = try failure {
            try database.apply([.create(TestObject(uid: "k"))], soon(5000))
        }

        #expect(lost.status == Int(KMS_UNAVAILABLE))
        #expect(lost.flags == UInt32(KMS_ERROR_RETRYABLE))
        try eventually { try database.apply([.create(TestObject(uid: "k"))]) == [0] }
    }

    @Test func whileTheServerIsAwayCallsFailAtOnceAndFewConnect() throws {
        defer { proxy.close() }
        let database = try open()
        proxy.mode = .refuse
        let before = proxy.accepted
        let began = monotonic()

        for _ in 0..<500 {
            let refused = try failure { try database.health(soon(2000)) }
            #expect(refused.status == Int(KMS_UNAVAILABLE))
            #expect(refused.flags == UInt32(KMS_ERROR_RETRYABLE))
        }

        #expect(monotonic() - began < 5_000_000_000)
        #expect(proxy.accepted - before < 30)
        proxy.mode = .forward
        try eventually { try database.get("k").status == Int(KMS_NOT_FOUND) }
    }

    @Test func aKilledSessionIsReplacedUnnoticed() throws {
        defer { proxy.close() }
        let database = try open()
        try database.apply([.create(TestObject(uid: "k"))])

        try store.killSessions()

        #expect(try database.get("k").status == 0)
    }

    @Test func changesGoOnAfterTheListenerWasCut() throws {
        defer { proxy.close() }
        let database = try open()
        let start = try database.changes(since: [])
        try store.killSessions()
        try store.open().apply([.create(TestObject(uid: "k"))])

        try eventually {
            try database.changes(since: start.token, soon(2000)).uids.contains("k")
        }
    }

    /// Repeats until it is so, which is a matter of milliseconds.
    private func eventually(_ condition: () throws -> Bool) throws {
        let limit = monotonic() + 10_000_000_000
        while true {
            if let holds = try? condition(), holds { return }
            try #require(monotonic() < limit)
        }
    }
}

extension TestDatabase {
    /// Makes the driver connect anew.
    func dropConnections(_ proxy: Proxy) {
        proxy.mode = .refuse
        while (try? health()) != nil {}
        proxy.mode = .forward
        while (try? health()) == nil {}
    }
}
