import KMIP
import Testing

/// What is refused, as what, and that the message names the place.
@Suite struct RefusalTests {
    enum Kind { case invalid, codec, notSupported, unknown }

    static func get(_ children: String) -> String {
        #"{"tag":"Get","type":"Structure","value":[\#(children)]}"#
    }
    static let uid = #"{"tag":"UniqueIdentifier","type":"TextString","value":"k"}"#
    static func locate(_ attributes: String) -> String {
        #"{"tag":"Locate","value":[{"tag":"Attributes","value":[\#(attributes)]}]}"#
    }
    static func importing(type: String = "SymmetricKey", material: String) -> String {
        #"{"tag":"Import","value":[{"tag":"UniqueIdentifier","type":"TextString","value":""},{"tag":"Object","value":[{"tag":"KeyBlock","value":[{"tag":"KeyFormatType","type":"Enumeration","value":"Raw"},{"tag":"KeyValue","value":[{"tag":"KeyMaterial","value":[\#(material)]}]}]}]},{"tag":"ObjectType","type":"Enumeration","value":"\#(type)"},{"tag":"Attributes","value":[]}]}"#
    }
    static func batch(_ item: String) -> String {
        #"{"tag":"Message","value":[{"tag":"Header","value":[{"tag":"ProtocolVersion","value":[{"tag":"ProtocolVersionMajor","type":"Integer","value":2},{"tag":"ProtocolVersionMinor","type":"Integer","value":1}]},{"tag":"BatchCount","type":"Integer","value":1}]},{"tag":"Items","value":[{"tag":"Items","value":[\#(item)]}]}]}"#
    }

