import FoundationEssentials
import Hummingbird
import KMIP
import NIOCore
import Secrets

/// `/tokens`: API tokens that a user makes for programs that act as that user.
struct TokenRoutes: Sendable {
    let service: Service
    let tokens: IssuedTokens

    private static let bodySizeMax = 4096
    private static let labelSizeMax = 200

    private struct NewToken: Decodable {
        var label: String?
        /// Seconds.
        var expires_in: Int64
    }

    private struct Shown: Encodable {
        var id: String
        var label: String
        /// Seconds since 1970-01-01 UTC.
        var expires_at: Int64
        /// Only when it is made.
        var token: String?
    }

    func create(_ request: Hummingbird.Request, _ context: KMSRequestContext) async throws
        -> Hummingbird.Response
    {
        let user = try context.user()
        // Who found a token could else make it last for ever.
        if case .token = user.credential {
            return Answer.text("an API token cannot make another one", status: .forbidden)
        }
        let buffer = try await request.body.collect(upTo: Self.bodySizeMax)
        guard
            let body = try? JSONDecoder().decode(NewToken.self, from: Data(buffer.readableBytesView)),
            IssuedTokens.lifetimes.contains(body.expires_in),
            (body.label ?? "").utf8.count <= Self.labelSizeMax
        else {
            return Answer.text(
                "the body must be a JSON object with expires_in, 1 to "
                    + "\(IssuedTokens.lifetimes.upperBound) seconds, and perhaps a label of at most "
                    + "\(Self.labelSizeMax) bytes",
                status: .badRequest)
        }
        let label = body.label ?? ""
        let operation = try service.context(for: context)
        do throws(Failure) {
            var made = try await operation.audited("MakeToken") { () throws(Failure) in
                try await tokens.make(label: label, lifetime: body.expires_in, in: operation)
            }
            defer { made.token.zeroize() }
            return Self.answer(
                Shown(
                    id: made.id, label: label, expires_at: made.expiresAt,
                    token: String(decoding: made.token, as: UTF8.self)))
        } catch { return failure(error, context) }
    }

    func list(_: Hummingbird.Request, _ context: KMSRequestContext) async throws
        -> Hummingbird.Response
    {
        let operation = try service.context(for: context)
        do throws(Failure) {
            return Self.answer(
                try await tokens.list(in: operation).map {
                    Shown(id: $0.id, label: $0.label, expires_at: $0.expiresAt)
                })
        } catch { return failure(error, context) }
    }

    func revoke(_: Hummingbird.Request, _ context: KMSRequestContext) async throws
        -> Hummingbird.Response
    {
        let operation = try service.context(for: context)
        let id = String(try context.parameters.require("id"))
        do throws(Failure) {
            try await operation.audited("RevokeToken", id) { () throws(Failure) in
                try await tokens.revoke(id, in: operation)
            }
            return Answer.json(Array("{}".utf8))
        } catch { return failure(error, context) }
    }

    private func failure(_ error: Failure, _ context: KMSRequestContext) -> Hummingbird.Response {
        service.log(error, in: context)
        return Answer.failure(error)
    }

    private static func answer(_ value: some Encodable) -> Hummingbird.Response {
        // Encoding strings and numbers cannot fail.
        Answer.json((try? JSONEncoder().encode(value)).map(Array.init) ?? Array("{}".utf8))
    }
}
