import HTTPTypes
import Host
import InMemoryTracing
import Testing
import Tracing

struct RequestSpanTests {
    // The one test that installs a tracer: a process can have only one.
    @Test func isBelowTheSpanThatTheClientNames() async throws {
        let tracer = InMemoryTracer()
        InstrumentationSystem.bootstrap(tracer)
        let name = try #require(HTTPField.Name(InMemoryTracer.traceIDKey))
        let span = try #require(HTTPField.Name(InMemoryTracer.spanIDKey))

        let answer = try await RequestSpan.run("POST", [name: "trace-7", span: "span-7"]) { 7 }

        #expect(answer == 7)
        #expect(RequestSpan.isOn)
        let finished = try #require(tracer.finishedSpans.first)
        #expect(finished.operationName == "POST")
        #expect(finished.traceID == "trace-7")
        #expect(finished.parentSpanID == "span-7")
    }
}
