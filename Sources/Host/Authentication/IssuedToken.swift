import Cryptography
import KMIP
import PluginLoader
import Secrets

/// API tokens that users make for their programs: random, with an end, kept as a hash.
///
/// A token stands in the database as an opaque object of its user's that no operation can reach, since
/// the gate knows no object with such an identifier. It holds when the token ends and the SHA-256 of its
/// secret, which has 256 random bits and so needs no slower hash. It is read at each request, so that a
/// token that any server revoked is refused from then on.
struct IssuedTokens: Sendable {
    let store: ObjectStore

    /// What was made: the one time that the secret is shown.
    struct Made {
        var id: String
        var token: [UInt8]
        var expiresAt: Int64
    }

    /// A token as its user sees it later.
    struct Entry {
        var id: String
        var label: String
        var expiresAt: Int64
    }

    /// Marks the objects; no client can give an object a tag that begins so.
    private static let tag = "_api_token"
    /// Seconds that a token may live.
    static let lifetimes: ClosedRange<Int64> = 1...(366 * 86_400)
    /// How many tokens one user may have.
    static let countMax = 1000
    private static let labelKey = "label"

    func make(
        label: String, lifetime: Int64, in context: OperationContext
    ) async throws(Failure) -> Made {
        guard try await list(in: context).count < Self.countMax else {
            throw Failure(.invalidRequest, .permissionDenied, "the user has too many tokens")
        }
        let id: String
        var secret: [UInt8]
        do {
            id = try Random.uuid()
            secret = try Random.bytes(32)
        } catch { throw Failure(error) }
        defer { secret.zeroize() }
        var text = Base64.encodeForURL(secret)
        defer { text.zeroize() }
        let expiresAt = context.now + lifetime
        var attributes = Attributes()
        attributes.objectType = .opaqueObject
        attributes.vendorAttributes = [
            VendorAttribute(
                vendor: IssuedToken.vendor, name: Self.labelKey, value: Array(label.utf8))
        ]
        let draft = try ObjectDraft(
            uid: IssuedToken.uid(of: id), owner: context.principal.name, state: .preActive,
            object: .opaque(
                OpaqueDataType(rawValue: 0x8000_0001),
                SecretBytes(copying: IssuedToken.record(text, expiresAt: expiresAt))),
            attributes: attributes, tags: [Self.tag])
        try await store.create(draft, in: context)
        return Made(
            id: id, token: Array("\(IssuedToken.prefix)\(id).".utf8) + text, expiresAt: expiresAt)
    }

    /// The tokens of the caller, those that have expired as well.
    func list(in context: OperationContext) async throws(Failure) -> [Entry] {
        var query = Query(
            filter: .tag(Self.tag), who: [context.principal.name], scope: .owned, newestFirst: true)
        var entries: [Entry] = []
        repeat {
            let page = try await store.query(query, deadline: context.deadline)
            let found = try await store.load(
                page.objects.map(\.uid).filter(IssuedToken.isUID), for: context.principal,
                deadline: context.deadline)
            for object in page.objects.compactMap({ found[$0.uid] }) {
                guard let end = Self.parts(of: object)?.expiresAt else { continue }
                let label = object.content.attributes.vendorAttribute(
                    Self.labelKey, vendor: IssuedToken.vendor)
                entries.append(
                    Entry(
                        id: IssuedToken.id(of: object.uid),
                        label: String(decoding: label ?? [], as: UTF8.self), expiresAt: end))
            }
            query.cursor = page.cursor
        } while !query.cursor.isEmpty
        return entries
    }

    /// Ends a token of the caller's at once, on every server.
    func revoke(_ id: String, in context: OperationContext) async throws(Failure) {
        let uid = IssuedToken.uid(of: id)
        do {
            try await store.apply(
                [
                    Write(
                        .delete(uid: uid),
                        if: .init(isPresent: true, owner: context.principal.name))
                ], deadline: context.deadline)
            store.cache.remove(uid)
        } catch {
            if case .failed(let failure) = error { throw failure }
            throw Failure(.kmip, .itemNotFound, "there is no such token of \(context.principal.name)")
        }
    }

    /// Whom a token speaks for.
    ///
    /// - Parameter secret: The text behind the id, as it was sent.
    func principal(
        of id: String, secret: [UInt8], at now: Int64, deadline: Deadline
    ) async throws(Denied) -> Principal {
        let found: LoadedObject?
        do {
            found = try await store.load(
                IssuedToken.uid(of: id), for: Principal(Self.tag), deadline: deadline)
        } catch { throw Denied("the API token cannot be looked up: \(error.message)") }
        let parts = found.flatMap(Self.parts)
        // Also made where there is no token, so that the time does not tell.
        let isRight = IssuedToken.hash(secret).isEqual(to: parts?.hash ?? [])
        guard let found, let parts, isRight else {
            throw Denied("the API token is unknown, was revoked, or is wrong")
        }
        guard parts.expiresAt > now else { throw Denied("the API token has expired") }
        guard Principal.isUserName(found.owner) else { throw Denied("the API token has no user") }
        return Principal(found.owner, credential: .token(id: id))
    }

    private static func parts(of object: LoadedObject) -> (hash: [UInt8], expiresAt: Int64)? {
        guard object.content.tags.contains(tag), case .opaque(_, let record) = object.content.object
        else { return nil }
        return IssuedToken.parts(of: record)
    }
}

/// How an API token is written, and what is kept of it.
enum IssuedToken {
    /// Shows people, and programs that look for lost secrets, what it is.
    static let prefix = "kmst_"
    static let vendor = "claviger"
    private static let uidPrefix = "api-token-"

    static func uid(of id: String) -> String { uidPrefix + id }
    static func id(of uid: String) -> String { String(uid.dropFirst(uidPrefix.count)) }

    /// Whether an identifier is that of a token, and so of no object that operations can reach.
    static func isUID(_ uid: String) -> Bool { uid.utf8.starts(with: uidPrefix.utf8) }

    static func hash(_ secret: [UInt8]) -> SecretBytes {
        SecretBytes(copying: Digest.sha256(secret))
    }

    /// The end in 8 bytes, big endian, then the hash.
    static func record(_ secret: [UInt8], expiresAt: Int64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: expiresAt >> $0) }
            + Digest.sha256(secret)
    }

    static func parts(of record: SecretBytes) -> (hash: [UInt8], expiresAt: Int64)? {
        let bytes = record.withExposedBytes { [UInt8](copying: $0) }
        guard bytes.count == 40 else { return nil }
        return (Array(bytes.dropFirst(8)), bytes.prefix(8).reduce(0) { $0 << 8 | Int64($1) })
    }
}
