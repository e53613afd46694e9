/// Which users have which roles, by their names or those of their groups.
struct RoleRules: Sendable {
    private let auditors: Set<String>
    private let monitors: Set<String>
    /// Empty: everybody may create objects.
    private let creators: Set<String>
    /// Whether the server authenticates; where it does not, everybody on this machine may see how it is.
    private let authenticates: Bool
    private let isEmpty: Bool

    init(_ settings: Settings) {
        auditors = Set(settings.auditors)
        monitors = Set(settings.monitors)
        creators = Set(settings.privilegedUsers)
        authenticates = settings.authenticates
        isEmpty = auditors.isEmpty && monitors.isEmpty && creators.isEmpty
    }

    /// The same user with its roles.
    func applied(to user: Principal) -> Principal {
        var user = user
        user.roles = authenticates ? .standard : [.creator, .monitor]
        guard !isEmpty else { return user }
        let isAuditor = user.names.contains(where: auditors.contains)
        if isAuditor { user.roles.insert(.auditor) }
        if isAuditor || user.names.contains(where: monitors.contains) { user.roles.insert(.monitor) }
        if !creators.isEmpty, !user.names.contains(where: creators.contains) {
            user.roles.remove(.creator)
        }
        return user
    }
}
