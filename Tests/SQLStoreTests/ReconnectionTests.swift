import PluginKit
import SQLStore
import Testing

@Suite struct ReconnectionTests {
    private let refused = DriverFailure(.unavailable, "no route", flags: .retryable)

    private func isAllowed(_ answer: Reconnection.Answer) -> Bool {
        if case .tryNow = answer { true } else { false }
    }

    @Test func letsEverybodyConnectWhileNothingFailed() {
        var reconnection = Reconnection()
        for _ in 0..<3 { #expect(isAllowed(reconnection.ask(now_ns: 0))) }
    }

    @Test func refusesAtOnceAfterAFailureAndThenLetsOneTry() {
        var reconnection = Reconnection()
        reconnection.failed(refused, now_ns: 1000, jitter: 0.5)

        guard case .refuse(let failure) = reconnection.ask(now_ns: 2000) else {
            Issue.record("it did not refuse")
            return
        }
        #expect(failure.message == "no route" && failure.retryAfter_ns > 0)
        let later = 1000 + Reconnection.firstPause_ns
        #expect(isAllowed(reconnection.ask(now_ns: later)))
        #expect(!isAllowed(reconnection.ask(now_ns: later)))
        reconnection.gaveUp()
        #expect(isAllowed(reconnection.ask(now_ns: later)))
        reconnection.succeeded()
        #expect(isAllowed(reconnection.ask(now_ns: later)) && !reconnection.isAway)
    }

    @Test func waitsLongerAfterEachFailureUpToABound() {
        var reconnection = Reconnection()
        var last: UInt64 = 0
        for _ in 0..<40 {
            reconnection.failed(refused, now_ns: 0, jitter: 1)
            guard case .refuse(let failure) = reconnection.ask(now_ns: 0) else { continue }
            #expect(failure.retryAfter_ns >= last)
            last = failure.retryAfter_ns
        }
        #expect(last == Reconnection.longestPause_ns * 3 / 2)
    }
}
