import Host
import KMIP
import Testing

struct LocateTests {
    @Test(arguments: DriverUnderTest.available)
    func findsObjectsThatHaveAllTags(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            _ = try await server.send(.createKey(uid: "one", tags: ["a"]))
            _ = try await server.send(.createKey(uid: "two", tags: ["a", "b"]))

            #expect(try await server.send(.locate(tags: ["a"])).located == ["two", "one"])
            #expect(try await server.send(.locate(tags: ["a", "b"])).located == ["two"])
            #expect(try await server.send(.locate(tags: ["_kk", "b"])).located == ["two"])
            #expect(try await server.send(.locate(tags: ["A"])).located == [])
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func showsNobodyWhatTheyWereNotGiven(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            for uid in ["mine", "shared", "everybodys"] {
                _ = try await server.send(.createKey(uid: uid))
            }
            let alice = server.grants(of: "alice")
            try await alice.grant(.init(uid: "shared", user: "bob", rights: .encrypt))
            try await alice.grant(.init(uid: "everybodys", user: "*", rights: .encrypt))

            #expect(try await server.send(.locate(), as: "bob").located == ["shared"])
            #expect(try await server.send(.locate(), as: "carol").located == [])
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func countsAllAndDeliversThePageAskedFor(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            for number in 0..<5 { _ = try await server.send(.createKey(uid: "k\(number)")) }
            var payload = LocateRequest(attributes: Attributes())
            payload.maximumItems = 2
            payload.offsetItems = 1

            guard case .locate(let answer) = try await server.send(.locate(payload)) else {
                Issue.record("not an answer to Locate")
                return
            }

            #expect(answer.uniqueIdentifiers == ["k3", "k2"])
            #expect(answer.locatedItems == 5)
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func filtersByAlgorithmLengthAndLink(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            _ = try await server.send(.createKey(uid: "small", bits: 128))
            _ = try await server.send(.createKey(uid: "large"))
            _ = try await server.send(.createKey(uid: "stream", algorithm: .chaCha20))
            let next = try await server.send(
                .reKey(ReKeyRequest(uniqueIdentifier: .text("small")))).uid

            func located(_ change: (inout Attributes) -> Void) async throws -> Set<String> {
                var attributes = Attributes()
                change(&attributes)
                let answer = try await server.send(.locate(LocateRequest(attributes: attributes)))
                return Set(try #require(answer.located))
            }

            let aes = try await located { $0.cryptographicAlgorithm = .aes }
            #expect(aes == ["small", "large", next])
            let small = try await located { $0.cryptographicLength = 128 }
            #expect(small == ["small", next])
            let successors = try await located {
                $0.links = [Link(.replacedObjectLink, to: .text("small"))]
            }
            #expect(successors == [next])
            let none = try await located {
                $0.links = [Link(.replacedObjectLink, to: .text("large"))]
            }
            #expect(none.isEmpty)
        }
    }
}
