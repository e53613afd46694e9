import KMIP
import Secrets
import Testing

/// Forms of the same text that JSON allows.
@Suite struct MemberOrderTests {
    static func destroy(_ body: String) throws -> DestroyRequest {
        guard case .operation(.destroy(let request)) = try Cosmian422.decode(Array(body.utf8))
        else {
            throw Failure(.kmip, .generalFailure, "no Destroy")
        }
        return request
    }

    @Test(arguments: [
        #"{"tag":"Destroy","type":"Structure","value":[{"tag":"UniqueIdentifier","type":"TextString","value":"k"},{"tag":"Remove","type":"Boolean","value":true}]}"#,
        // Children in another order.
        #"{"tag":"Destroy","type":"Structure","value":[{"tag":"Remove","type":"Boolean","value":true},{"tag":"UniqueIdentifier","type":"TextString","value":"k"}]}"#,
        // No type means Structure.
        #"{"tag":"Destroy","value":[{"tag":"UniqueIdentifier","type":"TextString","value":"k"},{"tag":"Remove","type":"Boolean","value":true}]}"#,
        // Members in other orders, the value first in a structure and in a scalar.
        #"{"value":[{"value":"k","type":"TextString","tag":"UniqueIdentifier"},{"type":"Boolean","tag":"Remove","value":true}],"tag":"Destroy"}"#,
        #"{"tag":"Destroy","value":[{"tag":"UniqueIdentifier","value":"k","type":"TextString"},{"tag":"Remove","value":true,"type":"Boolean"}],"type":"Structure"}"#,
        #"{"type":"Structure","value":[{"value":true,"tag":"Remove","type":"Boolean"},{"type":"TextString","value":"k","tag":"UniqueIdentifier"}],"tag":"Destroy"}"#,
        // White space everywhere.
        " {\n \"tag\" : \"Destroy\" , \"type\"\t:\r\n\"Structure\", \"value\" : [ { \"tag\":\"UniqueIdentifier\", \"type\" :\"TextString\",\"value\": \"k\" } , {\"tag\":\"Remove\",\"type\":\"Boolean\",\"value\": true } ] } \n",
        // Escapes in names.
        #"{"t\u0061g":"Destro\u0079","type":"Structure","value":[{"tag":"Unique\u0049dentifier","type":"TextString","value":"\u006b"},{"tag":"Remove","type":"Boolean","value":true}]}"#,
        // Unknown children of every type, and deep ones.
        #"{"tag":"Destroy","type":"Structure","value":[{"tag":"A","type":"Structure","value":[{"tag":"B","type":"Structure","value":[{"tag":"UniqueIdentifier","type":"TextString","value":"no"}]}]},{"tag":"C","type":"Integer","value":-1},{"tag":"C","type":"Integer","value":"0x0000000A"},{"tag":"D","type":"LongInteger","value":"0x00000000000000FF"},{"tag":"E","type":"BigInteger","value":"0x0102"},{"tag":"F","type":"Enumeration","value":"Any"},{"tag":"F","type":"Enumeration","value":7},{"tag":"G","type":"Boolean","value":false},{"tag":"H","type":"TextString","value":"\"é\""},{"tag":"I","type":"ByteString","value":"00ff"},{"tag":"J","type":"DateTime","value":"2026-01-01T00:00:00Z"},{"tag":"K","type":"DateTimeExtended","value":"0x00000000000000000000000000000001"},{"tag":"L","type":"Interval","value":4294967295},{"tag":"UniqueIdentifier","type":"TextString","value":"k"},{"tag":"Remove","type":"Boolean","value":true}]}"#,
    ])
    func readsTheSameFromEachForm(_ body: String) throws {
        let request = try Self.destroy(body)

        #expect(request.uniqueIdentifier == .text("k"))
        #expect(request.remove)
    }

