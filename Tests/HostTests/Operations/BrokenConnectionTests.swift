import Host
import KMIP
import Testing

/// What a database that goes away for a moment does to requests: `Tests/Fixtures/flaky-driver` reads
/// the fault from the uid.
@Suite struct BrokenConnectionTests {
    @Test(arguments: ["away-2-k", "lost-1-k", "dropped-1-k", "late-1-k", "away-1-k"])
    func aKeyIsCreatedOnceWhateverBecomesOfTheConnection(uid: String) async throws {
        try await TestServer.with(.flaky) { server in
            _ = try await server.send(.createKey(uid: uid))
            let sealed = try #require(try await server.send(.encrypt(uid, [7])).sealed)
            #expect(try await server.send(.decrypt(uid, sealed)).opened == [7])
            // A second one with that name is still refused.
            await #expect(throws: Failure.self) { try await server.send(.createKey(uid: uid)) }
        }
    }

    @Test func readsWaitForADatabaseThatComesBack() async throws {
        try await TestServer.with(.flaky) { server in
            _ = try await server.send(.createKey(uid: "away-3-read"))
            _ = try await server.send(.get("away-3-read"))
            _ = try await server.send(.encrypt("away-3-read"))
        }
    }

    @Test func aRequestWaitsNoLongerThanItsDeadline() async throws {
        try await TestServer.with(.flaky, requestTimeout: .milliseconds(200)) { server in
            let started = ContinuousClock.now
            let failure = await #expect(throws: Failure.self) {
                try await server.send(.createKey(uid: "away-1000000-k"))
            }
            #expect(failure?.kind == .unavailable)
            // A million attempts would take hours.
            #expect(ContinuousClock.now - started < .seconds(60))
        }
    }

    /// Six writes: the connection breaks in each of them, before, after and during the commit.
    @Test(arguments: ["lost", "dropped", "late"], 1...6)
    func everyChangeIsMadeOnce(fault: String, write: Int) async throws {
        try await TestServer.with(.flaky) { server in
            let uid = "\(fault)-\(write)-life"
            _ = try await server.send(.createKey(uid: uid))
            try await server.grants(of: "alice").grant(.init(uid: uid, user: "bob", rights: .encrypt))
            _ = try await server.send(.encrypt(uid), as: "bob")
            try await server.grants(of: "alice").revoke(.init(uid: uid, user: "bob", rights: .encrypt))
            await #expect(throws: Failure.self) { try await server.send(.encrypt(uid), as: "bob") }
            _ = try await server.send(.importKey(uid, [UInt8](repeating: 3, count: 32), replace: true))
            _ = try await server.send(.encrypt(uid))
            _ = try await server.send(.revoke(uid))
            await #expect(throws: Failure.self) { try await server.send(.encrypt(uid)) }
            _ = try await server.send(.destroy(uid, remove: true))
            await #expect(throws: Failure.self) { try await server.send(.attributes(uid)) }
        }
    }
}
