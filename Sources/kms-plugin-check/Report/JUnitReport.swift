extension RunReport {
    /// The XML that build servers read: a suite for each group. Quirks count as skipped, with their
    /// reason, like cases that are not applicable.
    var junit: String {
        let name = driver.map { "\($0.name) \($0.version)" } ?? "library"
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            "<testsuites name=\"\(Self.escaped(name))\" \(Self.counts(entries))>",
        ]
        for group in groups {
            let members = entries.filter { $0.group == group }
            lines.append("  <testsuite name=\"\(group)\" \(Self.counts(members))>")
            for entry in members {
                lines += Self.testCase(entry)
            }
            lines.append("  </testsuite>")
        }
        lines.append("</testsuites>")
        return lines.joined(separator: "\n")
    }

    private static func counts(_ entries: [Entry]) -> String {
        let failures = entries.count { $0.verdict == .failed }
        let skipped = entries.count { $0.verdict == .quirk || $0.verdict == .notApplicable }
        let seconds = entries.reduce(0) { $0 + $1.seconds }
        return "tests=\"\(entries.count)\" failures=\"\(failures)\" skipped=\"\(skipped)\" "
            + "time=\"\(decimal(seconds))\""
    }

    private static func testCase(_ entry: Entry) -> [String] {
        let head =
            "    <testcase classname=\"\(entry.group)\" name=\"\(entry.id)\" "
            + "time=\"\(decimal(entry.seconds))\""
        let details = escaped(entry.details.joined(separator: "\n"))
        switch entry.verdict {
        case .passed: return [head + "/>"]
        case .failed:
            return [
                head + ">",
                "      <failure message=\"\(escaped(entry.title))\">\(details)</failure>",
                "    </testcase>",
            ]
        case .quirk, .notApplicable:
            let kind = entry.verdict == .quirk ? "quirk: " : ""
            return [
                head + ">", "      <skipped message=\"\(kind)\(details)\"/>", "    </testcase>",
            ]
        }
    }

    /// Milliseconds are enough.
    private static func decimal(_ seconds: Double) -> String {
        let milliseconds = Int(seconds * 1000)
        let rest = "\(milliseconds % 1000)"
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    /// Text as XML has it; characters that XML 1.0 cannot hold become question marks.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n": escaped += "&#10;"
            case "\t": escaped += " "
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
                escaped += "?"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
