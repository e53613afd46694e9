import Cryptography
import Logging
import Synchronization

/// Decides whom a JSON Web Token speaks for.
///
/// A token is verified once and then found by its hash, until it ends, its issuer's keys change or a few
/// minutes have passed.
///
/// Source: RFC 7519, section 7.2; RFC 8725; wire format notes, "JWT".
struct TokenVerifier: Sendable {
    private struct Trusted: Sendable {
        var issuer: TokenIssuer
        var keys: KeySet
    }

    private let issuers: [Trusted]
    private let cache = TokenCache()

    /// Seconds by which an issuer's clock may be ahead.
    private static let skew = 30.0
    private static let groupCountMax = 200

    /// - Throws: What is wrong with the file of authorities.
    init(_ issuers: [TokenIssuer], authorityFile: String?, logger: Logger) throws(TLSFileError) {
        let fetch = try KeySetFetch(authorityFile: authorityFile)
        self.issuers = issuers.compactMap { issuer in
            // The configuration does not load with an address that is none.
            KeySetAddress(issuer.keys).map {
                Trusted(issuer: issuer, keys: KeySet($0, fetch: fetch, logger: logger))
            }
        }
    }

    /// Fetches every key set. One that cannot be had is a warning in the log.
    func refresh() async {
        for trusted in issuers { await trusted.keys.refresh(isForced: true) }
    }

    /// - Parameter now: Seconds since 1970-01-01 UTC.
    func principal(of text: String, at now: Int64) async throws(Denied) -> Principal {
        let digest = Digest.sha256(Array(text.utf8))
        if let known = cache.entry(digest, at: now),
            await issuers[known.issuer].keys.generation == known.generation
        {
            return known.principal
        }
        let token = try SignedToken(text)
        guard let name = token.claims["iss"]?.text,
            let at = issuers.firstIndex(where: { $0.issuer.issuer == name })
        else { throw Denied("the token's issuer is not one of ours") }
        let issuer = issuers[at].issuer
        guard issuer.algorithms.contains(token.algorithm) else {
            throw Denied("the token's algorithm is not accepted from its issuer")
        }
        guard let (key, generation) = await issuers[at].keys.key(token.keyID) else {
            throw Denied("the token's key is not one of its issuer's")
        }
        guard key.verifies(token) else { throw Denied("the token's signature is wrong") }
        let end = try Self.checkTimes(token, at: now)
        let principal = try Self.user(token, issuer)
        cache.insert(
            digest, .init(principal: principal, issuer: at, generation: generation, expiresAt: end),
            at: now)
        return principal
    }

    /// When the token ends, in seconds since 1970-01-01 UTC.
    private static func checkTimes(_ token: SignedToken, at now: Int64) throws(Denied) -> Int64 {
        guard let end = token.claims["exp"]?.number else { throw Denied("the token has no end") }
        guard end > Double(now) else { throw Denied("the token has expired") }
        if let begin = token.claims["nbf"] {
            guard let begin = begin.number, begin <= Double(now) + skew else {
                throw Denied("the token does not hold yet")
            }
        }
        return Int64(min(end, Double(now) + 1e9))
    }

    private static func user(
        _ token: SignedToken, _ issuer: TokenIssuer
    ) throws(Denied) -> Principal {
        let audiences = token.claims["aud"]?.asTexts ?? []
        guard audiences.contains(where: issuer.audiences.contains) else {
            throw Denied("the token was not made for this server")
        }
        guard let name = token.claims[issuer.userClaim]?.text, Principal.isUserName(name) else {
            throw Denied("the token's claim \(issuer.userClaim) names nobody who can be a user")
        }
        if issuer.userClaim == "email", let flag = token.claims["email_verified"],
            ![.boolean(true), .text("true")].contains(flag)
        {
            throw Denied("the token's issuer has not verified the e-mail address")
        }
        if !issuer.domains.isEmpty {
            let domain = name.split(separator: "@", omittingEmptySubsequences: false)
            guard domain.count == 2, issuer.domains.contains(domain[1].lowercased()) else {
                throw Denied("the token's issuer may not assert users of that domain")
            }
        }
        let groups = issuer.groupsClaim.flatMap { token.claims[$0]?.asTexts } ?? []
        return Principal(
            name, groups: Array(groups.filter(Principal.isGroupName).prefix(groupCountMax)),
            credential: .signedToken(issuer: issuer.issuer, id: token.claims["jti"]?.text ?? ""))
    }
}

/// Tokens that were verified, by their SHA-256. Thread-safe.
private final class TokenCache: Sendable {
    struct Entry: Sendable {
        var principal: Principal
        /// Index of the issuer.
        var issuer: Int
        /// Of the issuer's key set.
        var generation: UInt64
        /// Seconds since 1970-01-01 UTC.
        var expiresAt: Int64
        var verifiedAt: Int64 = 0
    }

    private static let countMax = 4096
    /// Seconds after which a token is verified again.
    private static let trust: Int64 = 300
    private let entries = Mutex<[[UInt8]: Entry]>([:])

    func entry(_ digest: [UInt8], at now: Int64) -> Entry? {
        entries.withLock { entries in
            guard let entry = entries[digest] else { return nil }
            guard entry.expiresAt > now, (0..<Self.trust).contains(now - entry.verifiedAt) else {
                entries[digest] = nil
                return nil
            }
            return entry
        }
    }

    func insert(_ digest: [UInt8], _ entry: Entry, at now: Int64) {
        var entry = entry
        entry.verifiedAt = now
        entries.withLock { entries in
            if entries.count >= Self.countMax {
                entries = entries.filter { $0.value.expiresAt > now }
                // Any other goes: it is verified again when it comes back.
                if entries.count >= Self.countMax { entries.remove(at: entries.startIndex) }
            }
            entries[digest] = entry
        }
    }
}
