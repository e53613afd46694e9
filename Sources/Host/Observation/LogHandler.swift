import Logging

/// One line for each message on the standard error stream: text for people, or JSON.
struct LineLogHandler: LogHandler {
    enum Form: Sendable { case text, json }

    let label: String
    let form: Form
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        if let further = event.metadata { fields.merge(further) { $1 } }
        let sorted = fields.sorted { $0.key < $1.key }
        var line = ""
        switch form {
        case .text:
            line = "\(Timestamp.now()) \(event.level) \(label): \(escaped("\(event.message)"))"
            for (key, value) in sorted { line += " \(key)=\(quoted("\(value)"))" }
        case .json:
            line = "{\"time\":\"\(Timestamp.now())\",\"level\":\"\(event.level)\",\"logger\":"
            line += "\(quoted(label)),\"message\":\(quoted("\(event.message)"))"
            for (key, value) in sorted { line += ",\(quoted(key)):\(quoted("\(value)"))" }
            line += "}"
        }
        ErrorStream.write(line + "\n")
    }

    private func quoted(_ text: String) -> String { "\"\(escaped(text, quotes: true))\"" }

    /// Control characters never reach a terminal or forge a line.
    private func escaped(_ text: String, quotes: Bool = false) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"" where quotes: result += "\\\""
            case "\\" where quotes: result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
