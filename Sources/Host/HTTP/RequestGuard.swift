import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// What every request passes before its route.
///
/// Keeps web pages from driving this server through their visitor's browser: a Host that is not
/// ours (DNS rebinding) and an Origin that is not ours are refused. Then lets in who may come in. Also
/// gives answers that report a failure the id of the request, and turns what no route handles into an
/// empty 404.
struct RequestGuard: RouterMiddleware {
    let hosts: AllowedHosts
    let authenticator: Authenticator
    let logger: Logger

    private static let requestID = HTTPField.Name("x-request-id")

    func handle(
        _ request: Hummingbird.Request, context: KMSRequestContext,
        next: @concurrent (Hummingbird.Request, KMSRequestContext) async throws -> Hummingbird.Response
    ) async throws -> Hummingbird.Response {
        var response: Hummingbird.Response
        if let refusal = refusal(of: request) {
            logger.notice(
                "request refused", metadata: ["request": "\(context.id)", "why": "\(refusal)"])
            response = Answer.text(refusal, status: .forbidden)
        } else if let context = await admitted(request, context) {
            do { response = try await next(request, context) } catch let error as HTTPError {
                response =
                    error.status == .notFound || error.status == .methodNotAllowed
                    ? Hummingbird.Response(status: .notFound)
                    : Answer.text(error.body ?? error.status.reasonPhrase, status: error.status)
            } catch is NIOTooManyBytesError {
                response = Answer.text("the body is too large", status: .contentTooLarge)
            }
        } else {
            response = Answer.unauthorized
        }
        // A failure can be found in the log by it; what went well needs no search.
        if response.status != .ok, let name = Self.requestID {
            response.headers[name] = context.id
        }
        return response
    }

    /// The context with the user in it; nil when the request is not let in.
    private func admitted(
        _ request: Hummingbird.Request, _ context: KMSRequestContext
    ) async -> KMSRequestContext? {
        var context = context
        do throws(Denied) {
            context.principal = try await authenticator.principal(
                session: context.peer?.tls, authorization: request.headers[.authorization])
        } catch {
            // Whether the server is alive is told to everybody, and no more than that.
            if request.uri.path == StatusRoutes.healthPath { return context }
            logger.notice(
                "not authenticated",
                metadata: [
                    "request": "\(context.id)", "why": "\(error.reason)",
                    "address": "\(context.peer?.address ?? "unknown")",
                ])
            return nil
        }
        return context
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
