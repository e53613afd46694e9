import Logging
import PluginLoader

/// Decides who a request acts for.
///
/// Each way to authenticate either names a user or ends in a refusal; where one is configured, nobody is
/// let in without. A certificate counts before a token, and a token is tried in the one way that its
/// form belongs to. Only a configuration that has no way at all lets everybody act as the default user.
///
/// Source: wire format notes, "Authentication".
package struct Authenticator: Sendable {
    /// Who acts where nobody has to authenticate, and whoever authenticated with
    /// `force-default-username`.
    private let defaultUser: Principal
    private let forcesDefaultUser: Bool
    /// Whether no way to authenticate is configured.
    let isOpen: Bool
    var issuesTokens: Bool { issuedTokens != nil }
    private let apiKey: APIKey?
    private let issuedTokens: IssuedTokens?
    /// Nil when no issuer is configured.
    let tokenVerifier: TokenVerifier?
    private let roles: RoleRules
    private let requestTimeout: Duration
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - store: Where tokens are.
    ///   - now: Seconds since 1970-01-01 UTC.
    /// - Throws: What is wrong with a file.
    init(
        _ settings: Settings, store: ObjectStore, logger: Logger,
        now: @escaping @Sendable () -> Int64
    ) throws(TLSFileError) {
        roles = RoleRules(settings)
        forcesDefaultUser = settings.forceDefaultUsername
        isOpen = !settings.authenticates
        apiKey = APIKey(settings, store: store)
        issuedTokens = settings.apiTokens ? IssuedTokens(store: store) : nil
        let issuers = settings.tokenIssuers
        tokenVerifier =
            issuers.isEmpty
            ? nil : try TokenVerifier(issuers, authorityFile: settings.jwksCAFile, logger: logger)
        requestTimeout = settings.requestTimeout
        self.now = now
        defaultUser = roles.applied(to: Principal(settings.defaultUsername))
    }

    /// - Parameters:
    ///   - session: The TLS of the connection; nil for plain HTTP.
    ///   - authorization: The header of that name.
    func principal(
        session: TLSSession?, authorization: String?
    ) async throws(Denied) -> Principal {
        if isOpen { return defaultUser }
        let found = try await authenticated(session, authorization)
        guard !forcesDefaultUser else {
            return Principal(
                defaultUser.name, roles: defaultUser.roles, credential: found.credential)
        }
        return roles.applied(to: found)
    }

    private func authenticated(
        _ session: TLSSession?, _ authorization: String?
    ) async throws(Denied) -> Principal {
        if let client = try session?.client(at: now()) { return client }
        let deadline = Deadline.after(requestTimeout)
        switch try BearerToken(authorization) {
        case .issued(let id, let secret):
            guard let issuedTokens else { throw Denied("api-tokens is not set") }
            return try await issuedTokens.principal(
                of: id, secret: secret, at: now(), deadline: deadline)
        case .plain(let token):
            guard let apiKey else { throw Denied("api-token-id is not set") }
            return try await apiKey.principal(of: token, at: now(), deadline: deadline)
        case .signed(let token):
            guard let tokenVerifier else {
                throw Denied("no issuer of JSON Web Tokens is configured")
            }
            return try await tokenVerifier.principal(of: token, at: now())
        }
    }
}

extension Settings {
    /// Whether clients have to say who they are.
    var authenticates: Bool {
        authorityCertFile != nil || apiTokenID != nil || apiTokens || !tokenIssuers.isEmpty
    }
}
