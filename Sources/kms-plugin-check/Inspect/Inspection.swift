import PluginLoader

/// What looking at a library found: rules that it keeps or breaks, and what it says about itself.
struct Inspection: Codable {
    struct Check: Codable {
        var rule: String
        /// nil: kept.
        var deviation: String?
    }

    var checks: [Check] = []
    /// Facts, in lines of text.
    var facts: [String] = []

    var conforms: Bool { checks.allSatisfy { $0.deviation == nil } }

    var text: String {
        let lines = checks.map { check in
            check.deviation.map { "FAIL \(check.rule): \($0)" } ?? "ok   \(check.rule)"
        }
        return (lines + facts).joined(separator: "\n")
    }

    mutating func check(_ holds: Bool, _ rule: String, or deviation: @autoclosure () -> String) {
        checks.append(Check(rule: rule, deviation: holds ? nil : deviation()))
    }

    mutating func add(_ other: Inspection) {
        checks += other.checks
        facts += other.facts
    }
}
