import KMIP
import Secrets
import Testing

/// Binary TTLV by hand. Source of the layout: KMIP 2.1, section 9.1.1.
@Suite struct BinaryTests {
    static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }

    @Test func writesAttributesAsStandardTTLV() {
        var attributes = Attributes()
        attributes.activationDate = 1
        attributes.cryptographicAlgorithm = .aes
        attributes.cryptographicLength = 256
        attributes.sensitive = true
        attributes.uniqueIdentifier = "key-1"
        attributes.vendorAttributes = [VendorAttribute(vendor: "v", name: "n", value: [7])]

        #expect(
            StorageCoding.encode(attributes)
                == Self.bytes(
                    """
                    01
                    420125 01 00000088
                      420001 09 00000008 0000000000000001
                      420028 05 00000004 00000003 00000000
                      42002A 02 00000004 00000100 00000000
                      420120 06 00000008 0000000000000001
                      420094 07 00000005 6B65792D31 000000
                      420008 01 00000030
                        42009D 07 00000001 76 00000000000000
                        42000A 07 00000001 6E 00000000000000
                        42000B 08 00000001 07 00000000000000
                    """))
    }

    @Test func writesAKeyAsStandardTTLV() throws {
        let block = KeyBlock(
            keyFormatType: .transparentSymmetricKey,
            keyValue: KeyValue(.transparentSymmetricKey(SecretBytes(copying: [1, 2, 3]))),
            cryptographicAlgorithm: .aes, cryptographicLength: 24)

        #expect(
            try StorageCoding.encode(.symmetricKey(block)).isEqual(
                to: Self.bytes(
                    """
                    01
                    42008F 01 00000058
                      420040 01 00000050
                        420042 05 00000004 00000007 00000000
                        420045 01 00000018
                          420043 01 00000010
                            42003F 08 00000003 010203 0000000000
                        420028 05 00000004 00000003 00000000
                        42002A 02 00000004 00000018 00000000
                    """)))
    }

    @Test(arguments: [
        ("", "nothing"),
        ("01", "no item"),
        ("02 420125 01 00000000", "an unknown format"),
        ("01 420125 01 00000000 00", "trailing bytes"),
        ("01 420125 01 00000008", "a structure longer than the text"),
        ("01 420125 01 00000004 00000000", "a structure that is no multiple of eight"),
        ("01 420124 01 00000000", "another tag"),
        ("01 420125 02 00000004 00000000 00000000", "another type"),
        ("01 420125 01 00000010 420028 05 00000004 00000003 00000001", "padding that is not zero"),
        (
            "01 420125 01 00000010 420028 05 00000008 0000000300000000",
            "an enumeration of eight bytes"
        ),
        (
            "01 420125 01 00000010 420028 02 00000004 00000003 00000000",
            "an integer for an enumeration"
        ),
        ("01 420125 01 00000010 420120 06 00000008 0000000000000002", "a boolean of two"),
        ("01 420125 01 00000010 420094 07 00000001 FF 00000000000000", "text that is not UTF-8"),
        ("01 420125 01 00000010 410094 07 00000001 61 00000000000000", "a tag of no range"),
        ("01 420125 01 00000010 420094 0C 00000001 61 00000000000000", "an unknown type"),
        (
            "01 420125 01 00000010 420094 07 FFFFFFFF 61 00000000000000",
            "a length beyond everything"
        ),
        (
            "01 420125 01 00000010 420094 07 00000009 61 00000000000000",
            "a length beyond the parent"
        ),
        (
            "01 420125 01 00000020 420094 07 00000000 42008A 05 00000004 00000001 00000001 0000000000000000",
            "an item cut off"
        ),
        (
            "01 420125 01 00000020 420120 06 00000008 0000000000000001 420120 06 00000008 0000000000000001",
            "a field twice"
        ),
        (
            "01 420125 01 00000018 540001 01 00000010 420028 05 00000004 00000003 00000001",
            "bad padding in an unknown structure"
        ),
        ("01 420125 01 00000010 420001 03 00000008 0000000000000001", "a date of another type"),
        ("01 420125 01 00000008 42004A 01 00000000", "a link without fields"),
    ])
    func refuses(_ hex: String, _ what: String) throws {
        let failure = try #require(throws: Failure.self, "\(what)") {
            try StorageCoding.decodeAttributes(Self.bytes(hex).span.bytes)
        }

        #expect(failure.kind == .database)
    }

    @Test func passesOverWhatItDoesNotKnow() throws {
        let attributes = try StorageCoding.decodeAttributes(
            Self.bytes(
                """
                01 420125 01 00000040
                  540001 01 00000018
                    540002 04 00000010 00000000000000000000000000000001
                  420120 06 00000008 0000000000000001
                  540003 0B 00000008 0000000000000001
                """
            ).span.bytes)

        #expect(attributes.sensitive == true)
    }

    @Test func refusesDepthWithoutRecursion() {
        var body = [UInt8]()
        for _ in 0..<100_000 {
            let length = UInt32(body.count)
            body =
                Self.bytes("540001 01")
                + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + body
            if body.count > 8 * 200 { break }
        }
        let length = UInt32(body.count)
        body =
            Self.bytes("01 420125 01")
            + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
            + body

        #expect(throws: Failure.self) { try StorageCoding.decodeAttributes(body.span.bytes) }
    }

    @Test func refusesEveryTruncation() throws {
        var random = RandomValues(seed: 9)
        for _ in 0..<30 {
            let stored = StorageCoding.encode(random.storedAttributes())
            for length in 0..<stored.count {
                #expect(throws: Failure.self) {
                    try StorageCoding.decodeAttributes(stored.span.bytes.extracting(0..<length))
                }
            }
        }
    }

    @Test func tellsObjectsFromAttributes() {
        let stored = StorageCoding.encode(Attributes())

        #expect(throws: Failure.self) { try StorageCoding.decodeObject(stored.span.bytes) }
    }
}
