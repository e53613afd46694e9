import Cryptography
import Secrets
import Testing

@Suite struct SymmetricCipherTests {
    static let all: [SymmetricAlgorithm] = [
        .aesGCM, .aesGCMSIV, .aesXTS, .aesKeyWrapPadded, .chaCha20Poly1305,
    ]
    static let authenticated: [SymmetricAlgorithm] = [.aesGCM, .aesGCMSIV, .chaCha20Poly1305]

    @Test(arguments: [
        (SymmetricAlgorithm.aesGCM, [16, 24, 32]),
        (.aesGCMSIV, [16, 32]),
        (.aesXTS, [32, 64]),
        (.aesKeyWrapPadded, [16, 24, 32]),
        (.chaCha20Poly1305, [32]),
    ])
    func takesTheKeySizesOfTheAlgorithmOnly(algorithm: SymmetricAlgorithm, sizes: [Int]) throws {
        for size in 0...72 {
            let key = try Random.secret(count: size)
            #expect(algorithm.accepts(keySize: size) == sizes.contains(size))
            if sizes.contains(size) {
                let cipher = try SymmetricCipher(algorithm, key: key)
                let sealed = try cipher.seal(text, nonce: nil, additionalData: [])
                #expect(try cipher.open(sealed) == text)
            } else {
                #expect(throws: CryptographyError.invalidKeySize(size)) {
                    try SymmetricCipher(algorithm, key: key)
                }
            }
        }
    }

    @Test(arguments: all)
    func makesNoncesAndTagsOfTheSizesItNames(algorithm: SymmetricAlgorithm) throws {
        let sealed = try cipher(algorithm).seal(text, nonce: nil, additionalData: [])

        #expect(sealed.nonce.count == algorithm.nonceSize)
        #expect(sealed.tag.count == algorithm.tagSize)
        #expect(sealed.ciphertext != text)
    }

    @Test(arguments: all)
    func opensWhatItSealedAtEverySize(algorithm: SymmetricAlgorithm) throws {
        let cipher = try cipher(algorithm)
        let smallest = algorithm == .aesXTS ? 16 : algorithm == .aesKeyWrapPadded ? 1 : 0
        for size in [smallest, 16, 17, 31, 32, 33, 64, 255, 4096, 65_537, 1 << 20] {
            let message = try Random.bytes(size)
            let sealed = try cipher.seal(message, nonce: nil, additionalData: [])
            #expect(try cipher.open(sealed) == message)
        }
    }

    @Test(arguments: all)
    func refusesEveryOtherNonceSize(algorithm: SymmetricAlgorithm) throws {
        let cipher = try cipher(algorithm)
        let sealed = try cipher.seal(text, nonce: nil, additionalData: [])
        for size in 0...32 where size != algorithm.nonceSize {
            let nonce = [UInt8](repeating: 1, count: size)
            #expect(throws: CryptographyError.invalidNonceSize(size)) {
                try cipher.seal(text, nonce: nonce, additionalData: [])
            }
            #expect(throws: CryptographyError.invalidNonceSize(size)) {
                try cipher.open(
                    sealed.ciphertext, nonce: nonce, tag: sealed.tag, additionalData: [])
            }
        }
    }

    @Test(arguments: all)
    func refusesEveryOtherTagSize(algorithm: SymmetricAlgorithm) throws {
        let cipher = try cipher(algorithm)
        let sealed = try cipher.seal(text, nonce: nil, additionalData: [])
        for size in 0...20 where size != algorithm.tagSize {
            let tag = (sealed.tag + [0, 0, 0, 0]).prefix(size)
            var other = sealed
            other.tag = Array(tag) + [UInt8](repeating: 0, count: size - tag.count)
            #expect(throws: CryptographyError.authenticationFailed) { try cipher.open(other) }
        }
    }

    @Test(arguments: authenticated)
    func refusesEveryChangedBit(algorithm: SymmetricAlgorithm) throws {
        let cipher = try cipher(algorithm)
        let aad = Array("context".utf8)
        let sealed = try cipher.seal(text, nonce: nil, additionalData: aad)
        for bit in 0..<8 {
            let paths: [(WritableKeyPath<SymmetricCipher.Sealed, [UInt8]>, Int)] = [
                (\.nonce, 12), (\.ciphertext, text.count), (\.tag, 16),
            ]
            for (path, count) in paths {
                for index in 0..<count {
                    var changed = sealed
                    changed[keyPath: path][index] ^= 1 << bit
                    #expect(throws: CryptographyError.authenticationFailed) {
                        try cipher.open(changed, aad)
                    }
                }
            }
        }
        for other in [[], Array("contexT".utf8), aad + [0]] {
            #expect(throws: CryptographyError.authenticationFailed) {
                try cipher.open(sealed, other)
            }
        }
        // What went before has left no trace in the contexts that are used again.
        #expect(try cipher.open(sealed, aad) == text)
    }

    @Test(arguments: all)
    func refusesAnotherKey(algorithm: SymmetricAlgorithm) throws {
        let sealed = try cipher(algorithm).seal(text, nonce: nil, additionalData: [])
        let other = try cipher(algorithm)
        if algorithm == .aesXTS {
            #expect(try other.open(sealed) != text)
        } else {
            #expect(throws: CryptographyError.authenticationFailed) { try other.open(sealed) }
        }
    }

    @Test(arguments: [SymmetricAlgorithm.aesXTS, .aesKeyWrapPadded])
    func refusesAdditionalDataThatItWouldNotAuthenticate(algorithm: SymmetricAlgorithm) throws {
        let cipher = try cipher(algorithm)
        let sealed = try cipher.seal(text, nonce: nil, additionalData: [])
        let refusal = CryptographyError.unsupported("additional data with \(algorithm)")
        #expect(throws: refusal) { try cipher.seal(text, nonce: nil, additionalData: [1]) }
        #expect(throws: refusal) { try cipher.open(sealed, [1]) }
    }

    @Test func diskEncryptionTakesSixteenBytesToSixteenMebibytes() throws {
        let cipher = try cipher(.aesXTS)
        for size in [16, 1 << 24] {
            let message = [UInt8](repeating: 7, count: size)
            #expect(
                try cipher.open(cipher.seal(message, nonce: nil, additionalData: [])) == message)
        }
        for size in [0, 15, 1 << 24 + 1] {
            let message = [UInt8](repeating: 7, count: size)
            #expect(throws: CryptographyError.invalidDataSize(size)) {
                try cipher.seal(message, nonce: nil, additionalData: [])
            }
            #expect(throws: CryptographyError.invalidDataSize(size)) {
                try cipher.open(
                    message, nonce: [UInt8](repeating: 0, count: 16), tag: [], additionalData: [])
            }
        }
    }

    @Test(arguments: [32, 64])
    func refusesDiskKeysWithEqualHalves(size: Int) throws {
        let half = try Random.bytes(size / 2)
        let key = SecretBytes(copying: half + half)
        #expect(throws: CryptographyError.unsupported("an AES-XTS key whose halves are equal")) {
            try SymmetricCipher(.aesXTS, key: key)
        }
    }

    @Test(arguments: all)
    func sharesOneKeyAmongThreads(algorithm: SymmetricAlgorithm) async throws {
        let cipher = try cipher(algorithm)
        let nonces = try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for worker in 0..<8 {
                group.addTask {
                    try (0..<1000).map { round in
                        let message = [UInt8](repeating: UInt8(worker), count: 16 + round % 80)
                        let sealed = try cipher.seal(message, nonce: nil, additionalData: [])
                        #expect(try cipher.open(sealed) == message)
                        return sealed.nonce
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        if algorithm.nonceSize > 0 { #expect(Set(nonces).count == 8000) }
    }
}

let text = Array("the quick brown fox jumps".utf8)

func cipher(_ algorithm: SymmetricAlgorithm) throws -> SymmetricCipher {
    try SymmetricCipher(algorithm, key: Random.secret(count: algorithm == .aesXTS ? 64 : 32))
}

extension SymmetricCipher {
    func open(_ sealed: Sealed, _ additionalData: [UInt8] = []) throws -> [UInt8] {
        try open(
            sealed.ciphertext, nonce: sealed.nonce, tag: sealed.tag, additionalData: additionalData)
    }
}
