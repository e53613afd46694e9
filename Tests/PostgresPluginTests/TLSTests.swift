import Glibc
import PluginABI
import Testing

/// Encryption and certificates, as the URL asks for them.
@Suite struct TLSTests {
    let store: TestStore
    let certificates: String

    init() throws {
        store = try TestStore()
        guard let folder = getenv("CLAVIGER_TEST_POSTGRES_CERTIFICATES") else {
            throw TestFailure(
                status: -1, message: "CLAVIGER_TEST_POSTGRES_CERTIFICATES names no folder")
        }
        certificates = String(cString: folder)
    }

    /// Opens with more options in the URL; says why not.
    private func refusal(_ url: String, _ options: String) throws -> TestFailure? {
        do {
            try TestDatabase(texts: ["database-url": "\(url)&\(options)"]).health()
            return nil
        } catch let failure as TestFailure {
            return failure
        }
    }

    private func withRole(_ role: String, _ body: () throws -> Void) throws {
        // The roles are named in the server's rules; other tests of this suite use the same.
        try Self.turn.withLock { () throws in
            try store.raw().run(
                """
                DROP ROLE IF EXISTS \(role); CREATE ROLE \(role) LOGIN PASSWORD 'p'; \
                GRANT ALL ON SCHEMA \(store.name) TO \(role)
                """)
            defer { _ = try? store.raw().run("DROP OWNED BY \(role); DROP ROLE \(role)") }
            try body()
        }
    }
    private static let turn = TestTurn()

    @Test func verifiesTheServer() throws {
        let ca = "sslrootcert=\(certificates)/ca.crt"
        #expect(try refusal(store.url, "sslmode=verify-full&\(ca)") == nil)
        #expect(try refusal(store.url, "sslmode=require") == nil)

        let wrong = try #require(
            try refusal(store.url, "sslmode=verify-ca&sslrootcert=\(certificates)/other.crt"))
        #expect(wrong.status == Int(KMS_UNAVAILABLE))
        #expect(wrong.message.contains("certificate verify failed"))
        let missing = try #require(
            try refusal(store.url, "sslmode=verify-full&sslrootcert=\(certificates)/none.crt"))
        #expect(missing.message.contains("none.crt"))
    }

    @Test func refusesToGoOnWithoutTheEncryptionAskedFor() throws {
        try withRole("encrypted") {
            let url = store.url(user: "encrypted", password: "p")
            #expect(try refusal(url, "sslmode=require") == nil)

            let plain = try #require(try refusal(url, "sslmode=disable"))
            #expect(plain.status == Int(KMS_DENIED))
            #expect(plain.message.contains("no encryption"))
        }
    }

    @Test func presentsACertificate() throws {
        try withRole("certified") {
            let url = store.url(user: "certified", password: "unused")
            let client = { (name: String) in
                "sslmode=verify-full&sslrootcert=\(certificates)/ca.crt"
                    + "&sslcert=\(certificates)/\(name).crt&sslkey=\(certificates)/\(name).key"
            }
            #expect(try refusal(url, client("client")) == nil)
            for (name, word) in [("expired", "expired"), ("stranger", "unknown ca")] {
                let refused = try #require(try refusal(url, client(name)))
                #expect([Int(KMS_UNAVAILABLE), Int(KMS_DENIED)].contains(refused.status))
                #expect(refused.message.contains(word), "\(refused.message)")
            }
            let none = try #require(
                try refusal(url, "sslmode=verify-full&sslrootcert=\(certificates)/ca.crt"))
            #expect(none.status == Int(KMS_DENIED))
            #expect(none.message.contains("certificate"))
        }
    }
}
