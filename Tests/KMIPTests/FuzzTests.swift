import FoundationEssentials
import KMIP
import Secrets
import Testing

/// Damaged messages, the same ones for the same seed and number of rounds. `FUZZ_SECONDS` says for how
/// long in total; the seed that a failure names is all that is needed to see it again.
///
/// The property: nothing crashes, and what is accepted comes back from its own encoding.
@Suite struct FuzzTests {
    static let seconds = ProcessInfo.processInfo.environment["FUZZ_SECONDS"].flatMap(Double.init) ?? 3
    static let jsonTokens = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0041", "\\ud800", "null", "true", "-1", "1e9", "0x",
        " ", "\n", "\"tag\":", "\"type\":", "\"value\":", #"{"tag":"X","type":"Structure","value":["#, "]}",
        #"{"tag":"UniqueIdentifier","type":"TextString","value":"k"}"#, #""type":"Integer""#,
        #""type":"LongInteger","value":"0x0000000000000001""#, #""type":"Enumeration""#,
    ].map { Array($0.utf8) }
    static let binaryTokens: [[UInt8]] = [
        [0x42, 0x01, 0x25, 1], [0x42, 0x00, 0x94, 7, 0, 0, 0, 1], [0, 0, 0, 8], [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF],
        [0x54, 0x00, 0x01, 1, 0, 0, 0, 0], [6, 0, 0, 0, 8], [0, 0, 0, 0, 0, 0, 0, 0],
    ]

    /// Calls `body` with damaged messages until its share of the time is over.
    static func fuzz(_ seeds: [[UInt8]], _ tokens: [[UInt8]], _ body: ([UInt8]) throws -> Void) rethrows {
        let end = ContinuousClock.now + .seconds(seconds / 4)
        var round: UInt64 = 0
        repeat {
            // A generator for each round, so that one round can be run alone.
            var mutations = Mutations(random: RandomValues(seed: round), seeds: seeds, tokens: tokens)
            let input = mutations.next()
            do {
                try body(input)
            } catch let failure as Failure {
                // Refused: the message must be fit for a log and a browser.
                #expect(failure.message.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "seed \(round)")
            }
            round += 1
        } while ContinuousClock.now < end
    }

    @Test func requestsAreReadOrRefused() throws {
        let seeds = try Corpus.names.map(Corpus.sample)
        try Self.fuzz(seeds, Self.jsonTokens) { input in
            switch try Cosmian422.decode(input) {
            case .operation(let request):
                let body = Cosmian422.encode(request)
                guard case .operation(let again) = try Cosmian422.decode(body) else {
                    Issue.record("an operation became a batch")
                    return
                }
                #expect("\(again)" == "\(request)")
                #expect(Cosmian422.encode(again) == body)
            case .batch(let message):
                let body = Cosmian422.encode(message)
                guard case .batch(let again) = try Cosmian422.decode(body) else {
                    Issue.record("a batch became an operation")
                    return
                }
                #expect("\(again)" == "\(message)")
            }
        }
    }

    @Test func answersAreReadOrRefused() throws {
        let seeds = try Corpus.names.map(Corpus.sample)
        try Self.fuzz(seeds, Self.jsonTokens) { input in
            guard case .operation(let response) = try Cosmian422.decodeResponse(input) else { return }
            let body = Cosmian422.encode(response)
            guard case .operation(let again) = try Cosmian422.decodeResponse(body) else {
                Issue.record("an operation became a batch")
                return
            }
            #expect(Cosmian422.encode(again) == body)
        }
    }

    @Test func storedValuesAreReadOrRefused() throws {
        var random = RandomValues(seed: 77)
        var seeds = (0..<40).map { _ in StorageCoding.encode(random.storedAttributes()) }
        seeds += (0..<40).map { _ in
            StorageCoding.encode(random.object()).withExposedBytes { bytes in
                (0..<bytes.byteCount).map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
            }
        }
        try Self.fuzz(seeds, Self.binaryTokens) { input in
            do {
                let object = try StorageCoding.decodeObject(input.span.bytes)
                let stored = StorageCoding.encode(object)
                let again = try stored.withExposedBytes { bytes in try StorageCoding.decodeObject(bytes) }
                #expect(StorageCoding.encode(again).isEqual(to: stored))
            } catch is Failure {
                let attributes = try StorageCoding.decodeAttributes(input.span.bytes)
                let again = try StorageCoding.decodeAttributes(StorageCoding.encode(attributes).span.bytes)
                #expect(again == attributes)
            }
        }
    }

    @Test func plainJSONIsReadOrRefused() throws {
        var random = RandomValues(seed: 78)
        var seeds = (0..<40).map { _ in
            Cosmian422.plainJSON(random.keyValue()).withExposedBytes { bytes in
                (0..<bytes.byteCount).map { bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
            }
        }
        seeds.append(Array(#"["_kk","a\u00e9"]"#.utf8))
        try Self.fuzz(seeds, Self.jsonTokens) { input in
            if let tags = Cosmian422.tags(fromJSON: input) {
                #expect(Cosmian422.tags(fromJSON: Cosmian422.json(ofTags: tags)) == tags)
            }
            let value = try Cosmian422.keyValue(fromPlainJSON: SecretBytes(copying: input))
            let json = Cosmian422.plainJSON(value)
            let again = try Cosmian422.keyValue(fromPlainJSON: json)
            #expect(Cosmian422.plainJSON(again).isEqual(to: json))
        }
    }
}
