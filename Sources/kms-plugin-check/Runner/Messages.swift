import FoundationEssentials

/// What the kit asks of a child that runs the driver.
enum Order: Codable {
    /// Start the library and open the database, in this folder.
    case start(scratch: String)
    /// Run a case in this folder.
    case run(id: String, scratch: String)
    /// Measure for about this long, in this folder.
    case bench(scratch: String, seconds: Double)
    /// End the plugin and tell what is left.
    case finish
}

/// What a child tells. One line of JSON each.
enum Answer: Codable {
    /// The library is loaded and says this.
    case loaded(DriverFacts)
    case started
    case done(Outcome)
    case measured([BenchFigure])
    case finished(findings: [String])
    /// The library was refused; `isFault` when the contract is broken.
    case refused(String, isFault: Bool)
    /// Nothing could be checked: the configuration, the backend.
    case couldNotRun(String)
}

/// What a driver says about itself, as far as reports need it.
struct DriverFacts: Codable {
    var id: String, name: String, version: String
    var abi: String
    var isVolatile: Bool, isSingleProcess: Bool
    var isHSM: Bool
}

/// What came of a case.
enum Outcome: Codable, Equatable {
    case passed
    case failed([String])
    case notApplicable(String)
}

enum MessageLine {
    static func encode(_ message: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        // Strings, numbers and booleans: encoding them cannot fail.
        guard let data = try? encoder.encode(message) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }

    static func decode<Message: Decodable>(_ line: String, as type: Message.Type) -> Message? {
        try? JSONDecoder().decode(type, from: Data(line.utf8))
    }
}
