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
    /// Nil where none is configured.
    let audit: AuditLog?
    let metrics: ServerMetrics?
    /// Nil where there is no such limit.
    let addressRate: RateLimiter?
    let userRate: RateLimiter?
    let logger: Logger

    private static let requestID = HTTPField.Name("x-request-id")
    private static let traceParent = HTTPField.Name("traceparent")

    func handle(
        _ request: Hummingbird.Request, context: KMSRequestContext,
        next: @concurrent (Hummingbird.Request, KMSRequestContext) async throws -> Hummingbird.Response
    ) async throws -> Hummingbird.Response {
        var response: Hummingbird.Response
        if let delay = addressRate?.delay(context.peer?.address ?? "") {
            response = tooMany(delay)
        } else if let refusal = refusal(of: request) {
            metrics?.count(.host)
            logger.notice(
                "request refused", metadata: ["request": "\(context.id)", "why": "\(refusal)"])
            response = Answer.text(refusal, status: .forbidden)
        } else if let context = await admitted(request, context) {
            if let userRate, let user = context.principal, let delay = userRate.delay(user.name) {
                response = tooMany(delay)
            } else {
                response = try await routed(request, context, next)
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

    private func routed(
        _ request: Hummingbird.Request, _ context: KMSRequestContext,
        _ next: @concurrent (Hummingbird.Request, KMSRequestContext) async throws -> Hummingbird.Response
    ) async throws -> Hummingbird.Response {
        do {
            guard RequestSpan.isOn else { return try await next(request, context) }
            return try await RequestSpan.run(request.method.rawValue, request.headers) {
                try await next(request, context)
            }
        } catch let error as HTTPError {
            return error.status == .notFound || error.status == .methodNotAllowed
                ? Hummingbird.Response(status: .notFound)
                : Answer.text(error.body ?? error.status.reasonPhrase, status: error.status)
        } catch is NIOTooManyBytesError {
            return Answer.text("the body is too large", status: .contentTooLarge)
        }
    }

    private func tooMany(_ delay: Int) -> Hummingbird.Response {
        metrics?.count(.rate)
        var response = Answer.text("too many requests", status: .tooManyRequests)
        response.headers[.retryAfter] = String(delay)
        return response
    }

    /// The context with the user in it; nil when the request is not let in.
    private func admitted(
        _ request: Hummingbird.Request, _ context: KMSRequestContext
    ) async -> KMSRequestContext? {
        var context = context
        if let name = Self.traceParent, let header = request.headers[name] {
            context.trace = TraceParent(header)
        }
        do throws(Denied) {
            context.principal = try await authenticator.principal(
                session: context.peer?.tls, authorization: request.headers[.authorization])
        } catch {
            // Whether the server is alive is told to everybody, and no more than that.
            if request.uri.path == StatusRoutes.healthPath { return context }
            metrics?.count(.authentication)
            logger.notice(
                "not authenticated",
                metadata: [
                    "request": "\(context.id)", "why": "\(error.reason)",
                    "address": "\(context.peer?.address ?? "unknown")",
                ])
            var record = AuditRecord("Authenticate", result: "Denied")
            record.address = context.peer?.address ?? ""
            record.request = context.id
            record.detail = error.reason
            // Refused it is, whether that can be recorded or not.
            try? audit?.record(record)
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
