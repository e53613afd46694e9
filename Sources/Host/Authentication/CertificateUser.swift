import Cryptography

/// Where in a client certificate the user's name stands.
public enum CertificateUser: String, CaseIterable, Sendable {
    /// The first common name of the subject.
    case cn
    /// The only subject alternative name of a kind.
    case email, dns, uri

    /// Whom the certificate speaks for.
    ///
    /// - Parameter takingGroups: Whether its organizational units are groups.
    func principal(
        of facts: CertificateFacts, takingGroups: Bool
    ) throws(Denied) -> Principal {
        let name: String
        switch self {
        case .cn: name = facts.commonName ?? ""
        case .email: name = try Self.only(facts.emails, "e-mail address")
        case .dns: name = try Self.only(facts.dnsNames, "DNS name")
        case .uri: name = try Self.only(facts.uris, "URI")
        }
        guard Principal.isUserName(name) else {
            throw Denied("the client certificate names nobody who can be a user")
        }
        let groups = takingGroups ? facts.organizationalUnits.filter(Principal.isGroupName) : []
        return Principal(name, groups: groups, credential: .certificate(serial: facts.serial))
    }

    private static func only(_ names: [String], _ kind: String) throws(Denied) -> String {
        guard names.count == 1, let name = names.first else {
            throw Denied("the client certificate has not exactly one \(kind)")
        }
        return name
    }
}
