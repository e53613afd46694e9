import Cryptography
import Secrets

/// What stands behind `Authorization: Bearer`, told apart by its form alone: each form belongs to one way
/// to authenticate, so that what one refuses is not tried with another.
enum BearerToken {
    /// Three parts with dots between them: a JSON Web Token.
    case signed(String)
    /// A token that this server gave out: its id, and the secret behind it.
    case issued(id: String, secret: [UInt8])
    /// Anything else.
    case plain([UInt8])

    /// Bytes that the header may have.
    static let sizeMax = 16 * 1024

    /// - Parameter header: The value of `Authorization`; nil when there is none.
    init(_ header: String?) throws(Denied) {
        guard let header else { throw Denied("no credential was sent") }
        guard header.utf8.count <= Self.sizeMax else { throw Denied("the Authorization is too long") }
        let bytes = Array(header.utf8)
        // The scheme is a token of HTTP, hence without regard to case. Source: RFC 9110, 11.1.
        guard bytes.count > 7, header.prefix(7).lowercased() == "bearer " else {
            throw Denied("the Authorization is no Bearer token")
        }
        let token = bytes.dropFirst(7).drop { $0 == UInt8(ascii: " ") }
        guard !token.isEmpty, token.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Denied("the Bearer token has characters that no token has")
        }
        let text = String(decoding: token, as: UTF8.self)
        if text.hasPrefix(IssuedToken.prefix) {
            let parts = text.dropFirst(IssuedToken.prefix.count).split(
                separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw Denied("the API token is not whole") }
            self = .issued(id: String(parts[0]), secret: Array(parts[1].utf8))
        } else if token.count(where: { $0 == UInt8(ascii: ".") }) == 2 {
            self = .signed(text)
        } else {
            self = .plain(Array(token))
        }
    }
}
