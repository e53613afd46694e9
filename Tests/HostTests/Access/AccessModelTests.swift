import Host
import KMIP
import Testing

/// The gate against a model of ten lines, with users, groups, roles, owners and grants drawn at random.
struct AccessModelTests {
    struct Grant { var grantee: String, rights: Rights }

    /// What the documentation says of rights, and nothing else.
    private func permits(
        _ user: Principal, in groups: [String], owner: String, _ grants: [Grant],
        _ tried: AccessMatrixTests.Case
    ) -> Bool {
        if user.roles.contains(.auditor) { return tried.isForAuditors }
        if user.name == owner { return true }
        let names = [user.name, "*"] + groups.map { "group:\($0)" }
        return grants.contains { names.contains($0.grantee) && !$0.rights.isDisjoint(with: tried.allowed) }
    }

    private static let users = ["alice", "bob", "carol", "ops"]
    private static let groups = ["ops", "dev", "alice"]
    /// Those that change nothing and need nothing but the object.
    private static let tried = AccessMatrixTests.cases.filter {
        ["Get", "Export", "Encrypt", "Decrypt", "GetAttributes", "find it by its tag", "list its grants"]
            .contains($0.name)
    }

    @Test(arguments: 0..<8)
    func decidesAsTheModelDoes(round: Int) async throws {
        var random = SeededGenerator(UInt64(round) + 1)
        try await TestServer.with(.memory) { server in
            for _ in 0..<10 {
                let uid = "key-\(UInt64.random(in: .min ... .max))"
                let owner = try #require(Self.users.randomElement(using: &random))
                server.enrol(Principal(owner))
                _ = try await server.send(.createKey(uid: uid, tags: ["tag-of-\(uid)"]), as: owner)
                let grants = try await grantAtRandom(on: uid, of: owner, server, &random)
                for name in Self.users {
                    let groups = Self.groups.filter { _ in Bool.random(using: &random) }
                    let isAuditor = UInt8.random(in: 0..<4, using: &random) == 0
                    let user = Principal(
                        name, groups: groups, roles: isAuditor ? [.auditor] : [.creator])
                    for tried in Self.tried {
                        server.enrol(user)
                        // Decrypt is prepared by the owner, whoever that is at the moment.
                        guard tried.name != "Decrypt" || owner == "alice" && name != "alice" else { continue }
                        let expected = permits(user, in: groups, owner: owner, grants, tried)
                        let isPermitted: Bool
                        do {
                            try await tried.attempt(server, uid, name)
                            isPermitted = true
                        } catch is Failure { isPermitted = false }
                        #expect(
                            isPermitted == expected,
                            "\(tried.name) by \(name) of \(groups) on \(owner)'s with \(grants)")
                    }
                    server.enrol(Principal(name))
                }
            }
        }
    }

    private func grantAtRandom(
        on uid: String, of owner: String, _ server: TestServer, _ random: inout SeededGenerator
    ) async throws -> [Grant] {
        let grantees = (Self.users + Self.groups.map { "group:\($0)" } + ["*"]).filter { $0 != owner }
        var grants: [Grant] = []
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            let grantee = try #require(grantees.randomElement(using: &random))
            let right = try #require(Rights.names.randomElement(using: &random)).right
            try await server.grants(of: owner).grant(.init(uid: uid, user: grantee, rights: right))
            grants.append(Grant(grantee: grantee, rights: right))
        }
        return grants
    }
}

/// The same numbers in every run, so that a failure can be found again. Source: SplitMix64.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