    static let rows: [(String, Kind, String)] = [
        // Not JSON.
        ("", .invalid, "end of the text"), ("   ", .invalid, "end of the text"),
        ("hello", .invalid, "byte 0"),
        ("[]", .invalid, "'{'"), ("{}", .invalid, "tag and value"), ("null", .invalid, "'{'"),
        (#"{"tag":"Get","type":"Structure","value":[]"#, .invalid, ""),
        (#"{"tag":"Get","type":"Structure","value":["#, .invalid, ""),
        (#"{"tag":"Get","type":"Structure","value":[]}x"#, .invalid, "end of the text"),
        (#"{"tag":"Get","type":"Structure","value":[]}{}"#, .invalid, "end of the text"),
        (get(uid + ","), .invalid, ""), (get("," + uid), .invalid, ""),
        (get(uid + uid), .invalid, "','"),
        (get(#"{"tag":"X","type":"Integer","value":01}"#), .invalid, "zero"),
        (get(#"{"tag":"X","type":"Integer","value":1.0}"#), .invalid, "whole"),
        (get(#"{"tag":"X","type":"Integer","value":1e3}"#), .invalid, "whole"),
        (get(#"{"tag":"X","type":"Integer","value":99999999999999999999}"#), .invalid, "range"),
        (get(#"{"tag":"X","type":"Integer","value":+1}"#), .invalid, "number"),
        (get(#"{"tag":"X","type":"Integer","value":-}"#), .invalid, "number"),
        (
            get("{\"tag\":\"X\",\"type\":\"TextString\",\"value\":\"a\nb\"}"), .invalid,
            "control character"
        ),
        (get(#"{"tag":"X","type":"TextString","value":"\x"}"#), .invalid, "escape"),
        (get(#"{"tag":"X","type":"TextString","value":"\u12"}"#), .invalid, "hexadecimal"),
        (get(#"{"tag":"X","type":"TextString","value":"\ud800"}"#), .invalid, "surrogate"),
        (get(#"{"tag":"X","type":"TextString","value":"\udc00\ud800"}"#), .invalid, "surrogate"),
        (get(#"{"tag":"X","type":"TextString","value":"\ud800\u0041"}"#), .invalid, "surrogate"),
        (get(#"{"tag":"X","type":"TextString","value":"a\u0000b"}"#), .invalid, "NUL"),
        (
            get(#"{"tag":"UniqueIdentifier","type":"TextString","value":"a\u0000"}"#), .invalid,
            "NUL"
        ),
        // JSON, not TTLV.
        (#"{"tag":"Get","type":"Structure","value":null}"#, .invalid, ""),
        (#"{"tag":"Get","type":"Structure","value":{}}"#, .invalid, ""),
        (#"{"tag":"Get","type":"Structure"}"#, .invalid, "tag and value"),
        (#"{"type":"Structure","value":[]}"#, .invalid, "tag and value"),
        (#"{"tag":"Get","type":"Structure","value":[],"name":"x"}"#, .invalid, "members"),
        (#"{"name":"x","tag":"Get","type":"Structure","value":[]}"#, .invalid, "members"),
        (#"{"tag":"Get","tag":"Get","value":[]}"#, .invalid, "twice"),
        (#"{"tag":"Get","type":"Structure","type":"Structure","value":[]}"#, .invalid, "twice"),
        (#"{"tag":"Get","type":"Structure","value":[],"value":[]}"#, .invalid, "members"),
        (#"{"value":[],"tag":"Get","value":[]}"#, .invalid, "twice"),
        (#"{"tag":"Get","type":"structure","value":[]}"#, .invalid, "unknown type"),
        (#"{"tag":"Get","type":"Struct","value":[]}"#, .invalid, "unknown type"),
        (#"{"tag":7,"type":"Structure","value":[]}"#, .invalid, "string"),
        (get("[]"), .invalid, "item"), (get("1"), .invalid, "item"),
        (get(#"{"tag":"X","value":"k"}"#), .invalid, "'['"),
        (get(#"{"tag":"X","type":"Integer","value":2147483648}"#), .invalid, "range"),
        (get(#"{"tag":"X","type":"Integer","value":-2147483649}"#), .invalid, "range"),
        (get(#"{"tag":"X","type":"Integer","value":"0x0000001"}"#), .invalid, "8 hex"),
        (get(#"{"tag":"X","type":"Integer","value":"0X00000001"}"#), .invalid, "8 hex"),
        (get(#"{"tag":"X","type":"Integer","value":true}"#), .invalid, "number"),
        (get(#"{"tag":"X","type":"LongInteger","value":1}"#), .invalid, "LongInteger"),
        (get(#"{"tag":"X","type":"LongInteger","value":"0x1"}"#), .invalid, "LongInteger"),
        (
            get(#"{"tag":"X","type":"LongInteger","value":"0x000000000000000g"}"#), .invalid,
            "LongInteger"
        ),
        (get(#"{"tag":"X","type":"BigInteger","value":"0x123"}"#), .invalid, "BigInteger"),
        (get(#"{"tag":"X","type":"BigInteger","value":"1234"}"#), .invalid, "BigInteger"),
        (get(#"{"tag":"X","type":"Boolean","value":"true"}"#), .invalid, "true or false"),
        (get(#"{"tag":"X","type":"Boolean","value":tru}"#), .invalid, "true or false"),
        (get(#"{"tag":"X","type":"TextString","value":5}"#), .invalid, "string"),
        (get(#"{"tag":"X","type":"ByteString","value":"0x00"}"#), .invalid, "hexadecimal"),
        (get(#"{"tag":"X","type":"ByteString","value":"000"}"#), .invalid, "hexadecimal"),
        (get(#"{"tag":"X","type":"ByteString","value":"0g"}"#), .invalid, "hexadecimal"),
        (get(#"{"tag":"X","type":"Interval","value":-1}"#), .invalid, "Interval"),
        (get(#"{"tag":"X","type":"Interval","value":4294967296}"#), .invalid, "Interval"),
        (
            get(#"{"tag":"X","type":"DateTimeExtended","value":"0x00"}"#), .invalid,
            "DateTimeExtended"
        ),
        (get(#"{"tag":"X","type":"Weird","value":1}"#), .invalid, "unknown type"),
        // A control character in a value that is passed over before its type is known.
        ("{\"value\":[\u{1}],\"tag\":\"Get\"}", .invalid, "value"),
        ("{\"value\":[\u{0}],\"tag\":\"Get\"}", .invalid, "value"),
        ("{\"value\":\u{1},\"tag\":\"Get\"}", .invalid, "value"),
        (#"{"value":},"tag":"Get"}"#, .invalid, "value"),
        (#"{"value":[}],"tag":"Get"}"#, .invalid, ""),
        (#"{"value":,"tag":"Get"}"#, .invalid, "value"),
        // The shape does not fit.
        (
            #"{"tag":"Get","type":"TextString","value":"x"}"#, .codec,
            "Get: expected Structure, found TextString"
        ),
        (
            get(#"{"tag":"UniqueIdentifier","type":"ByteString","value":"00"}"#), .codec,
            "Get/UniqueIdentifier"
        ),
        (
            get(#"{"tag":"KeyWrapType","type":"TextString","value":"AsRegistered"}"#), .codec,
            "Get/KeyWrapType: expected Enumeration"
        ),
        (
            get(#"{"tag":"KeyWrapType","type":"Enumeration","value":"Perhaps"}"#), .codec,
            "unknown value Perhaps"
        ),
        (get(#"{"tag":"KeyWrapType","type":"Enumeration","value":1}"#), .codec, "Get/KeyWrapType"),
        (
            get(#"{"tag":"KeyWrapType","type":"Enumeration","value":"0x00000001"}"#), .codec,
            "Get/KeyWrapType"
        ),
        (get(uid + "," + uid), .codec, "Get/UniqueIdentifier: is there twice"),
        (#"{"tag":"Create","value":[]}"#, .codec, "Create: ObjectType is missing"),
        (#"{"tag":"Locate","value":[]}"#, .codec, "Locate: Attributes is missing"),
        (#"{"tag":"Revoke","value":[]}"#, .codec, "RevocationReason"),
        (
            locate(#"{"tag":"ActivationDate","type":"DateTime","value":"2026-01-01T00:00:00Z"}"#),
            .codec, "Locate/Attributes/ActivationDate: expected LongInteger, found DateTime"
        ),
        (
            locate(
                #"{"tag":"CryptographicLength","type":"LongInteger","value":"0x0000000000000100"}"#),
            .codec, "expected Integer"
        ),
        (
            locate(#"{"tag":"VendorAttributes","value":[{"tag":"VendorAttribute","value":[]}]}"#),
            .codec, "VendorAttribute"
        ),
        (
            locate(
                #"{"tag":"VendorAttributes","value":[{"tag":"VendorIdentification","type":"TextString","value":"v"}]}"#
            ), .codec, "VendorIdentification"
        ),
        (
            locate(
                #"{"tag":"Link","value":[{"tag":"Link","value":[{"tag":"LinkType","type":"Enumeration","value":"ParentLink"}]}]}"#
            ), .codec, "LinkedObjectIdentifier is missing"
        ),
        // Closed structures.
        (
            #"{"tag":"Import","value":[{"tag":"Comment","type":"TextString","value":"x"}]}"#,
            .codec, "Import/Comment"
        ),
        (
            #"{"tag":"SetAttribute","value":[{"tag":"NewAttribute","value":[{"tag":"Sensitive","type":"Boolean","value":true}]}]}"#,
            .codec, "NewAttribute/Sensitive"
        ),
        (
            #"{"tag":"SetAttribute","value":[{"tag":"NewAttribute","value":[]}]}"#, .codec,
            "no attribute"
        ),
        (
            #"{"tag":"SetAttribute","value":[{"tag":"NewAttribute","value":[{"tag":"VendorAttributes","value":[]}]}]}"#,
            .codec, "VendorAttributes"
        ),
        (
            #"{"tag":"DeleteAttribute","value":[{"tag":"CurrentAttribute","value":[{"tag":"Nonsense","value":[]}]}]}"#,
            .codec, "CurrentAttribute/Nonsense"
        ),
        (
            #"{"tag":"GetAttributes","value":[{"tag":"AttributeReferences","value":[{"tag":"AttributeReferences","type":"Enumeration","value":"NoSuchTag"}]}]}"#,
            .codec, "NoSuchTag"
        ),
        (
            #"{"tag":"GetAttributes","value":[{"tag":"AttributeReferences","value":[{"tag":"AttributeReferences","type":"Enumeration","value":"Create"}]}]}"#,
            .codec, "AttributeReferences"
        ),
        (
            importing(
                material:
                    #"{"tag":"Key","type":"ByteString","value":"00"},{"tag":"ByteString","type":"ByteString","value":"00"}"#
            ), .codec, "twice"
        ),
        (
            importing(material: #"{"tag":"Oops","type":"ByteString","value":"00"}"#), .codec,
            "KeyMaterial/Oops"
        ),
        (importing(material: ""), .codec, "KeyMaterial"),
        // Batches.
        (
            batch(
                #"{"tag":"RequestPayload","value":[]},{"tag":"Operation","type":"Enumeration","value":"Get"}"#
            ), .codec, "Operation must come before"
        ),
        (
            batch(#"{"tag":"Operation","type":"Enumeration","value":"Get"}"#), .codec,
            "RequestPayload is missing"
        ),
        (
            batch(
                #"{"tag":"Operation","type":"Enumeration","value":"Get"},{"tag":"Extra","value":[]}"#
            ), .codec, "Items/Items/Extra"
        ),
        (
            batch(
                #"{"tag":"Operation","type":"Enumeration","value":"Query"},{"tag":"RequestPayload","value":[]}"#
            ), .codec, "batch"
        ),
        (
            batch(
                #"{"tag":"Operation","type":"Enumeration","value":"Nothing"},{"tag":"RequestPayload","value":[]}"#
            ), .codec, "unknown value"
        ),
        (
            batch(
                #"{"tag":"Operation","type":"Enumeration","value":"CreateKeyPair"},{"tag":"RequestPayload","value":[]}"#
            ), .notSupported, "not supported"
        ),
        (
            batch(
                #"{"tag":"Operation","type":"Enumeration","value":"Get"},{"tag":"UniqueBatchItemId","type":"ByteString","value":"00"},{"tag":"RequestPayload","value":[]}"#
            ), .codec, "Integer"
        ),
        // Not offered.
        (
            importing(
                type: "PrivateKey",
                material: #"{"tag":"ByteString","type":"ByteString","value":"00"}"#), .notSupported,
            "PrivateKey"
        ),
        (
            importing(
                type: "Certificate",
                material: #"{"tag":"ByteString","type":"ByteString","value":"00"}"#), .notSupported,
            "Certificate"
        ),
        (
            importing(material: #"{"tag":"KeyTypeSer","type":"Enumeration","value":"RsaPublic"}"#),
            .notSupported, "transparent"
        ),
        // Unknown.
        (#"{"tag":"Register","type":"Structure","value":[]}"#, .unknown, "Register"),
        (#"{"tag":"Query","type":"Structure","value":[]}"#, .unknown, "Query"),
        (#"{"tag":"Attributes","type":"Structure","value":[]}"#, .unknown, "Attributes"),
        (#"{"tag":"GetResponse","type":"Structure","value":[]}"#, .unknown, "GetResponse"),
        (#"{"tag":"<script>","type":"Structure","value":[]}"#, .unknown, "?script?"),
        (#"{"tag":"Register","type":"Structure","value":[1]}"#, .invalid, ""),
    ]

    @Test(arguments: rows)
    func refuses(_ body: String, _ kind: Kind, _ text: String) throws {
        let failure = try #require(throws: Failure.self) { try Cosmian422.decode(Array(body.utf8)) }

        switch kind {
        case .invalid:
            #expect(failure.kind == .invalidRequest)
            #expect(Cosmian422.errorText(of: failure).hasPrefix("Invalid Request: "))
        case .codec:
            #expect(failure.kind == .kmip && failure.reason == .codecError)
            #expect(Cosmian422.errorText(of: failure).hasPrefix("Codec_Error: "))
        case .notSupported: #expect(failure.kind == .notSupported)
        case .unknown:
            #expect(failure.kind == .unknownOperation)
            #expect(Cosmian422.errorText(of: failure).hasPrefix("Not Supported route: Operation: "))
        }
        #expect(failure.message.contains(text), "\(failure.message)")
    }

    @Test func refusesTextThatIsNotUTF8() throws {
        for bytes: [UInt8] in [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
        ] {
            for tag in ["UniqueIdentifier", "Unknown"] {
                let body =
                    Array(
                        #"{"tag":"Get","value":[{"tag":"\#(tag)","type":"TextString","value":"a"#
                            .utf8) + bytes
                    + Array(#""}]}"#.utf8)

                let failure = try #require(throws: Failure.self) { try Cosmian422.decode(body) }

                #expect(failure.kind == .invalidRequest)
                #expect(failure.message.contains("UTF-8"))
            }
        }
    }

    @Test func refusesEveryTruncationOfEverySample() throws {
        for name in SampleTests.requests {
            let body = try Corpus.sample(name)
            for length in 0..<body.count {
                #expect(throws: Failure.self, "\(name) cut at \(length)") {
                    try Cosmian422.decode(Array(body[..<length]))
                }
            }
        }
    }

    @Test func namesNoKeyMaterialInAFailure() throws {
        let body = Self.importing(
            material: #"{"tag":"Key","type":"ByteString","value":"C0FFEEC0FFEEC0FFEEx"}"#)

        let failure = try #require(throws: Failure.self) { try Cosmian422.decode(Array(body.utf8)) }

        #expect(!Cosmian422.errorText(of: failure).contains("C0FFEE"))
    }
}
