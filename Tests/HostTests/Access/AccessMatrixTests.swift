import Host
import KMIP
import Secrets
import Testing

/// Every operation against everybody who might try it: the owner, one single right by name, the
/// same right for everybody, nobody. The table says who may; everything else must be refused.
struct AccessMatrixTests {
    /// An operation, what it needs, and how it is tried on a key of alice's.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// Each of these alone suffices.
        var allowed: Rights
        var state = State.active
        /// Whether it only tells what an auditor may know.
        var isForAuditors = false
        var attempt: @Sendable (TestServer, _ uid: String, _ user: String) async throws -> Void
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "Get", allowed: .get) { _ = try await $0.send(.get($1), as: $2) },
        Case(name: "Export", allowed: [.get, .export]) { _ = try await $0.send(.export($1), as: $2) },
        Case(name: "Encrypt", allowed: [.get, .encrypt]) {
            _ = try await $0.send(.encrypt($1), as: $2)
        },
        Case(name: "Decrypt", allowed: [.get, .decrypt]) { server, uid, user in
            let sealed = try #require(try await server.send(.encrypt(uid)).sealed)
            _ = try await server.send(.decrypt(uid, sealed), as: user)
        },
        Case(name: "GetAttributes", allowed: [.get, .getAttributes], isForAuditors: true) {
            _ = try await $0.send(.attributes($1), as: $2)
        },
        Case(name: "SetAttribute", allowed: .setAttribute) { server, uid, user in
            let value = AttributeValue.vendorAttributes([
                VendorAttribute(vendor: "acme", name: "cost-centre", value: [1])
            ])
            _ = try await server.send(
                .setAttribute(
                    SetAttributeRequest(uniqueIdentifier: .text(uid), newAttribute: value)),
                as: user)
        },
        Case(name: "DeleteAttribute", allowed: .setAttribute) { server, uid, user in
            _ = try await server.send(
                .deleteAttribute(
                    DeleteAttributeRequest(
                        uniqueIdentifier: .text(uid), currentAttribute: nil,
                        references: [.standard(.linkType)])), as: user)
        },
        Case(name: "ReKey", allowed: .reKey) { server, uid, user in
            _ = try await server.send(
                .reKey(ReKeyRequest(uniqueIdentifier: .text(uid))), as: user)
        },
        Case(name: "Activate", allowed: .activate, state: .preActive) { server, uid, user in
            _ = try await server.send(
                .activate(ActivateRequest(uniqueIdentifier: .text(uid))), as: user)
        },
        Case(name: "Revoke", allowed: .revoke) { _ = try await $0.send(.revoke($1), as: $2) },
        Case(name: "Destroy", allowed: .destroy, state: .deactivated) {
            _ = try await $0.send(.destroy($1), as: $2)
        },
        Case(name: "Destroy with Remove", allowed: .destroy, state: .deactivated) {
            _ = try await $0.send(.destroy($1, remove: true), as: $2)
        },
        Case(name: "Import over it", allowed: []) {
            _ = try await $0.send(
                .importKey($1, [UInt8](repeating: 7, count: 32), replace: true), as: $2)
        },
        Case(name: "wrap with it", allowed: [.get, .encrypt]) { server, uid, user in
            let own = try await server.send(.createKey(), as: user).uid
            _ = try await server.send(.getWrapped(own, by: uid), as: user)
        },
        Case(name: "store wrapped by it", allowed: [.get, .encrypt]) {
            _ = try await $0.send(.createKey(wrappedBy: $1), as: $2)
        },
        Case(name: "unwrap with it", allowed: [.get, .decrypt]) { server, uid, user in
            let wrapped = try #require(
                try await server.send(.getWrapped(try await server.send(.createKey()).uid, by: uid))
                    .delivered)
            _ = try await server.send(
                .import(
                    ImportRequest(
                        uniqueIdentifier: .text(""), objectType: .symmetricKey,
                        replaceExisting: false, keyWrapType: .notWrapped, attributes: Attributes(),
                        object: wrapped)), as: user)
        },
        Case(name: "find it by its tag", allowed: [.get, .encrypt]) {
            _ = try await $0.send(.encrypt("[\"tag-of-\($1)\"]"), as: $2)
        },
        Case(name: "list its grants", allowed: [], isForAuditors: true) { _ = try await $0.grants(of: $2).list($1) },
        Case(name: "grant it on", allowed: []) {
            try await $0.grants(of: $2).grant(.init(uid: $1, user: "mallory", rights: .get))
        },
        Case(name: "revoke a grant on it", allowed: []) {
            try await $0.grants(of: $2).revoke(.init(uid: $1, user: "carol", rights: .get))
        },
    ]

    @Test(arguments: DriverUnderTest.available, cases)
    func permitsExactlyWhatTheTableSays(driver: DriverUnderTest, tried: Case) async throws {
        try await TestServer.with(driver) { server in
            server.enrol(Principal("dora", groups: ["dev", "ops"]))
            server.enrol(Principal("audrey", groups: ["ops"], roles: [.auditor, .creator]))
            func isPermitted(_ user: String, granted right: Rights, to grantee: String) async throws -> Bool {
                let uid = try await Self.key(in: tried.state, server)
                if !right.isEmpty {
                    try await server.grants(of: "alice").grant(
                        .init(uid: uid, user: grantee, rights: right))
                }
                do {
                    try await tried.attempt(server, uid, user)
                    return true
                } catch is Failure { return false }
            }

            #expect(try await isPermitted("alice", granted: [], to: ""), "the owner")
            #expect(try await !isPermitted("bob", granted: [], to: ""), "nobody's friend")
            for (right, name) in Rights.names {
                let expected = tried.allowed.contains(right)
                let byName = try await isPermitted("bob", granted: right, to: "bob")
                #expect(byName == expected, "\(name) granted by name")
                let byWildcard = try await isPermitted("bob", granted: right, to: "*")
                #expect(byWildcard == expected, "\(name) granted to everybody")
                let other = try await isPermitted("bob", granted: right, to: "carol")
                #expect(!other, "\(name) granted to somebody else")
                let byGroup = try await isPermitted("dora", granted: right, to: "group:ops")
                #expect(byGroup == expected, "\(name) granted to a group")
                let byOtherGroup = try await isPermitted("dora", granted: right, to: "group:sales")
                #expect(!byOtherGroup, "\(name) granted to another group")
                let byNameAlone = try await isPermitted("dora", granted: right, to: "ops")
                #expect(!byNameAlone, "\(name) granted to a user who is called like the group")
                let byAuditor = try await isPermitted("audrey", granted: right, to: "audrey")
                #expect(byAuditor == tried.isForAuditors, "\(name) granted to an auditor")
            }
        }
    }

    /// A fresh key of alice's, with a tag of its own.
    private static func key(in state: State, _ server: TestServer) async throws -> String {
        let uid = "key-\(UInt64.random(in: .min ... .max))"
        let date = state == .preActive ? server.clock.now + 1000 : nil
        _ = try await server.send(
            .createKey(uid: uid, tags: ["tag-of-\(uid)"], activationDate: date))
        if state == .deactivated { _ = try await server.send(.revoke(uid)) }
        return uid
    }
}
