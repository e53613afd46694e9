import Glibc
import PluginABI
import Testing

/// TLS and client certificates, on a server that has TLS and a user `certified` who must prove
/// itself by a certificate.
@Suite struct CertificateTests {
    let store: TestStore

    init() throws { store = try TestStore() }

    private func texts(_ changes: [String: String] = [:]) throws -> [String: String] {
        let base = [
            // No user: it is the certificate's common name.
            "database-url": "mysql://127.0.0.1:\(store.port)/\(store.name)",
            "mysql-user-cert-file": try Server.certificate("client.p12"),
            "mysql-user-cert-password": "changeit",
        ]
        return base.merging(changes) { $1 }.filter { !$0.value.isEmpty }
    }

    private func refusal(_ texts: [String: String]) throws -> TestFailure {
        do {
            try TestDatabase(texts: texts).close()
        } catch let failure as TestFailure {
            return failure
        }
        throw TestFailure(status: 0, message: "it opened")
    }

    @Test func logsInWithTheCertificateAndItsName() throws {
        let database = try TestDatabase(texts: try texts())

        try database.migrate()

        #expect(try database.apply([.create(TestObject(uid: "k"))]) == [0])
    }

    @Test(arguments: ["legacy.p12", "pem.p12"])
    func takesOtherForms(_ file: String) throws {
        let certificate = try Server.certificate(file)

        let database = try TestDatabase(
            texts: try texts([
                "mysql-user-cert-file": certificate,
                "mysql-ca-file": try Server.certificate("ca.pem"),
            ]))

        try database.migrate()
    }

    @Test func takesAFileWithoutPasswordAndChain() throws {
        let bare = try texts([
            "mysql-user-cert-file": try Server.certificate("bare.p12"),
            "mysql-user-cert-password": "",
        ])

        try TestDatabase(
            texts: bare.merging(["mysql-ca-file": try Server.certificate("ca.pem")]) { $1 }
        ).migrate()
        // Without the authority the server is not verified, and so not talked to.
        let refused = try refusal(bare)
        #expect(refused.status == Int(KMS_DENIED))
        #expect(refused.message.contains("certificate"))
    }

    @Test func reconnectsWithTheCertificate() throws {
        let database = try TestDatabase(texts: try texts())
        try database.migrate()

        for _ in 0..<3 {
            try store.killSessions()
            #expect(try database.get("k").status == Int(KMS_NOT_FOUND))
        }
    }

    static let wrong: [(String, [String: String], Int, String)] = [
        (
            "a wrong password", ["mysql-user-cert-password": "canary"], Int(KMS_INVALID),
            "mysql-user-cert-password"
        ),
        (
            "no password", ["mysql-user-cert-password": ""], Int(KMS_INVALID),
            "set mysql-user-cert-password"
        ),
        ("no file", ["mysql-user-cert-file": "/nowhere/x"], Int(KMS_INVALID), "/nowhere/x"),
        ("no certificate", ["mysql-user-cert-file": "/etc/passwd"], Int(KMS_INVALID), "PKCS#12"),
        ("an expired one", ["mysql-user-cert-file": "expired.p12"], Int(KMS_DENIED), "expired"),
        (
            "one of somebody else", ["mysql-user-cert-file": "other.p12"], Int(KMS_UNAVAILABLE),
            "refused the certificate"
        ),
        (
            "no TLS", ["mysql-ssl-mode": "disabled"], Int(KMS_INVALID), "needs TLS"
        ),
    ]

    @Test(arguments: wrong.indices)
    func saysWhatIsWrongWithTheCertificate(_ index: Int) throws {
        let (what, changes, status, words) = Self.wrong[index]
        let texts = try texts(
            try changes.mapValues { $0.hasSuffix(".p12") ? try Server.certificate($0) : $0 })

        let refused = try refusal(texts)

        #expect(refused.status == status, "\(what): \(refused.message)")
        #expect(refused.message.contains(words), "\(what): \(refused.message)")
        #expect(!refused.message.contains("canary"))
    }

    @Test func refusesAServerThatAnotherAuthorityVouchesFor() throws {
        let url = "\(store.url)?ssl-mode=verify-ca&ssl-ca=\(try Server.certificate("other-ca.pem"))"

        let refused = try refusal(["database-url": url])

        #expect(refused.status == Int(KMS_DENIED))
        #expect(refused.flags == 0)
        #expect(refused.message.contains("certificate"))
    }

    @Test func refusesAServerOfAnotherName() throws {
        // 127.0.0.2 leads to the same server, whose certificate is for 127.0.0.1 and localhost.
        let authority = try Server.certificate("ca.pem")
        let url = store.url.replacing("127.0.0.1", with: "127.0.0.2")
        let reached = try refusal([
            "database-url": url + "?ssl-mode=verify-identity&ssl-ca=\(authority)"
        ])

        #expect([Int(KMS_DENIED), Int(KMS_UNAVAILABLE)].contains(reached.status))
    }

    @Test(arguments: ["disabled", "preferred", "required", "verify-ca", "verify-identity"])
    func connectsInEachMode(_ mode: String) throws {
        var texts = ["database-url": store.url, "mysql-ssl-mode": mode]
        if mode.hasPrefix("verify") { texts["mysql-ca-file"] = try Server.certificate("ca.pem") }
        let database = try TestDatabase(texts: texts)
        try database.migrate()

        #expect(try database.get("k").status == Int(KMS_NOT_FOUND))
    }

    /// Nothing of the certificate is ever on a disk, and it is gone with the handle.
    @Test func leavesNoFileOfTheCertificate() throws {
        let database = try TestDatabase(texts: try texts())
        try database.migrate()
        database.close()

        #expect(!TestLog.lines.contains { $0.contains("changeit") || $0.contains("PRIVATE KEY") })
    }
}
