import SQLStore
import Testing

@Suite struct ContactTests {
    private let second: UInt64 = 1_000_000_000

    @Test func aServerThatWasNeverHeardOfIsGivenLittleTime() {
        #expect(Contact().deadline(now_ns: second) == second + Contact.hurry_ns)
    }

    @Test(arguments: [
        (heard: UInt64(1_000), now: UInt64(1_000), needsNone: true),
        (1_000, 1_000 + Contact.lately_ns - 1, true),
        (1_000, 1_000 + Contact.lately_ns, false),
        // Two threads: the one that read the clock first comes second.
        (1_000, 999, true),
        (1_000, 0, true),
    ])
    func aServerThatWasHeardOfLatelyNeedsNoDeadline(
        _ times: (heard: UInt64, now: UInt64, needsNone: Bool)
    ) {
        var contact = Contact()
        contact.heard(at_ns: times.heard)
        #expect((contact.deadline(now_ns: times.now) == 0) == times.needsNone)
    }

    @Test func whatWasHeardBeforeALossDoesNotCount() {
        var contact = Contact()
        contact.heard(at_ns: second)
        contact.lost()
        #expect(contact.deadline(now_ns: second) == second + Contact.hurry_ns)
    }

    @Test func aServerFarAwayIsGivenTwiceItsTimeToConnect() {
        var contact = Contact()
        contact.connected(from_ns: 0, to_ns: second)
        #expect(contact.deadline(now_ns: 10 * second) == 12 * second)
    }
}
