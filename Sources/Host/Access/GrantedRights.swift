import KMIP
import PluginLoader

/// Grants: who else may use an object. Only its owner gives, takes and lists them.
package struct GrantedRights: Sendable {
    private let context: OperationContext

    package init(_ context: OperationContext) { self.context = context }

    /// A grant or revocation as a client asks for it.
    package struct Change: Sendable {
        var uid: String
        var user: String
        var rights: Rights

        package init(uid: String, user: String, rights: Rights) {
            self.uid = uid
            self.user = user
            self.rights = rights
        }
    }

    package func grant(_ change: Change) async throws(Failure) {
        try await write(
            change, .grant(uid: change.uid, user: change.user, rights: change.rights.rawValue))
    }

    /// Taking rights that are not held is a success.
    package func revoke(_ change: Change) async throws(Failure) {
        try await write(
            change, .revoke(uid: change.uid, user: change.user, rights: change.rights.rawValue))
    }

    /// Who may do what with an object of the caller's; an auditor asks about any.
    package func list(_ uid: String) async throws(Failure) -> [Grant] {
        if context.principal.isAuditor {
            let seen = Gate.Requirement(anyOf: .getAttributes, states: .all)
            guard case .success = try await context.gate.object(uid, seen, in: context) else {
                throw notOwner(uid)
            }
        } else {
            try await requireOwner(of: uid)
        }
        return try await all(GrantsQuery(uid: uid))
    }

    /// What others granted the caller by name, and the caller's groups: one for each object.
    package func obtained() async throws(Failure) -> [Grant] {
        let grants = try await all(GrantsQuery(who: Array(context.principal.names)))
        guard context.principal.names.count > 1 else { return grants }
        var merged: [Grant] = []
        var places: [String: Int] = [:]
        for grant in grants {
            if let at = places[grant.uid] {
                merged[at].rights |= grant.rights
            } else {
                places[grant.uid] = merged.count
                merged.append(grant)
            }
        }
        return merged
    }

    private func write(_ change: Change, _ operation: Write.Operation) async throws(Failure) {
        guard change.user != context.principal.name else {
            throw Failure(
                .accessDenied, .permissionDenied,
                "the owner holds every right; none can be granted to or revoked from oneself")
        }
        guard (1...255).contains(change.user.utf8.count), !change.user.utf8.contains(0) else {
            throw Failure(.invalidRequest, .invalidField, "the user_id must have 1 to 255 bytes")
        }
        try await requireOwner(of: change.uid)
        do {
            // Ownership is part of the write: it cannot change between the check and the commit.
            try await context.store.apply(
                [Write(operation, if: .init(isPresent: true, owner: context.principal.name))],
                deadline: context.deadline)
        } catch {
            if case .failed(let failure) = error { throw failure }
            throw notOwner(change.uid)
        }
    }

    private func requireOwner(of uid: String) async throws(Failure) {
        let own = Gate.Requirement(anyOf: [], states: .all)
        guard case .success = try await context.gate.object(uid, own, in: context) else {
            throw notOwner(uid)
        }
    }

    private func notOwner(_ uid: String) -> Failure {
        Failure(
            .accessDenied, .permissionDenied,
            "\(context.principal.name) is not the owner of an object with the identifier \(uid)")
    }

    private func all(_ first: GrantsQuery) async throws(Failure) -> [Grant] {
        var query = first
        var grants: [Grant] = []
        repeat {
            let page = try await context.store.grants(query, deadline: context.deadline)
            grants += page.grants
            query.cursor = page.cursor
        } while !query.cursor.isEmpty
        return grants
    }
}
