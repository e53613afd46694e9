import Host
import Logging
import PluginLoader
import Testing

@Suite struct CleanUpTests {
    /// What a clean-up did: `force` of each call, and for how long it waited.
    private final class Record {
        var calls: [Bool] = []
        var waited: [Duration] = []
    }

    /// Runs a clean-up on a database whose `clear` fails with these in turn, then succeeds.
    private func run(_ failures: [DriverError], isForced: Bool = false) async -> (Record, String) {
        let record = Record()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let cleanUp = CleanUp(
            driver: "/lib/libkms-x.so",
            isForced: isForced, backend: "Test", logger: logger,
            clear: { force throws(DriverError) in
                record.calls.append(force)
                if record.calls.count <= failures.count { throw failures[record.calls.count - 1] }
            },
            pause: { record.waited.append($0) })
        do {
            try await cleanUp.run()
            return (record, "")
        } catch { return (record, "\(error)") }
    }

    private static let leased = DriverError(
        status: .conflict, isRetryable: true, retryAfter: .seconds(20), message: "kms-1 is there")

    @Test func clearsAtOnceWhenNobodyIsThere() async {
        let (record, refusal) = await run([])
        #expect(record.calls == [false] && record.waited.isEmpty && refusal.isEmpty)
    }

    @Test func waitsOutTheLeaseOfAServerThatDied() async {
        let (record, refusal) = await run([Self.leased])
        #expect(record.calls == [false, false] && refusal.isEmpty)
        #expect(record.waited.count == 1 && record.waited.allSatisfy { $0 > .seconds(20) })
    }

    @Test func refusesWhenTheLeaseWasRenewedMeanwhile() async {
        let (record, refusal) = await run([Self.leased, Self.leased])
        #expect(record.calls == [false, false] && record.waited.count == 1)
        #expect(refusal.contains("kms-1 is there") && refusal.contains("nothing was deleted"))
    }

    @Test func refusesAtOnceWhenTheDriverKnowsThatTheOtherLives() async {
        let (record, refusal) = await run([DriverError(status: .conflict)])
        #expect(record.calls == [false] && record.waited.isEmpty)
        #expect(refusal.contains("another server is there") && refusal.contains("force-cleanup"))
    }

    @Test func asksNobodyByForce() async {
        let (record, refusal) = await run([], isForced: true)
        #expect(record.calls == [true] && refusal.isEmpty)
    }

    @Test func doesNotWaitForOtherFailures() async {
        let (record, refusal) = await run([
            DriverError(status: .unavailable, retryAfter: .seconds(9), message: "gone")
        ])
        #expect(record.calls == [false] && record.waited.isEmpty && refusal.contains("gone"))
    }
}
