import Host
import KMIP
import Testing

struct BatchTests {
    private static func message(_ requests: [KMIP.Request]) -> RequestMessage {
        RequestMessage(
            header: .init(
                protocolVersion: ProtocolVersion(major: 2, minor: 1), batchCount: Int32(requests.count)),
            items: requests.enumerated().map {
                .init(uniqueBatchItemID: .integer(Int32($0.offset)), request: $0.element)
            })
    }

    @Test(arguments: DriverUnderTest.available)
    func eachItemSeesWhatWasWrittenBeforeIt(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let answer = await server.service.dispatch.run(
                Self.message([
                    .createKey(uid: "k"), .encrypt("k"), .get("k"), .revoke("k"), .encrypt("k"),
                    .get("k"), .destroy("k", remove: true), .export("k"),
                ]), in: server.service.context(for: Principal("alice")))

            let succeeded = answer.items.map { item in
                if case .success = item.result { true } else { false }
            }
            #expect(succeeded == [true, true, true, true, false, false, true, false])
            #expect(answer.items.map(\.uniqueBatchItemID) == (0..<8).map { .integer($0) })
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func answersEachOfManyReads(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            // More distinct keys than one driver call brings.
            let uids = (0..<300).map { "k\($0)" }
            for uid in uids { _ = try await server.send(.createKey(uid: uid)) }

            let answer = await server.service.dispatch.run(
                Self.message((uids + ["absent"]).map { .encrypt($0) }),
                in: server.service.context(for: Principal("alice")))

            #expect(answer.items.count == 301)
            let answered = answer.items.compactMap { try? $0.result.get().uid }
            #expect(answered == uids)
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func aBatchGivesNobodyMoreRights(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            _ = try await server.send(.createKey(uid: "k"))

            let answer = await server.service.dispatch.run(
                Self.message([.get("k"), .encrypt("k")]),
                in: server.service.context(for: Principal("bob")))

            for item in answer.items {
                #expect(throws: Failure.self) { try item.result.get() }
            }
        }
    }
}
