import KMIP
import PluginLoader

/// KMIP 2.1, "Locate": the active objects that the caller owns or was granted, newest first.
enum Locate: OpenOperation {
    static let access = OpenAccess.everyUser

    /// How many identifiers one answer may hold.
    static let itemsMax = 100_000

    static func run(
        _ payload: LocateRequest, in context: OperationContext
    ) async throws(Failure) -> Response {
        var attributes = payload.attributes
        let tags = try Tags.any(from: &attributes) ?? []
        let wanted = payload.maximumItems.map { min(Int(max(0, $0)), itemsMax) } ?? itemsMax
        let skipped = Int(max(0, payload.offsetItems ?? 0))
        let query = Query(
            filter: .all([Terms.filter(attributes, tags: tags), activeNow(context.now)]),
            // Rights for everybody do not make everybody's objects turn up in every search.
            // An auditor finds everything.
            who: context.principal.isAuditor ? [] : Array(context.principal.names), limit: min(max(wanted, 1), 1000), skip: skipped,
            countsTotal: payload.maximumItems != nil || skipped > 0, newestFirst: true)
        let (uids, total) = try await search(query, wanted: wanted, in: context)
        return .locate(
            LocateResponse(locatedItems: Int32(clamping: total), uniqueIdentifiers: uids))
    }

    private static func search(
        _ first: Query, wanted: Int, in context: OperationContext
    ) async throws(Failure) -> (uids: [String], total: Int) {
        var query = first
        var uids: [String] = []
        var total: Int?
        repeat {
            let page = try await context.store.query(query, deadline: context.deadline)
            guard !page.isInexact else {
                return try await sift(first, wanted: wanted, in: context)
            }
            total = total ?? page.total
            uids += page.objects.prefix(wanted - uids.count).map(\.uid)
            query.cursor = page.cursor
            query.countsTotal = false
            query.skip = 0
        } while !query.cursor.isEmpty && uids.count < wanted
        return (uids, total ?? uids.count)
    }

    /// The same over a driver that answers with a superset: each candidate is read and matched.
    private static func sift(
        _ first: Query, wanted: Int, in context: OperationContext
    ) async throws(Failure) -> (uids: [String], total: Int) {
        var query = first
        query.skip = 0
        query.countsTotal = false
        var uids: [String] = []
        repeat {
            let page = try await context.store.query(query, deadline: context.deadline)
            for candidate in page.objects {
                guard
                    let object = try await context.store.load(
                        candidate.uid, for: context.principal, deadline: context.deadline),
                    let material = object.content.object,
                    query.filter?.matches(object, Terms.of(material, object.content.attributes))
                        != false
                else { continue }
                uids.append(object.uid)
            }
            query.cursor = page.cursor
        } while !query.cursor.isEmpty && uids.count < first.skip + itemsMax
        return (Array(uids.dropFirst(first.skip).prefix(wanted)), uids.count)
    }

    private static func activeNow(_ now: Int64) -> Filter {
        .any([
            .state(State.active.rawValue),
            .all([.state(State.preActive.rawValue), .atMost(path: Terms.activationDate, now)]),
        ])
    }
}
