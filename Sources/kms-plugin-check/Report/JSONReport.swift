import FoundationEssentials

extension RunReport {
    private struct Document: Codable {
        struct Item: Codable {
            var id: String, title: String
            var verdict: Verdict
            var details: [String]
            var seconds: Double
        }
        var conforms: Bool
        var driver: DriverFacts?
        var cases: [Item]
    }

    /// One object: `conforms`, `driver`, and `cases` in the order in which they ran.
    var json: String {
        let document = Document(
            conforms: conforms, driver: driver,
            cases: entries.map {
                .init(
                    id: $0.id, title: $0.title, verdict: $0.verdict, details: $0.details,
                    seconds: $0.seconds)
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Strings, booleans and finite numbers: encoding them cannot fail.
        guard let data = try? encoder.encode(document) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }
}
