import PluginKit
import RedisFindexDriver
import Testing

/// Numbers that two independent implementations agree on.
struct VectorTests {
    private let seed = (0..<16).map { UInt8($0) }
    private let chainSeed = (16..<32).map { UInt8($0) }
    private let keyword = Keyword(bytes: Array("tag1".utf8))
    private let value = Array("l5b1b9b0e-3c6d-4a52-9d43-7f3ad1f3d001".utf8)
    private let label = Array("label".utf8)
    private let link =
        hex("07ff6c35623162396230652d336336642d34ff6135322d396434332d37663361643166053364303031")
        + [UInt8](repeating: 0, count: 45)

    private static let entryInfo = Array("Entry Table key derivation info.".utf8)

    @Test func keyedHash() throws {
        let mac = try KMAC(key: (0..<32).map { UInt8($0) })

        #expect(
            try mac.code(of: [UInt8](repeating: 0, count: 40))
                == hex("e633e4ce3beb6483abd2a91c08e6abc5fcf76423e5e11442f49ddb11174c51fe"))
        #expect(
            try mac.code(of: [UInt8](repeating: 0, count: 24), [UInt8](repeating: 0, count: 16))
                == mac.code(of: [UInt8](repeating: 0, count: 40)))
    }

    @Test func keysOfTheEntryTable() throws {
        #expect(
            try VaultKeys.derive(seed, Self.entryInfo, "KMAC key")
                == hex("4868a2192b444fe282f3e7a5221b7b593837d9c06d1818ac3ebf74d7f12d0830"))
        #expect(
            try VaultKeys.derive(seed, Self.entryInfo, "DEM key")
                == hex("6a61bf94c463993569fded114726b8ff7a98cad0de2a71c846a3a59c35902e10"))
    }

    @Test func tokenOfAKeyword() throws {
        let token = try KMAC(key: VaultKeys.derive(seed, Self.entryInfo, "KMAC key"))
        let hash = try keyword.hash()

        let key = try IndexEntry.key(hash, label: label, token)

        #expect(hash == hex("803ac4ca446430db408cab32d097117073fdf090bc8029631c3d257685d9017e"))
        #expect(
            key.bytes
                == hex("00ee21b1f1605a94d5f72913337113c038a07d0affe47f9cbed73ac4caab1fd4253b"))
    }

    @Test func tokensOfAChain() throws {
        let chain = try Chain(seed: chainSeed)

        let first = try chain.first(keyword.hash())

        #expect(first == hex("148d93abbfe3bac82ef97f7919ea3bcc2a084be05943de5025bcbe0975147400"))
        #expect(
            try chain.next(after: first)
                == hex("7ff95711b9768951193dbd5785cf258b7b5b88beebea736b764f4df1bb9c5024"))
    }

    @Test func linkOfAValue() throws {
        let packed = ChainLink.pack([.init(isAddition: true, value: value)])
        var reader = ChainLink.Reader()
        try reader.read(link)

        #expect(packed == [link])
        #expect(reader.values == [value])
        #expect(reader.locations == [Array(value.dropFirst())])
    }

    @Test func aValueOfWholeBlocksEndsWithAFullOne() throws {
        let value = Array("l".utf8) + [UInt8](repeating: UInt8(ascii: "y"), count: 15)

        let packed = ChainLink.pack([.init(isAddition: true, value: value)])

        #expect(packed.count == 1)
        #expect(
            Array(packed[0].prefix(18)) == hex("0110") + value)
        // What a later version of the format writes instead is read as well.
        var later = hex("03ff") + value + [0]
        later += [UInt8](repeating: 0, count: ChainLink.size - later.count)
        var reader = ChainLink.Reader()
        try reader.read(later)
        #expect(reader.values == [value])
    }

    @Test func sealedLinkAndEntry() throws {
        let chain = try Chain(seed: chainSeed)
        let hash = try keyword.hash()
        let entry = IndexEntry(last: try chain.first(hash), seed: chainSeed, hash: hash)
        let key = try VaultKeys.derive(seed, Self.entryInfo, "DEM key").withBorrowedBytes {
            (bytes) throws(DriverFailure) in try hostForVectors().secureMemory(copying: bytes)
        }

        let sealedLink = try chain.sealed(link, nonce: (0..<12).map { UInt8($0) })
        let sealedEntry = try entry.sealed(key, nonce: (12..<24).map { UInt8($0) })

        #expect(
            sealedLink
                == hex(
                    """
                    000102030405060708090a0b76523e78747d4c58f702870737345baf3065a52ce2eddbfe0ad024ef\
                    6eba6cc7e3c2a2ff29782bed3b823940ddc527e66f61b45bf22fb5d5f222417b07050535fb2cd76e\
                    ea24001f726027a2f1c97a04eaf304f2399d3a723cc7118e28f9df1c155b66f7f41d
                    """))
        #expect(
            sealedEntry
                == hex(
                    """
                    0c0d0e0f1011121314151617bc8af7c61553154d0acc0141de8343d7f9ca5afcd3080fb02bd04413\
                    d2d826ab4539a0f08e2e46b7bffe46bb4a5ed6d989609128abf3ce10c396eb7130699c6acabb4040\
                    75fc5482bc3bd2b54963333c3b906e20baa00de1c4e9aae8e74ab745
                    """))
        #expect(try chain.opened(sealedLink) == link)
        #expect(try IndexEntry(sealedEntry, for: hash, key) == entry)
        #expect(throws: DriverFailure.self) {
            try IndexEntry(sealedEntry, for: [UInt8](repeating: 0, count: 32), key)
        }
    }

    @Test func keysFromAPassword() throws {
        try withMasterKey(of: "password") { (master: [UInt8]) throws in
            #expect(
                master == hex("2128d9977d268dd1f0f9d9cfa027600d6fe2bc50c43a640ab2d57c8ea7113ff8"))
            #expect(
                try VaultKeys.seed(masterKey: master) == hex("329d29cd72dc2a57ad35246d9b9bd54c"))
        }
        try withMasterKey(of: "doglover1234") { (master: [UInt8]) throws in
            #expect(
                master == hex("19aca4e7c8f8859877ec15b354b8a807669dfb823ece05efbc541de45c6b75ac"))
        }
    }

    @Test func namesAndKeysOfRecords() throws {
        try withMasterKey(of: "password") { (master: [UInt8]) throws in
            let keys = try VaultKeys(masterKey: master, host: hostForVectors())
            let object = try RecordKey(.object, Array("u1".utf8), keys)
            let alice = try IndexEntry.key(
                Keyword(bytes: Array("alice@example.com".utf8)).hash(), label: label,
                keys.entryToken)

            #expect(
                object.bytes
                    == hex("00ed1dca0394ba8112e114b012065c7bfcdca2cacbf215f43095240d4df7f35c5559"))
            #expect(
                try keys.record.code(of: object.bytes)
                    == hex("6fca08723dcdafa35a2e4923f194e52ff79de5ad7f602f0802c895bad194e080"))
            #expect(
                try RecordKey(.permissions, Array("u1".utf8), keys).bytes
                    == hex("00ec0ada96d2795e0f36bcbf29140ca64bde4113da79832eebb40dd21e7decae0de7"))
            #expect(
                alice.bytes
                    == hex("00ee2bd388649602e0c3c97eccd91a0c637c86708d02f4b24a16372568a3ae259990"))
            #expect(
                try keys.record.code(of: RecordKey.check.bytes)
                    == hex("9a972d275c04da5718fbde00494cedace54e3ddde2a6cef2a31507f79e4c5c75"))
            let sealed = try [UInt8](repeating: 0, count: 1).withBorrowedBytes {
                (plaintext) throws(DriverFailure) in
                try Sealing.seal(
                    plaintext, at: .check, nonce: [UInt8](repeating: 0, count: 12), keys)
            }
            #expect(sealed == hex("0100000000000000000000000058dfdfb5a75f8edfdc0beb8f3217bc1f80"))
        }
    }

    private func withMasterKey(of password: String, _ body: ([UInt8]) throws -> Void) throws {
        var outcome: Result<Void, any Error> = .success(())
        try password.withBorrowedText { (password) throws(DriverFailure) in
            try PasswordHash.withKey(
                from: password.utf8, salt: Array("rediswithfindex_".utf8),
                .init(memory_KiB: 19456, passes: 2, lanes: 1)
            ) { key in outcome = Result { try body(key) } }
        }
        try outcome.get()
    }
}

/// Bytes from hexadecimal digits.
func hex(_ digits: String) -> [UInt8] {
    let digits = Array(digits.utf8)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
    }
}
