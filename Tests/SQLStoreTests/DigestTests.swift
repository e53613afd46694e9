import SQLStore
import Testing

@Suite struct DigestTests {
    /// FIPS 180-4 examples, and a message that ends at each place in a block.
    static let vectors: [(String, Int, String)] = [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]

    @Test(arguments: vectors)
    func agreesWithTheStandard(_ text: String, _ count: Int, _ expected: String) {
        let message = Array(repeating: Array(text.utf8), count: count).flatMap(\.self)

        let digest = Digest.sha256(message)

        let hex = "0123456789abcdef".map(\.self)
        #expect(String(digest.flatMap { [hex[Int($0 >> 4)], hex[Int($0 & 15)]] }) == expected)
    }
}
