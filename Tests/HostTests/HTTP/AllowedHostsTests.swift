import Host
import Testing

struct AllowedHostsTests {
    @Test(arguments: [
        ("localhost:9998", true), ("LOCALHOST", true), ("127.0.0.1:9998", true), ("[::1]:9998", true),
        ("10.1.2.3", true), ("kms.example.test", true), ("KMS.example.test:443", true),
        ("other.example.test", false), ("evil.test:9998", false), ("127.0.0.1.evil.test", false),
        ("1.2.3", false), ("", false), ("1.2.3.256", false), ("1..2.3", false), ("1.2.3.", false),
    ])
    func knowsTheNamesOfTheServer(authority: String, isAllowed: Bool) {
        let hosts = AllowedHosts(bound: "127.0.0.1", further: ["kms.example.test"])

        #expect(hosts.allows(authority: authority) == isAllowed)
    }
}
