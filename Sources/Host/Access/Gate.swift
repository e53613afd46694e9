import KMIP
import PluginLoader

/// The one place that decides who may do what with an object.
///
/// Operations receive ``AuthorizedObject`` values only, and this file alone can make one. Whatever
/// an operation finds on its way (a wrapping key, the candidates of a tag, a linked key) it asks
/// for here too. The default is deny.
struct Gate: Sendable {
    let store: ObjectStore

    /// What an operation demands of an object before it may touch it.
    struct Requirement: Sendable {
        /// One of these, or ownership. Empty: ownership alone.
        var anyOf: Rights
        /// The states in which the object counts as a candidate.
        var states: States
    }

    /// Why the gate stayed shut.
    enum Refusal: Error, Equatable {
        case absent
        case forbidden
        case state(State)
    }

    /// How many objects one tag query may act on at once.
    static let objectsMax = 1000

    /// Loads one object by its uid and lets it through when the requirement holds.
    ///
    /// The read that brings the rights also confirms the cached content, so a change made by any
    /// server counts at once.
    func object(
        _ uid: String, _ requirement: Requirement, in context: OperationContext
    ) async throws(Failure) -> Result<AuthorizedObject, Refusal> {
        // What tokens are kept as is nobody's to read or change.
        guard !IssuedToken.isUID(uid) else { return .failure(.absent) }
        let found =
            if let prefetched = context.prefetched[uid] {
                prefetched
            } else {
                try await store.load(uid, for: context.principal, deadline: context.deadline)
            }
        guard let found else { return .failure(.absent) }
        guard permits(found, requirement, context.principal) else { return .failure(.forbidden) }
        let state = found.effectiveState(at: context.now)
        guard requirement.states.contains(state) else { return .failure(.state(state)) }
        context.audit?.note(uid)
        return .success(AuthorizedObject(found, state: state))
    }

    /// Whether a user may do with an object what is required.
    private func permits(
        _ object: LoadedObject, _ requirement: Requirement, _ user: Principal
    ) -> Bool {
        // Who looks over others' shoulders touches nothing, not even what is their own.
        if user.isAuditor { return requirement.anyOf.contains(.getAttributes) }
        // An empty owner is nobody: it matches no principal.
        let isOwner = !object.owner.isEmpty && object.owner == user.name
        return isOwner || !object.rights.isDisjoint(with: requirement.anyOf)
    }

    /// Lets only those make objects who may.
    func admitCreation(in context: OperationContext) throws(Failure) {
        let user = context.principal
        guard user.roles.contains(.creator), !user.isAuditor else {
            throw Failure(
                .invalidRequest, .permissionDenied, "\(user.name) may not create objects")
        }
    }

    /// The objects that carry all the tags, satisfy the requirement and are accepted: own ones
    /// before granted ones, the newest first.
    ///
    /// - Parameter maximum: How many are wanted; the search ends when they are found.
    func objects(
        tagged tags: [String], _ requirement: Requirement, maximum: Int,
        in context: OperationContext, accepting: (AuthorizedObject) throws(Failure) -> Bool
    ) async throws(Failure) -> [AuthorizedObject] {
        var accepted: [AuthorizedObject] = []
        for scope in [Query.Scope.owned, .granted] {
            var query = Query(
                filter: .all(tags.map(Tags.filter) + [states(requirement.states)]),
                who: context.principal.who, scope: scope, limit: min(maximum * 4, 256),
                newestFirst: true)
            repeat {
                let page = try await store.query(query, deadline: context.deadline)
                for candidate in page.objects {
                    let admission = try await object(candidate.uid, requirement, in: context)
                    guard case .success(let object) = admission, try accepting(object),
                        // An inexact page is a superset of what was asked for.
                        !page.isInexact || object.content.tags.containsAll(tags)
                    else { continue }
                    accepted.append(object)
                    if accepted.count == maximum { return accepted }
                }
                query.cursor = page.cursor
            } while !query.cursor.isEmpty
        }
        return accepted
    }

    /// The stored states that may turn out to be one of these: a pre-active object may have become
    /// active by its date.
    private func states(_ wanted: States) -> Filter {
        var stored = wanted
        if wanted.contains(.active) { stored.insert(.preActive) }
        return .any(stored.rawValues.map(Filter.state))
    }
}

/// An object that passed the gate.
struct AuthorizedObject: Sendable {
    private let loaded: LoadedObject
    /// The state that counts for this request.
    let state: State

    fileprivate init(_ loaded: LoadedObject, state: State) {
        self.loaded = loaded
        self.state = state
    }

    var uid: String { loaded.uid }
    var owner: String { loaded.owner }
    var revision: UInt64 { loaded.revision }
    var content: ObjectContent { loaded.content }
    var attributes: Attributes { loaded.content.attributes }
}

extension [String] {
    fileprivate func containsAll(_ wanted: [String]) -> Bool { wanted.allSatisfy(contains) }
}
