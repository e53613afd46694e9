import Host
import KMIP
import Secrets
import Testing

/// States of keys and what each of them allows.
struct LifeOfAKeyTests {
    @Test(arguments: DriverUnderTest.available)
    func encryptsAndDecryptsUntilRevoked(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let uid = try await server.send(.createKey()).uid
            let sealed = try #require(try await server.send(.encrypt(uid, [9, 8, 7])).sealed)
            #expect(try await server.send(.decrypt(uid, sealed)).opened == [9, 8, 7])

            _ = try await server.send(.revoke(uid))

            await #expect(throws: Failure.self) { try await server.send(.encrypt(uid)) }
            await #expect(throws: Failure.self) { try await server.send(.decrypt(uid, sealed)) }
            await #expect(throws: Failure.self) { try await server.send(.get(uid)) }
            #expect(try await server.send(.export(uid)).keyBytes?.count == 32)
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func refusesToDestroyAnActiveKey(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let uid = try await server.send(.createKey()).uid

            for remove in [false, true] {
                let failure = await #expect(throws: Failure.self) {
                    try await server.send(.destroy(uid, remove: remove))
                }
                #expect(failure?.kind == .invalidRequest)
            }

            #expect(try await server.send(.get(uid)).keyBytes?.count == 32)
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func destroyErasesTheBytesAndKeepsTheMetadata(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let uid = try await server.send(.createKey()).uid
            _ = try await server.send(.revoke(uid))
            _ = try await server.send(.destroy(uid))

            let exported = try await server.send(.export(uid))

            #expect(exported.keyBytes == [])
            #expect(exported.delivered?.keyBlock?.keyFormatType == .opaque)
            #expect(exported.attributes?.destroyDate == server.clock.now)
            await #expect(throws: Failure.self) { try await server.send(.destroy(uid)) }
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func removeForgetsTheKeyAndItsGrants(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            _ = try await server.send(.createKey(uid: "k"))
            try await server.grants(of: "alice").grant(.init(uid: "k", user: "bob", rights: .get))
            _ = try await server.send(.revoke("k"))
            _ = try await server.send(.destroy("k", remove: true))

            await #expect(throws: Failure.self) { try await server.send(.export("k")) }
            _ = try await server.send(.createKey(uid: "k"))
            await #expect(throws: Failure.self) { try await server.send(.get("k"), as: "bob") }
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func becomesActiveWhenItsDateComes(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let date = server.clock.now + 60
            let uid = try await server.send(.createKey(tags: ["later"], activationDate: date)).uid
            await #expect(throws: Failure.self) { try await server.send(.encrypt(uid)) }
            #expect(try await server.send(.locate(tags: ["later"])).located == [])

            server.clock.advance(by: 60)

            _ = try await server.send(.encrypt(uid))
            #expect(try await server.send(.locate(tags: ["later"])).located == [uid])
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func activateStartsTheLifeOfAPreActiveKeyOnce(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let uid = try await server.send(.createKey(activationDate: server.clock.now + 60)).uid
            let activate = KMIP.Request.activate(ActivateRequest(uniqueIdentifier: .text(uid)))

            _ = try await server.send(activate)

            _ = try await server.send(.encrypt(uid))
            let failure = await #expect(throws: Failure.self) { try await server.send(activate) }
            #expect(failure?.reason == .wrongKeyLifecycleState)
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func compromiseNeedsItsDate(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let uid = try await server.send(.createKey()).uid
            var payload = RevokeRequest(
                uniqueIdentifier: .text(uid), reason: RevocationReason(.keyCompromise))
            let withoutDate = KMIP.Request.revoke(payload)
            let failure = await #expect(throws: Failure.self) { try await server.send(withoutDate) }
            #expect(failure?.kind == .invalidRequest)

            payload.compromiseOccurrenceDate = server.clock.now - 10
            _ = try await server.send(.revoke(payload))

            let date = try await server.send(.export(uid)).attributes?.compromiseOccurrenceDate
            #expect(date == server.clock.now - 10)
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func reKeyLinksBothWaysAndTheOldKeyStillDecrypts(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let old = try await server.send(.createKey(tags: ["t"])).uid
            try await server.grants(of: "alice").grant(.init(uid: old, user: "bob", rights: .encrypt))
            let sealed = try #require(try await server.send(.encrypt(old, [5])).sealed)

            let new = try await server.send(
                .reKey(ReKeyRequest(uniqueIdentifier: .text(old)))).uid

            #expect(new != old)
            #expect(try await server.send(.decrypt(old, sealed)).opened == [5])
            let newLinks = try await server.send(.attributes(new)).attributes?.links
            #expect(newLinks == [Link(.replacedObjectLink, to: .text(old))])
            let oldLinks = try await server.send(.attributes(old)).attributes?.links
            #expect(oldLinks == [Link(.replacementObjectLink, to: .text(new))])
            let oldBytes = try await server.send(.get(old)).keyBytes
            #expect(try await server.send(.get(new)).keyBytes != oldBytes)
            _ = try await server.send(.encrypt(new), as: "bob")
            // By tag the newest key is the one that encrypts.
            #expect(try await server.send(.encrypt("[\"t\"]")).uid == new)
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func aSensitiveKeyLeavesOnlyWrapped(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let uid = try await server.send(.createKey(sensitive: true)).uid
            let kek = try await server.send(.createKey()).uid

            let failure = await #expect(throws: Failure.self) { try await server.send(.get(uid)) }
            #expect(failure?.kind == .invalidRequest)
            let wrapped = try await server.send(.getWrapped(uid, by: kek))

            // RFC 5649 adds eight bytes.
            #expect(wrapped.keyBytes?.count == 40)
        }
    }
}