    @Test(arguments: [
        (#"abc"#, "abc"), (#"a\"b\\c\/d"#, "a\"b\\c/d"), (#"\b\f\n\r\t"#, "\u{8}\u{C}\n\r\t"),
        (#"\u00e9\u20AC"#, "é€"), (#"\ud83d\uDE00"#, "😀"), ("é😀 and more", "é😀 and more"),
        ("", ""),
        ("a text that is longer than sixteen bytes", "a text that is longer than sixteen bytes"),
    ])
    func readsText(_ json: String, _ text: String) throws {
        let body =
            #"{"tag":"Destroy","value":[{"tag":"UniqueIdentifier","type":"TextString","value":""#
            + json + #""}]}"#

        #expect(try Self.destroy(body).uniqueIdentifier == .text(text))
    }

    @Test func writesTextThatNeedsEscapes() throws {
        let text = "\"\\\u{1}\u{8}\u{1F}\u{7F}\n/é😀</script>"
        let body = Cosmian422.encode(.destroy(DestroyRequest(uniqueIdentifier: .text(text))))

        #expect(
            try Self.destroy(String(decoding: body, as: UTF8.self)).uniqueIdentifier == .text(text))
        #expect(body.allSatisfy { $0 >= 0x20 })
    }

    @Test(arguments: [
        (#""type":"TextString","value":"k""#, Identifier.text("k")),
        (#""type":"Enumeration","value":"IDPlaceholder""#, .enumeration(1)),
        (#""type":"Enumeration","value":"my-key""#, .text("my-key")),
        (#""type":"Integer","value":7"#, .integer(7)),
    ])
    func readsEveryFormOfAnIdentifier(_ item: String, _ identifier: Identifier) throws {
        let body = #"{"tag":"Destroy","value":[{"tag":"UniqueIdentifier",\#(item)}]}"#

        #expect(try Self.destroy(body).uniqueIdentifier == identifier)
    }

    @Test func leavesAMissingIdentifierToTheOperation() throws {
        #expect(
            try Self.destroy(#"{"tag":"Destroy","type":"Structure","value":[]}"#).uniqueIdentifier
                == nil)
    }

    @Test func readsMasksAsNumbersAndAsHexadecimal() throws {
        for value in ["2108", #""0x0000083C""#, #""0x0000083c""#] {
            let body =
                #"{"tag":"Locate","value":[{"tag":"Attributes","value":[{"tag":"CryptographicUsageMask","type":"Integer","value":\#(value)}]}]}"#
            guard case .operation(.locate(let request)) = try Cosmian422.decode(Array(body.utf8))
            else {
                Issue.record("no Locate")
                return
            }

            #expect(request.attributes.cryptographicUsageMask == UsageMask(rawValue: 2108))
        }
    }

    @Test(arguments: [
        ("Enumeration", #""KeyCompromise""#, RevocationReason(.keyCompromise)),
        ("TextString", #""KeyCompromise""#, RevocationReason(.keyCompromise)),
        ("TextString", #""because""#, RevocationReason(.unspecified, message: "because")),
    ])
    func readsEveryFormOfARevocationReason(
        _ type: String, _ value: String, _ reason: RevocationReason
    ) throws {
        let body =
            #"{"tag":"Revoke","value":[{"tag":"RevocationReason","type":"\#(type)","value":\#(value)}]}"#
        guard case .operation(.revoke(let request)) = try Cosmian422.decode(Array(body.utf8)) else {
            Issue.record("no Revoke")
            return
        }

        #expect(request.reason == reason)
    }

    @Test func readsBothSpellingsOfAnOpaqueObject() throws {
        for (type, value) in [
            ("opaque_data_type", "opaque_data_value"), ("OpaqueDataType", "OpaqueDataValue"),
        ] {
            let body =
                #"{"tag":"Import","value":[{"tag":"UniqueIdentifier","type":"TextString","value":""},{"tag":"Object","value":[{"tag":"\#(type)","type":"Enumeration","value":"Vendor"},{"tag":"\#(value)","type":"ByteString","value":"0aFF"}]},{"tag":"ObjectType","type":"Enumeration","value":"OpaqueObject"},{"tag":"Attributes","value":[]}]}"#
            guard case .operation(.import(let request)) = try Cosmian422.decode(Array(body.utf8)),
                case .opaque(let kind, let bytes) = request.object
            else {
                Issue.record("no opaque object")
                return
            }

            #expect(kind == OpaqueDataType(rawValue: 0x8000_0002))
            #expect(bytes.isEqual(to: [0x0A, 0xFF]))
            #expect(
                String(decoding: Cosmian422.encode(.import(request)), as: UTF8.self).contains(
                    "opaque_data_value"))
        }
    }

    @Test func takesTheFirstOfTheListAmongSeveralNewAttributes() throws {
        let body =
            #"{"tag":"SetAttribute","value":[{"tag":"NewAttribute","value":[{"tag":"CryptographicLength","type":"Integer","value":1},{"tag":"CryptographicLength","type":"Integer","value":2},{"tag":"ActivationDate","type":"LongInteger","value":"0xFFFFFFFFFFFFFFFF"}]}]}"#
        guard case .operation(.setAttribute(let request)) = try Cosmian422.decode(Array(body.utf8))
        else {
            Issue.record("no SetAttribute")
            return
        }

        #expect(request.newAttribute == .activationDate(-1))
    }
}
