import PluginLoader
import Testing

@Suite struct LogTextTests {
    @Test(arguments: [
        ("plain, ü and 🔑", "plain, ü and 🔑"), ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\u{1b}[31m", "\\u{1b}[31m"), ("\0\u{7f}\u{9b}", "\\u{0}\\u{7f}\\u{9b}"),
        ("a\u{2028}b\u{202e}c", "a\\u{2028}b\\u{202e}c"), ("\r\n", "\\r\\n"),
    ])
    func escapesControls(_ text: String, to escaped: String) {
        #expect(escapingControls(text) == escaped)
    }

    @Test func repeatsAreCountedAfterABurst() {
        var limit = RepeatLimit()
        let burst = (0..<20).map { limit.consider("same", now: UInt64($0)) }

        #expect(burst.filter { $0 == .emit }.count == RepeatLimit.burst)
        #expect(limit.consider("other", now: 20) == .emit)
        let next = RepeatLimit.windowNanoseconds
        #expect(limit.consider("same", now: next) == .emitAfter(suppressed: 20 - RepeatLimit.burst))
        #expect(limit.consider("same", now: next + 1) == .emit)
    }

    @Test func remembersABoundedNumberOfMessages() {
        var limit = RepeatLimit()

        for number in 0..<(10 * RepeatLimit.remembered) {
            #expect(limit.consider("message \(number)", now: 0) == .emit)
        }
    }
}
