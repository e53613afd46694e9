import KMIP
import Testing

/// Both sides of every limit.
@Suite struct LimitTests {
    /// A Get whose unknown child nests so that `depth` structures are inside each other.
    static func nested(_ depth: Int) -> [UInt8] {
        let opening = #"{"tag":"X","type":"Structure","value":["#
        return Array(
            (#"{"tag":"Get","type":"Structure","value":["#
                + String(repeating: opening, count: depth - 1)
                + String(repeating: "]}", count: depth)).utf8)
    }

    @Test func limitsTheDepth() throws {
        let limits = DecodingLimits(maxDepth: 10, maxItems: 1, maxNodes: 1000)

        _ = try Cosmian422.decode(Self.nested(10), limits: limits)
        let failure = try #require(throws: Failure.self) {
            try Cosmian422.decode(Self.nested(11), limits: limits)
        }

        #expect(failure.reason == .serverLimitExceeded)
        #expect(failure.kind == .invalidRequest)
    }

    @Test func survivesExtremeDepth() throws {
        _ = try Cosmian422.decode(Self.nested(64))
        #expect(throws: Failure.self) { try Cosmian422.decode(Self.nested(65)) }
        #expect(throws: Failure.self) { try Cosmian422.decode(Self.nested(200_000)) }
        // The same with the value before the type, which is read twice.
        let unusual = String(repeating: #"{"value":["#, count: 200_000)
        #expect(throws: Failure.self) { try Cosmian422.decode(Array(unusual.utf8)) }
        #expect(throws: Failure.self) {
            try Cosmian422.decode([UInt8](repeating: UInt8(ascii: "["), count: 200_000))
        }
    }

    /// Where the type comes last, a value is passed over to find it and then read: once for each level.
    @Test func limitsHowOftenValuesAreReadTwice() throws {
        func body(_ depth: Int) -> [UInt8] {
            let inner = String(repeating: #"{"value":["#, count: depth - 1)
            let ends = String(repeating: #"],"tag":"X","type":"Structure"}"#, count: depth - 1)
            return Array((#"{"value":["# + inner + ends + #"],"tag":"Get"}"#).utf8)
        }

        _ = try Cosmian422.decode(body(12))
        let failure = try #require(throws: Failure.self) { try Cosmian422.decode(body(60)) }

        #expect(failure.reason == .serverLimitExceeded)
    }

    @Test func limitsTheNodes() throws {
        let child = #"{"tag":"X","type":"Boolean","value":true}"#
        func body(_ count: Int) -> [UInt8] {
            Array(
                (#"{"tag":"Get","type":"Structure","value":["#
                    + Array(repeating: child, count: count).joined(separator: ",") + "]}").utf8)
        }
        let limits = DecodingLimits(maxDepth: 10, maxItems: 1, maxNodes: 8)

        _ = try Cosmian422.decode(body(7), limits: limits)
        let failure = try #require(throws: Failure.self) {
            try Cosmian422.decode(body(8), limits: limits)
        }

        #expect(failure.reason == .serverLimitExceeded)
    }

    @Test func limitsTheItemsOfABatch() throws {
        func batch(_ count: Int) -> [UInt8] {
            Cosmian422.encode(
                RequestMessage(
                    header: .init(
                        protocolVersion: ProtocolVersion(major: 2, minor: 1), batchCount: 1),
                    items: (0..<count).map { _ in
                        .init(request: .activate(ActivateRequest(uniqueIdentifier: .text("k"))))
                    }))
        }
        let limits = DecodingLimits(maxDepth: 10, maxItems: 3, maxNodes: 1000)

        _ = try Cosmian422.decode(batch(3), limits: limits)
        let failure = try #require(throws: Failure.self) {
            try Cosmian422.decode(batch(4), limits: limits)
        }

        #expect(failure.reason == .serverLimitExceeded)
    }

    @Test func doesNotBelieveABatchCount() throws {
        for count in [Int32.min, -1, 0, Int32.max] {
            let message = RequestMessage(
                header: .init(
                    protocolVersion: ProtocolVersion(major: 2, minor: 1), batchCount: count),
                items: [.init(request: .activate(ActivateRequest(uniqueIdentifier: nil)))])
            guard case .batch(let read) = try Cosmian422.decode(Cosmian422.encode(message)) else {
                Issue.record("no batch")
                return
            }

            #expect(read.header.batchCount == count)
            #expect(read.items.count == 1)
        }
    }
}
