/// Who a request acts for.
public struct Principal: Sendable, Hashable {
    /// The wildcard that grants may name: everybody.
    public static let everybody = "*"
    /// What the name of a group begins with where grants name one.
    public static let groupPrefix = "group:"

    public let name: String
    /// How the request proved who it is from, for the record of what was done.
    public let credential: Credential
    /// What the user may do beside using objects by grants.
    public internal(set) var roles = Roles.standard
    /// The names whose grants count: the user first, then the groups, then `*`.
    let who: [String]

    /// What a user may do whatever the object.
    public struct Roles: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// May make objects.
        public static let creator = Roles(rawValue: 1 << 0)
        /// Sees the attributes and grants of every object; ownership and grants give nothing beside.
        public static let auditor = Roles(rawValue: 1 << 1)
        /// May see how the server is: its metrics, and the parts of `/health`.
        public static let monitor = Roles(rawValue: 1 << 2)
        public static let standard: Roles = [.creator]
    }

    /// - Parameters:
    ///   - name: As ``isUserName(_:)`` has it.
    ///   - groups: Names without `group:` before them, as ``isGroupName(_:)`` has them.
    public init(
        _ name: String, groups: [String] = [], roles: Roles = .standard,
        credential: Credential = .none
    ) {
        self.name = name
        self.roles = roles
        self.credential = credential
        who = [name] + groups.map { Self.groupPrefix + $0 } + [Self.everybody]
    }

    var isAuditor: Bool { roles.contains(.auditor) }

    /// The user and the groups: whom grants name in particular.
    var names: ArraySlice<String> { who.dropLast() }

    /// Whether a group may have the name.
    public static func isGroupName(_ name: String) -> Bool {
        name.utf8.count <= 200 && isUserName(name)
    }

    /// Whether it is the name of a group as grants have it: `group:` and what follows.
    static func isGroup(_ name: String) -> Bool {
        name.hasPrefix(groupPrefix) && isGroupName(String(name.dropFirst(groupPrefix.count)))
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
    /// A JSON Web Token, with its `jti` where it has one.
    case signedToken(issuer: String, id: String)
}
