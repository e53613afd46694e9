import KMIP
import PluginLoader
import Secrets

/// `api-token-id`: whoever knows the bytes of one symmetric key acts as the default user.
///
/// The key is read at each request, as one small read that confirms the cached content: a key that any
/// server revoked opens nothing from then on.
///
/// Source: wire format notes, "API token".
struct APIKey: Sendable {
    /// Of the key.
    let uid: String
    /// As 4.22 compares: half the alphabet, hence fewer bits.
    let ignoresCase: Bool
    let user: Principal
    let store: ObjectStore

    init?(_ settings: Settings, store: ObjectStore) {
        guard let uid = settings.apiTokenID else { return nil }
        self.uid = uid
        self.store = store
        ignoresCase = settings.apiTokenIgnoreCase
        user = Principal(settings.defaultUsername, credential: .token(id: uid))
    }

    /// - Parameter token: The Base64 text of the key, as it was sent.
    func principal(
        of token: [UInt8], at now: Int64, deadline: Deadline
    ) async throws(Denied) -> Principal {
        let found: LoadedObject?
        do { found = try await store.load(uid, for: user, deadline: deadline) } catch {
            throw Denied("the key of api-token-id cannot be read: \(error.message)")
        }
        guard let found, found.content.type == .symmetricKey, let key = found.content.clearBytes else {
            throw Denied("api-token-id names no symmetric key that is stored in clear")
        }
        guard found.effectiveState(at: now) == .active else {
            throw Denied("the key of api-token-id is not active")
        }
        guard key.count >= Self.sizeMin else { throw Denied("the key of api-token-id is too short") }
        var bytes = key.withExposedBytes { [UInt8](copying: $0) }
        defer { bytes.zeroize() }
        var expected = Base64.encode(bytes)
        defer { expected.zeroize() }
        var given = token
        defer { given.zeroize() }
        if ignoresCase {
            expected = expected.map(Self.lowercased)
            given = given.map(Self.lowercased)
        }
        guard SecretBytes(copying: expected).isEqual(to: given) else {
            throw Denied("the API token is wrong")
        }
        return user
    }

    /// Bytes under which a key is no secret. Source: NIST SP 800-131A, 112 bits and more; 128 here.
    private static let sizeMin = 16

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
