import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Keeps web pages from driving this server through their visitor's browser: a Host that is not
/// ours (DNS rebinding) and an Origin that is not ours are refused. Also gives each answer its
/// request id, and turns what no route handles into an empty 404.
struct RequestGuard: RouterMiddleware {
    let hosts: AllowedHosts
    let logger: Logger

    private static let requestID = HTTPField.Name("x-request-id")

    func handle(
        _ request: Hummingbird.Request, context: KMSRequestContext,
        next: @concurrent (Hummingbird.Request, KMSRequestContext) async throws -> Hummingbird.Response
    ) async throws -> Hummingbird.Response {
        var response: Hummingbird.Response
        if let refusal = refusal(of: request) {
            logger.notice(
                "request refused", metadata: ["request": "\(context.requestID)", "why": "\(refusal)"])
            response = Answer.text(refusal, status: .forbidden)
        } else {
            do { response = try await next(request, context) } catch let error as HTTPError {
                response =
                    error.status == .notFound || error.status == .methodNotAllowed
                    ? Hummingbird.Response(status: .notFound)
                    : Answer.text(error.body ?? error.status.reasonPhrase, status: error.status)
            } catch is NIOTooManyBytesError {
                response = Answer.text("the body is too large", status: .contentTooLarge)
            }
        }
        if let name = Self.requestID { response.headers[name] = context.requestID }
        return response
    }

    private func refusal(of request: Hummingbird.Request) -> String? {
        guard let authority = request.head.authority, hosts.allows(authority: authority) else {
            return "the Host is not one of this server's names; add it to allowed-hosts"
        }
        guard let origin = request.headers[.origin] else { return nil }
        guard origin == "http://\(authority)" || origin == "https://\(authority)" else {
            return "the Origin is not this server: web pages of others may not use it"
        }
        return nil
    }
}
