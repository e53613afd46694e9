import Hummingbird
import KMIP
import Logging
import NIOCore

/// `POST /kmip/2_1`: one operation, or a `Message`, as JSON TTLV in the dialect of 4.22.
struct KMIPRoute: Sendable {
    let service: Service
    let limits: DecodingLimits
    let bodySizeMax: Int

    func handle(
        _ request: Hummingbird.Request, _ context: KMSRequestContext
    ) async throws -> Hummingbird.Response {
        let body = try await request.body.collect(upTo: bodySizeMax)
        let message: IncomingMessage
        do {
            message = try Cosmian422.decode(body.readableBytesSpan, limits: limits)
        } catch {
            service.log(error, in: context)
            return Answer.failure(error)
        }
        let operation = try service.context(for: context)
        switch message {
        case .operation(let request):
            do {
                return Answer.json(
                    Cosmian422.encode(try await service.dispatch.run(request, in: operation)))
            } catch {
                service.log(error, operation: request.operation, in: context)
                return Answer.failure(error)
            }
        case .batch(let batch):
            let answer = await service.dispatch.run(batch, in: operation)
            return Answer.json(Cosmian422.encode(answer))
        }
    }
}
