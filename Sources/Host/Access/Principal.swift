/// Who a request acts for.
public struct Principal: Sendable, Hashable {
    /// The wildcard that grants may name: everybody.
    public static let everybody = "*"
    /// What the name of a group begins with where grants name one.
    public static let groupPrefix = "group:"

    public let name: String
    /// How the request proved who it is from, for the record of what was done.
    public let credential: Credential
    /// The names whose grants count: the user first, then the groups, then `*`.
    let who: [String]

    /// - Parameters:
    ///   - name: As ``isUserName(_:)`` has it.
    ///   - groups: Names without `group:` before them.
    public init(_ name: String, groups: [String] = [], credential: Credential = .none) {
        self.name = name
        self.credential = credential
        who = [name] + groups.map { Self.groupPrefix + $0 } + [Self.everybody]
    }

    /// Whether a user may have the name: 1 to 255 bytes without control characters, neither everybody
    /// nor a group.
    public static func isUserName(_ name: String) -> Bool {
        (1...255).contains(name.utf8.count) && name != everybody && !name.hasPrefix(groupPrefix)
            && name.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
            }
    }
}

/// What proved who a request is from. Nothing in it is secret.
public enum Credential: Sendable, Hashable {
    /// Nothing: nobody has to authenticate.
    case none
    /// A client certificate.
    case certificate(serial: String)
    /// An API token: the uid of the key of `api-token-id`, or the id of one that a user made.
    case token(id: String)
}
