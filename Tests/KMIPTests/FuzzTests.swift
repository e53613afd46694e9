import FoundationEssentials
import KMIP
import Secrets
import Testing

/// Damaged messages, the same ones for the same seed and number of rounds. `FUZZ_SECONDS` says for how
/// long in total; the seed that a failure names is all that is needed to see it again.
@Suite struct FuzzTests {
    static let seconds =
        ProcessInfo.processInfo.environment["FUZZ_SECONDS"].flatMap(Double.init) ?? 3
    static let jsonTokens = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0041", "\\ud800", "null", "true", "-1", "1e9",
        "0x",
        " ", "\n", "\"tag\":", "\"type\":", "\"value\":",
        #"{"tag":"X","type":"Structure","value":["#, "]}",
        #"{"tag":"UniqueIdentifier","type":"TextString","value":"k"}"#, #""type":"Integer""#,
        #""type":"LongInteger","value":"0x0000000000000001""#, #""type":"Enumeration""#,
    ].map { Array($0.utf8) }
    static let binaryTokens: [[UInt8]] = [
        [0x42, 0x01, 0x25, 1], [0x42, 0x00, 0x94, 7, 0, 0, 0, 1], [0, 0, 0, 8], [0, 0, 0, 0],
        [0xFF, 0xFF, 0xFF, 0xFF], [0x54, 0x00, 0x01, 1, 0, 0, 0, 0], [6, 0, 0, 0, 8],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ]

    /// Valid inputs to begin with.
    static func seeds(for property: FuzzProperty) throws -> [[UInt8]] {
        var random = RandomValues(seed: 77)
        switch property {
        case .requests, .answers: return try Corpus.names.map(Corpus.sample)
        case .storage:
            return try (0..<40).map { _ in StorageCoding.encode(random.storedAttributes()) }
                + (0..<40).map { _ in copy(try StorageCoding.encode(random.object())) }
        case .plainJSON:
            return try (0..<40).map { _ in copy(try Cosmian422.plainJSON(random.keyValue())) }
                + [Cosmian422.json(ofTags: ["_kk", "\u{E9}"])]
        case .cosmianStored:
            return try (0..<40).map { _ in Cosmian422.plainJSON(random.storedAttributes()) }
                + (0..<40).map { _ in
                    Array(
                        """
                        {"object_type": "SymmetricKey", "object": {"KeyBlock": {"KeyFormatType": \
                        "TransparentSymmetricKey", "CryptographicAlgorithm": "AES", "KeyValue":
                        """.utf8) + copy(try Cosmian422.plainJSON(random.keyValue()))
                        + Array("}}}".utf8)
                }
        }
    }

    /// Secrets of test data.
    private static func copy(_ secret: SecretBytes) -> [UInt8] {
        secret.withExposedBytes { bytes in
            (0..<bytes.byteCount).map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        }
    }

    @Test(arguments: FuzzProperty.allCases)
    func holdsForDamagedInput(_ property: FuzzProperty) throws {
        let seeds = try Self.seeds(for: property)
        let tokens = property == .storage ? Self.binaryTokens : Self.jsonTokens
        let end = ContinuousClock.now + .seconds(Self.seconds / Double(FuzzProperty.allCases.count))
        var round: UInt64 = 0
        var accepted = 0
        repeat {
            // A generator for each round, so that one round can be run alone.
            var mutations = Mutations(
                random: RandomValues(seed: round), seeds: seeds, tokens: tokens)
            do {
                if try property.check(mutations.next()) { accepted += 1 }
            } catch {
                Issue.record("seed \(round): \(error)")
            }
            round += 1
        } while ContinuousClock.now < end

        #expect(accepted > 0, "all damage was refused: the damage is too great to test anything")
    }

    @Test(arguments: FuzzProperty.allCases)
    func holdsForTheSeeds(_ property: FuzzProperty) throws {
        for seed in try Self.seeds(for: property) { _ = try property.check(seed) }
    }
}
