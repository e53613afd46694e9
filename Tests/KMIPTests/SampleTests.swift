import KMIP
import Secrets
import Testing

/// Every sample of the wire format, byte for byte.
@Suite struct SampleTests {
    static let unsupported = [
        "Certify-1.json", "CreateKeyPair-1.json", "ReKeyKeyPair-1.json", "Validate-1.json",
    ]
    static let requests = Corpus.names.filter {
        !$0.contains("Response") && !unsupported.contains($0) && $0 != "Message-2.json"
    }
    static let answers = [
        "CreateResponse-1.json", "DecryptResponse-1.json", "DeleteAttributeResponse-1.json",
        "DestroyResponse-1.json", "EncryptResponse-1.json", "ExportResponse-1.json",
        "GetAttributesResponse-1.json", "GetResponse-1.json", "ImportResponse-1.json",
        "LocateResponse-1.json", "Message-2.json", "ReKeyResponse-1.json",
        "RevokeResponse-1.json", "SetAttributeResponse-1.json",
    ]

    @Test func corpusIsThere() {
        #expect(Corpus.names.count == 38)
        #expect(Self.requests.count == 16)
    }

    @Test(arguments: requests)
    func writesARequestAsItWasRead(_ name: String) throws {
        let body = try Corpus.sample(name)

        let written =
            switch try Cosmian422.decode(body) {
            case .operation(let request): Cosmian422.encode(request)
            case .batch(let message): Cosmian422.encode(message)
            }

        #expect(String(decoding: written, as: UTF8.self) == String(decoding: body, as: UTF8.self))
    }

    @Test(arguments: answers)
    func writesAnAnswerAsItWasRead(_ name: String) throws {
        let body = try Corpus.sample(name)

        let written =
            switch try Cosmian422.decodeResponse(body) {
            case .operation(let response): Cosmian422.encode(response)
            case .batch(let message): Cosmian422.encode(message)
            }

        #expect(String(decoding: written, as: UTF8.self) == String(decoding: body, as: UTF8.self))
    }

    @Test(arguments: unsupported)
    func refusesWhatThisServerDoesNotOffer(_ name: String) throws {
        let body = try Corpus.sample(name)

        let failure = try #require(throws: Failure.self) { try Cosmian422.decode(body) }

        #expect(failure.kind == .notSupported)
        #expect(Cosmian422.httpStatus(of: failure) == 422)
        #expect(Cosmian422.errorText(of: failure).hasPrefix("Not Supported: "))
        #expect(failure.message.contains(name.prefix { $0 != "-" }))
    }

    @Test func readsTheFieldsOfCreate() throws {
        guard
            case .operation(.create(let request)) = try Cosmian422.decode(
                Corpus.sample("Create-1.json"))
        else {
            Issue.record("no Create")
            return
        }

        #expect(request.objectType == .symmetricKey)
        #expect(request.attributes.cryptographicAlgorithm == .aes)
        #expect(request.attributes.cryptographicLength == 256)
        #expect(request.attributes.cryptographicUsageMask == UsageMask(rawValue: 2108))
        #expect(request.attributes.keyFormatType == .transparentSymmetricKey)
        #expect(request.attributes.sensitive == false)
        let tags = request.attributes.vendorAttribute(
            CosmianAttribute.tag, vendor: CosmianAttribute.vendor)
        #expect(tags == Array("[]".utf8))
    }

    @Test func readsTheFieldsOfDecrypt() throws {
        guard
            case .operation(.decrypt(let request)) = try Cosmian422.decode(
                Corpus.sample("Decrypt-1.json"))
        else {
            Issue.record("no Decrypt")
            return
        }

        #expect(request.uniqueIdentifier == .text("24d89647-da64-4833-8996-47e7cbc80658"))
        #expect(request.data == [0xE0, 0x77, 0x7E, 0xB0, 0xF6])
        #expect(request.ivCounterNonce?.count == 12)
        #expect(request.tag?.count == 16)
    }

    @Test func readsTheKeyOfAnImport() throws {
        guard
            case .operation(.import(let request)) = try Cosmian422.decode(
                Corpus.sample("Import-1.json")),
            case .symmetricKey(let block) = request.object,
            case .transparentSymmetricKey(let key) = block.keyValue?.material
        else {
            Issue.record("no symmetric key")
            return
        }

        let expected: [UInt8] = (0..<16).map { $0 * 0x11 }
        #expect(key.isEqual(to: expected))
        #expect(request.replaceExisting == false)
    }

    @Test func readsABatch() throws {
        guard case .batch(let message) = try Cosmian422.decode(Corpus.sample("Message-1.json"))
        else {
            Issue.record("no batch")
            return
        }

        #expect(message.header.protocolVersion == ProtocolVersion(major: 2, minor: 1))
        #expect(message.header.batchCount == 2)
        #expect(message.items.map(\.request.operation) == [.get, .locate])
    }

    @Test func readsAWrappingSpecification() throws {
        guard
            case .operation(.get(let request)) = try Cosmian422.decode(Corpus.sample("Get-2.json"))
        else {
            Issue.record("no Get")
            return
        }

        let specification = try #require(request.keyWrappingSpecification)
        #expect(specification.attributeNames == ["ctx-1"])
        #expect(specification.encodingOption == .noEncoding)
        #expect(
            specification.encryptionKeyInformation?.cryptographicParameters?.blockCipherMode == .gcm
        )
    }
}
