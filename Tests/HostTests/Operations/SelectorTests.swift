import Host
import Testing

@Suite struct SelectorTests {
    @Test(
        arguments: [
            ("", nil), (":", nil), ("a:b:c:", nil), ("24d89647-da64-4833-8996-47e7cbc80658", nil),
            ("::", ""), ("::x", ""), ("hsm::0::k", "hsm"), ("ab::", "ab"), ("a:::b", "a"),
            ("ab:::", "ab"), ("é::k", "é"), ("a:b::c", "a:b"), ("abc:d::", "abc:d"),
        ] as [(String, String?)])
    func aStoreIsNamedByWhatStandsBeforeTheFirstTwoColons(uid: String, prefix: String?) {
        #expect(uid.storePrefix.map(String.init) == prefix)
    }
}
