import Host
import KMIP
import Secrets
import Testing

struct ImportTests {
    private static let bytes = (1...16).map(UInt8.init)

    @Test(arguments: DriverUnderTest.available)
    func deliversWhatWasImported(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let uid = try await server.send(.importKey("", Self.bytes)).uid

            #expect(try await server.send(.get(uid)).keyBytes == Self.bytes)
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func replacesOnlyWhenAskedAndOnlyOnesOwn(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            _ = try await server.send(.importKey("k", Self.bytes, tags: ["first"]))
            let other = Self.bytes.map { $0 ^ 0xFF }

            let taken = await #expect(throws: Failure.self) {
                try await server.send(.importKey("k", other))
            }
            #expect(taken?.reason == .objectAlreadyExists)
            let foreign = await #expect(throws: Failure.self) {
                try await server.send(.importKey("k", other, replace: true), as: "bob")
            }
            #expect(foreign?.kind == .accessDenied)
            #expect(try await server.send(.get("k")).keyBytes == Self.bytes)

            _ = try await server.send(.importKey("k", other, replace: true))
            #expect(try await server.send(.get("k")).keyBytes == other)
            // No tags were sent, so the old ones stay.
            #expect(try await server.send(.locate(tags: ["first"])).located == ["k"])
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func unwrapsWhatThisServerWrapped(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            _ = try await server.send(.importKey("k", Self.bytes))
            let kek = try await server.send(.createKey()).uid
            let wrapped = try #require(try await server.send(.getWrapped("k", by: kek)).delivered)

            let copy = try await server.send(
                .import(
                    ImportRequest(
                        uniqueIdentifier: .text("copy"), objectType: .symmetricKey,
                        replaceExisting: false, keyWrapType: .notWrapped, attributes: Attributes(),
                        object: wrapped))).uid

            #expect(try await server.send(.get(copy)).keyBytes == Self.bytes)
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func keepsSecretDataAndOpaqueObjects(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let secret = SecretBytes(copying: Array("correct horse".utf8))
            let objects: [(String, ManagedObject)] = [
                ("password", .secretData(.password, KeyBlock(keyFormatType: .raw, keyValue: KeyValue(.bytes(secret))))),
                ("blob", .opaque(OpaqueDataType(rawValue: 0x8000_0001), secret)),
            ]
            for (uid, object) in objects {
                _ = try await server.send(
                    .import(
                        ImportRequest(
                            uniqueIdentifier: .text(uid), objectType: object.type,
                            replaceExisting: false, keyWrapType: nil, attributes: Attributes(),
                            object: object)))
            }

            #expect(try await server.send(.get("password")).keyBytes == Array("correct horse".utf8))
            guard case .opaque(_, let bytes)? = try await server.send(.get("blob")).delivered else {
                Issue.record("not an opaque object")
                return
            }
            #expect(bytes.isEqual(to: secret))
        }
    }

    @Test(arguments: [
        ("", 0), (String(repeating: "x", count: 256), 16), ("a\u{1}b", 16), ("hsm::0::k", 16),
    ])
    func refusesBadIdentifiersAndEmptyKeys(uid: String, count: Int) async throws {
        try await TestServer.with(.memory) { server in
            await #expect(throws: Failure.self) {
                try await server.send(.importKey(uid, [UInt8](repeating: 1, count: count)))
            }
        }
    }
}
