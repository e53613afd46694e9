import PluginKit

/// Whose objects a query is about.
struct Visibility {
    private let query: Query
    /// The only one of `who` who may own something; an empty name is nobody.
    private let user: [UInt8]?

    init(_ query: Query) {
        self.query = query
        user = query.who.first.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
    }

    var isEverything: Bool { query.who.isEmpty }

    /// Nobody asks for what only somebody can have.
    var isNothing: Bool {
        query.who.isEmpty && !query.flags.isDisjoint(with: [.owned, .granted])
    }

    /// Nil when everything is visible.
    var source: CandidateSource? {
        guard !query.who.isEmpty else { return nil }
        var source = CandidateSource()
        if !query.flags.contains(.granted), let user { source.keywords.insert(.owner(user)) }
        if !query.flags.contains(.owned) {
            for name in query.who { source.keywords.insert(.user(Array(name.utf8))) }
        }
        return source
    }

    /// Decided from the permissions record.
    func shows(_ object: StoredObject, _ permissions: Permissions?) -> Bool {
        guard !query.who.isEmpty else { return !isNothing }
        let isOwner = user.map { $0 == object.owner } ?? false
        if query.flags.contains(.owned) { return isOwner && !query.flags.contains(.granted) }
        if isOwner { return !query.flags.contains(.granted) }
        return query.who.contains { name in
            let rights = permissions?.rights[Array(name.utf8)] ?? 0
            return rights != 0 && (query.rights == 0 || rights & query.rights != 0)
        }
    }
}
