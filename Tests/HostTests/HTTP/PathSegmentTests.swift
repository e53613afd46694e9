import Host
import Testing

struct PathSegmentTests {
    @Test(arguments: [
        ("key-1", "key-1"), ("a%2Fb", "a/b"), ("%5B%22t%22%5d", "[\"t\"]"), ("%C3%A9", "é"),
        ("", ""), ("100%25", "100%"),
    ])
    func undoesPercentEscapes(segment: String, text: String) {
        #expect(String(decodingPathSegment: segment) == text)
    }

    @Test(arguments: ["%", "%2", "%zz", "a%C3", "%+1"])
    func refusesWhatIsNoText(segment: String) {
        #expect(String(decodingPathSegment: segment) == nil)
    }
}
