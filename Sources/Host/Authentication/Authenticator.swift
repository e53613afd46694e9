/// Decides who a request acts for.
///
/// Each way to authenticate either names a user or ends in a refusal; where one is configured, nobody is
/// let in without. Only a configuration that has none lets everybody act as the default user.
///
/// Source: wire format notes, "Authentication".
package struct Authenticator: Sendable {
    /// Who acts where nobody has to authenticate, and whoever authenticated with
    /// `force-default-username`.
    private let defaultUser: Principal
    private let forcesDefaultUser: Bool
    /// Whether no way to authenticate is configured.
    let isOpen: Bool
    private let now: @Sendable () -> Int64

    /// - Parameter now: Seconds since 1970-01-01 UTC.
    package init(_ settings: Settings, now: @escaping @Sendable () -> Int64) {
        defaultUser = Principal(settings.defaultUsername)
        forcesDefaultUser = settings.forceDefaultUsername
        isOpen = !settings.authenticates
        self.now = now
    }

    /// - Parameter session: The TLS of the connection; nil for plain HTTP.
    func principal(
        session: TLSSession?, authorization: String?
    ) async throws(Denied) -> Principal {
        if isOpen { return defaultUser }
        let found = try await authenticated(session, authorization)
        guard forcesDefaultUser else { return found }
        return Principal(defaultUser.name, credential: found.credential)
    }

    private func authenticated(
        _ session: TLSSession?, _ authorization: String?
    ) async throws(Denied) -> Principal {
        if let client = try session?.client(at: now()) { return client }
        throw Denied("no credential was sent")
    }
}

extension Settings {
    /// Whether clients have to say who they are.
    var authenticates: Bool { authorityCertFile != nil }
}
