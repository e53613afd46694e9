import KMIP
import Secrets
import Testing

/// Random values come back as they went. Secrets do not print, so descriptions are compared for the
/// fields and encodings, which hold the key bytes, for the rest.
@Suite struct RoundTripTests {
    static let rounds = 3000

    @Test func requestsSurviveJSON() throws {
        var random = RandomValues(seed: 1)
        for round in 0..<Self.rounds {
            let request = random.request()
            let body = Cosmian422.encode(request)

            guard case .operation(let read) = try Cosmian422.decode(body) else {
                Issue.record("round \(round): no operation")
                return
            }

            #expect("\(read)" == "\(request)", "round \(round)")
            #expect(Cosmian422.encode(read) == body, "round \(round)")
        }
    }

    @Test func answersSurviveJSON() throws {
        var random = RandomValues(seed: 2)
        for round in 0..<Self.rounds {
            let response = random.response()
            let body = Cosmian422.encode(response)

            guard case .operation(let read) = try Cosmian422.decodeResponse(body) else {
                Issue.record("round \(round): no operation")
                return
            }

            #expect("\(read)" == "\(response)", "round \(round)")
            #expect(Cosmian422.encode(read) == body, "round \(round)")
        }
    }

    @Test func batchesSurviveJSON() throws {
        var random = RandomValues(seed: 3)
        for round in 0..<300 {
            let items = (0..<random.below(5)).map { _ in
                RequestMessage.Item(
                    uniqueBatchItemID: random.maybe { .integer($0.int32()) },
                    request: random.request())
            }
            let message = RequestMessage(
                header: .init(
                    protocolVersion: ProtocolVersion(major: 2, minor: 1), batchCount: random.int32()
                ),
                items: items)
            let body = Cosmian422.encode(message)

            guard case .batch(let read) = try Cosmian422.decode(body) else {
                Issue.record("round \(round): no batch")
                return
            }

            #expect("\(read)" == "\(message)", "round \(round)")
            #expect(Cosmian422.encode(read) == body, "round \(round)")
        }
    }

    @Test func batchesOfAnswersSurviveJSON() throws {
        var random = RandomValues(seed: 4)
        for round in 0..<300 {
            let items = (0..<random.below(5)).map { _ in
                let response = random.response()
                let failure = Failure(.kmip, random.enumeration(ResultReason.self), random.text())
                return ResponseMessage.Item(
                    operation: response.operation,
                    uniqueBatchItemID: random.maybe { .integer($0.int32()) },
                    result: random.flag() ? .success(response) : .failure(failure))
            }
            let message = ResponseMessage(
                protocolVersion: ProtocolVersion(major: 2, minor: 1), timeStamp: random.int64(),
                items: items)
            let body = Cosmian422.encode(message)

            guard case .batch(let read) = try Cosmian422.decodeResponse(body) else {
                Issue.record("round \(round): no batch")
                return
            }

            #expect("\(read)" == "\(message)", "round \(round)")
            #expect(Cosmian422.encode(read) == body, "round \(round)")
        }
    }

    @Test func storedAttributesSurvive() throws {
        var random = RandomValues(seed: 5)
        for round in 0..<Self.rounds {
            let attributes = random.storedAttributes()

            let read = try StorageCoding.decodeAttributes(
                StorageCoding.encode(attributes).span.bytes)

            #expect(read == attributes, "round \(round)")
        }
    }

    @Test func storedObjectsSurvive() throws {
        var random = RandomValues(seed: 6)
        for round in 0..<Self.rounds {
            let object = random.object()
            let stored = try StorageCoding.encode(object)

            let read = try stored.withExposedBytes { (bytes) throws(Failure) in
                try StorageCoding.decodeObject(bytes)
            }

            #expect("\(read)" == "\(object)", "round \(round)")
            #expect(try StorageCoding.encode(read).isEqual(to: stored), "round \(round)")
        }
    }

    @Test func keyValuesSurvivePlainJSON() throws {
        var random = RandomValues(seed: 7)
        for round in 0..<Self.rounds {
            var value = random.keyValue()
            // Plain JSON has no types: these two forms read as a text and a number.
            value.attributes?.links = []
            let json = try Cosmian422.plainJSON(value)

            let read = try Cosmian422.keyValue(fromPlainJSON: json)

            #expect("\(read)" == "\(value)", "round \(round)")
            #expect(try Cosmian422.plainJSON(read).isEqual(to: json), "round \(round)")
        }
    }

    @Test func tagsSurvive() throws {
        var random = RandomValues(seed: 8)
        for _ in 0..<Self.rounds {
            let tags = random.list { $0.text() }

            #expect(Cosmian422.tags(fromJSON: Cosmian422.json(ofTags: tags)) == tags)
        }
    }

    @Test func largeBodiesSurvive() throws {
        // Larger than every estimate, so that the buffer grows several times.
        var request = EncryptRequest(
            uniqueIdentifier: .text(String(repeating: "é\"", count: 50_000)))
        request.data = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0) }
        request.additionalData = [UInt8](repeating: 1, count: 100_000)

        guard
            case .operation(.encrypt(let read)) = try Cosmian422.decode(
                Cosmian422.encode(.encrypt(request)))
        else {
            Issue.record("no Encrypt")
            return
        }

        #expect(read.uniqueIdentifier == request.uniqueIdentifier)
        #expect(read.data == request.data)
        #expect(read.additionalData == request.additionalData)
    }
}
