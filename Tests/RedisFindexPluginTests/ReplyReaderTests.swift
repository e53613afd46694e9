import RedisFindexDriver
import Testing

struct ReplyReaderTests {
    @Test func readsEveryKindOfReply() throws {
        let text =
            "+OK\r\n-ERR no\r\n:42\r\n$3\r\na\0b\r\n$-1\r\n*2\r\n:1\r\n*1\r\n$0\r\n\r\n*-1\r\n"

        #expect(
            try replies(to: Array(text.utf8)) == [
                .status("OK"), .error("ERR no"), .integer(42), .bytes(Array("a\0b".utf8)), .none,
                .array([.integer(1), .array([.bytes([])])]), .none,
            ])
    }

    @Test(arguments: [
        "*1000001\r\n", "*2147483647\r\n", "*-7\r\n", "hello\r\n", "$99999999999999999999\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
    ])
    func refusesWhatIsMalformedOrTooMuch(text: String) {
        #expect(throws: (any Error).self) { try replies(to: Array(text.utf8)) }
    }

    @Test func refusesAReplyBeyondTheLimit() {
        let text = "$1048576\r\n" + String(repeating: "x", count: 1000)

        #expect(throws: (any Error).self) { try replies(to: Array(text.utf8), bytesMax: 500) }
    }

    @Test func waitsForTheRestOfAReply() throws {
        #expect(try replies(to: Array("*2\r\n:1\r\n$5\r\nab".utf8)).isEmpty)
    }
}
