import HTTPTypes
import Tracing

/// A span for each request, where a tracer is installed through swift-distributed-tracing. This server
/// brings none: an exporter is added by whoever builds it with one, before the server starts.
package enum RequestSpan {
    /// Looked up once, so that requests cost nothing where nobody traces.
    package static let isOn = !(InstrumentationSystem.tracer is NoOpTracer)

    /// Runs `body` in a span below the one that the client's headers name.
    package static func run<Result>(
        _ name: String, _ headers: HTTPFields, _ body: () async throws -> Result
    ) async throws -> Result {
        var context = ServiceContext.topLevel
        InstrumentationSystem.instrument.extract(headers, into: &context, using: FieldExtractor())
        return try await withSpan(name, context: context, ofKind: .server) { _ in
            try await body()
        }
    }
}

/// Reads what tracers look for, such as `traceparent`, from the headers of a request.
private struct FieldExtractor: Extractor {
    func extract(key: String, from headers: HTTPFields) -> String? {
        HTTPField.Name(key).flatMap { headers[$0] }
    }
}
