import KMIP
import Secrets
import Testing

@Suite struct PlainJSONTests {
    @Test func showsAttributesAsTheListOfOwnedObjectsDoes() {
        var attributes = Attributes()
        attributes.cryptographicAlgorithm = .aes
        attributes.cryptographicLength = 256
        attributes.cryptographicUsageMask = UsageMask(rawValue: 2108)
        attributes.keyFormatType = .transparentSymmetricKey
        attributes.objectType = .symmetricKey
        attributes.state = .active
        attributes.initialDate = 1

        #expect(
            String(decoding: Cosmian422.plainJSON(attributes), as: UTF8.self)
                == #"{"CryptographicAlgorithm":"AES","CryptographicLength":256,"CryptographicUsageMask":2108,"KeyFormatType":"TransparentSymmetricKey","ObjectType":"SymmetricKey","Sensitive":false}"#
        )
    }

    @Test func showsListsAndByteStrings() {
        var attributes = Attributes()
        attributes.activationDate = -5
        attributes.sensitive = true
        attributes.links = [Link(.replacedObjectLink, to: .text("a\"b"))]
        attributes.vendorAttributes = [
            VendorAttribute(vendor: "v", name: "n", value: [0, 1, 255]),
            VendorAttribute(vendor: "w", name: "m", value: []),
        ]

        #expect(
            String(decoding: Cosmian422.plainJSON(attributes), as: UTF8.self)
                == #"{"ActivationDate":-5,"Link":[{"LinkType":"ReplacedObjectLink","LinkedObjectIdentifier":"a\"b"}],"Sensitive":true,"VendorAttributes":[{"VendorIdentification":"v","AttributeName":"n","AttributeValue":[0,1,255]},{"VendorIdentification":"w","AttributeName":"m","AttributeValue":[]}]}"#
        )
    }

    @Test func showsAKeyValueForWrapping() throws {
        let value = KeyValue(.bytes(SecretBytes(copying: [1, 2, 254])))

        let json = try Cosmian422.plainJSON(value)

        #expect(json.isEqual(to: Array(#"{"KeyMaterial":{"ByteString":[1,2,254]}}"#.utf8)))
    }

    static func keyValue(_ json: String) throws -> KeyValue {
        try Cosmian422.keyValue(fromPlainJSON: SecretBytes(copying: Array(json.utf8)))
    }

    @Test func readsAKeyValueInAnyOrder() throws {
        let value = try Self.keyValue(
            #" { "Unknown" : [ { "a" : 1 } , "]" ] , "Attributes" : { "Sensitive" : true , "CryptographicLength" : null , "Link":[] } , "KeyMaterial" : { "Key" : [ 1 , 2 , 3 ] } } "#
        )

        guard case .transparentSymmetricKey(let key) = value.material else {
            Issue.record("no symmetric key")
            return
        }
        #expect(key.isEqual(to: [1, 2, 3]))
        #expect(value.attributes?.sensitive == true)
        #expect(value.attributes?.cryptographicLength == nil)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"KeyMaterial":{}}"#, #"{"KeyMaterial":{"ByteString":[256]}}"#,
        #"{"KeyMaterial":{"ByteString":[-1]}}"#, #"{"KeyMaterial":{"ByteString":[1,]}}"#,
        #"{"KeyMaterial":{"ByteString":[1 2]}}"#, #"{"KeyMaterial":{"ByteString":"00"}}"#,
        #"{"KeyMaterial":{"ByteString":[1"#, #"{"KeyMaterial":{"ByteString":[1]}"#,
        #"{"KeyMaterial":{"ByteString":[1]}}x"#, #"{"KeyMaterial":{"Other":[1]}}"#,
        #"{"KeyMaterial":{"ByteString":[1],"Key":[1]}}"#,
        #"{"KeyMaterial":{"ByteString":[1]},"KeyMaterial":{"ByteString":[1]}}"#,
        #"{"KeyMaterial":{"ByteString":[1]},"Attributes":{"CryptographicAlgorithm":"Unheard"}}"#,
    ])
    func refusesWhatIsNoKeyValue(_ json: String) {
        #expect(throws: Failure.self) { try Self.keyValue(json) }
    }

    @Test(arguments: [
        (#"[]"#, [String]()), (#"["a"]"#, ["a"]), (#" [ "a" , "b\u00e9" ] "#, ["a", "bé"]),
    ])
    func readsTags(_ json: String, _ tags: [String]) {
        #expect(Cosmian422.tags(fromJSON: Array(json.utf8)) == tags)
    }

    @Test(arguments: [
        "", "a", "[", "[a]", "[1]", #"["a",]"#, #"["a"]x"#, #"{"a":1}"#, #"["a" "b"]"#,
        #"["\u0000"]"#,
    ])
    func knowsNoTagsInSomethingElse(_ json: String) {
        #expect(Cosmian422.tags(fromJSON: Array(json.utf8)) == nil)
    }
}
