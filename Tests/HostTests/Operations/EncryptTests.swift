import Host
import KMIP
import Testing

struct EncryptTests {
    @Test(
        arguments: DriverUnderTest.available,
        [
            (Int32(128), CryptographicAlgorithm.aes, BlockCipherMode?.none, 12, 16),
            (192, .aes, .gcm, 12, 16), (256, .aes, .aead, 12, 16), (256, .aes, .gcmSIV, 12, 16),
            (512, .aes, .xts, 16, 0), (256, .aes, .xts, 16, 0), (256, .aes, .nistKeyWrap, 0, 0),
            (256, .chaCha20, nil, 12, 16), (256, .chaCha20Poly1305, nil, 12, 16),
        ])
    func roundTripsEachCipher(
        driver: DriverUnderTest,
        cipher: (Int32, CryptographicAlgorithm, BlockCipherMode?, nonce: Int, tag: Int)
    ) async throws {
        try await TestServer.with(driver) { server in
            let (bits, algorithm, mode, nonce, tag) = cipher
            let uid = try await server.send(.createKey(bits: bits, algorithm: algorithm)).uid
            let data = (0..<48).map(UInt8.init)
            var request = EncryptRequest(uniqueIdentifier: .text(uid))
            request.data = data
            if let mode {
                request.cryptographicParameters = CryptographicParameters()
                request.cryptographicParameters?.blockCipherMode = mode
            }

            let sealed = try #require(try await server.send(.encrypt(request)).sealed)

            #expect(sealed.ivCounterNonce?.count == nonce)
            #expect(sealed.tag?.count == tag)
            #expect(sealed.data != data)
            var back = DecryptRequest(uniqueIdentifier: .text(uid))
            back.cryptographicParameters = request.cryptographicParameters
            back.data = sealed.data
            back.ivCounterNonce = sealed.ivCounterNonce
            back.tag = sealed.tag
            #expect(try await server.send(.decrypt(back)).opened == data)
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func authenticatesTheAdditionalData(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let uid = try await server.send(.createKey()).uid
            for data in [[1, 2, 3], BulkList.pack([[1, 2, 3], [4]])] as [[UInt8]] {
                var request = EncryptRequest(uniqueIdentifier: .text(uid))
                request.data = data
                request.additionalData = [7]
                let sealed = try #require(try await server.send(.encrypt(request)).sealed)
                var back = DecryptRequest(uniqueIdentifier: .text(uid))
                back.data = sealed.data
                back.ivCounterNonce = sealed.ivCounterNonce
                back.tag = sealed.tag

                let withoutAdditionalData = KMIP.Request.decrypt(back)
                let failure = await #expect(throws: Failure.self) {
                    try await server.send(withoutAdditionalData)
                }

                #expect(failure?.kind == .cryptographic)
                back.additionalData = [7]
                #expect(try await server.send(.decrypt(back)).opened == data)
            }
        }
    }

    /// The packed list as clients write it: `87 87`, a count, then length and bytes of each.
    private enum BulkList {
        static func pack(_ items: [[UInt8]]) -> [UInt8] {
            [0x87, 0x87, UInt8(items.count)] + items.flatMap { [UInt8($0.count)] + $0 }
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func sealsEachItemOfABulkRequestByItself(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let uid = try await server.send(.createKey()).uid

            let sealed = try #require(
                try await server.send(.encrypt(uid, BulkList.pack([[1, 2, 3], []]))).sealed)

            #expect(sealed.ivCounterNonce == nil)
            #expect(sealed.tag == nil)
            // Magic and count, then twice a length, 28 bytes of nonce and tag, and the data.
            #expect(sealed.data?.count == 64)
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func takesDataThatOnlyLookPackedAsTheyAre(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let uid = try await server.send(.createKey()).uid
            let data: [UInt8] = [0x87, 0x87, 0x05, 0x01]

            let sealed = try #require(try await server.send(.encrypt(uid, data)).sealed)

            #expect(sealed.tag?.count == 16)
            #expect(try await server.send(.decrypt(uid, sealed)).opened == data)
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func honoursTheUsageMask(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let uid = try await server.send(.createKey(mask: .decrypt)).uid

            let failure = await #expect(throws: Failure.self) { try await server.send(.encrypt(uid)) }

            #expect(failure?.reason == .itemNotFound)
        }
    }

    @Test(arguments: DriverUnderTest.available)
    func usesAKeyThatIsStoredWrapped(driver: DriverUnderTest) async throws {
        try await TestServer.with(driver) { server in
            let kek = try await server.send(.createKey()).uid
            let uid = try await server.send(.createKey(wrappedBy: kek)).uid
            let sealed = try #require(try await server.send(.encrypt(uid, [4, 2])).sealed)
            #expect(try await server.send(.decrypt(uid, sealed)).opened == [4, 2])

            // Without its wrapping key it is of no use, cached or not.
            _ = try await server.send(.revoke(kek))

            let failure = await #expect(throws: Failure.self) { try await server.send(.encrypt(uid)) }
            #expect(failure?.kind == .notSupported)
        }
    }
}
