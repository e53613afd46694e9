import Host
import Testing

@Suite struct NearestNameTests {
    private static let names = ["port", "hostname", "database-type", "database-url", "sqlite-path"]

    @Test(arguments: [
        ("prot", "port"), ("hostnam", "hostname"), ("host-name", "hostname"),
        ("databse-type", "database-type"),
        ("database-typ", "database-type"), ("sqlitepath", "sqlite-path"),
    ])
    func findsWhatWasMeant(_ written: String, _ meant: String) {
        #expect(NearestName.to(written, among: Self.names) == meant)
    }

    @Test(arguments: ["x", "qwertyuiop", "", "address", String(repeating: "port", count: 1000)])
    func staysSilentAboutTheRest(_ written: String) {
        #expect(NearestName.to(written, among: Self.names) == nil)
    }

    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "ab", 2), ("ab", "ba", 1), ("kitten", "sitting", 3),
        ("port", "port", 0),
    ])
    func countsEdits(_ a: String, _ b: String, _ distance: Int) {
        #expect(NearestName.distance(a, b) == distance)
    }
}
