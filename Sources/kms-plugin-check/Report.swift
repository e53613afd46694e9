import PluginLoader

/// The outcome as text: one line per check, then the description.
struct Report {
    private(set) var verdict = Verdict.conforms
    private var lines: [String] = []

    var text: String { lines.joined(separator: "\n") }

    mutating func file(_ facts: LibraryFacts) {
        check(true, "whole: all that its headers speak of is there")
        check(
            facts.exports == ["kms_plugin_entry"], "exports kms_plugin_entry alone",
            or: "exports " + Self.shortened(facts.exports)
                + "; hide the rest with -fvisibility=hidden or a version script")
        check(facts.isRelocationReadOnly, "relocated data is read-only", or: "link with -z relro")
        check(facts.bindsNow, "symbols are bound when it is loaded", or: "link with -z now")
        check(!facts.hasExecutableStack, "no executable stack", or: "link with -z noexecstack")
        check(!facts.hasTextRelocations, "no text relocations", or: "compile with -fPIC")
        lines.append("     needs \(facts.needed.joined(separator: ", "))")
    }

    mutating func plugin(_ plugin: Plugin) {
        let info = plugin.info
        check(true, "loads and describes itself")
        check(!info.license.isEmpty, "names its licence", or: "give an SPDX expression")
        lines += [
            "",
            "\(info.name) \(info.version) (\(info.id))",
            "  \(info.summary)",
            "  vendor   \(info.vendor) \(info.url)",
            "  licence  \(info.license)",
            "  serves   \(info.serves.joined(separator: ", ")) (\(info.kind))",
            "  ABI      \(info.abiMajor).\(info.abiMinor)",
            "  sha256   \(plugin.sha256)",
        ]
        if info.isVolatile { lines.append("  volatile: keeps nothing when it is closed") }
        if info.isSingleProcess { lines.append("  single process: one server per backend") }
        if !info.options.isEmpty { lines += ["", "Options"] + info.options.flatMap(Self.describe) }
    }

    /// A library that the loader refuses deviates; one that cannot be read was not checked.
    mutating func refused(_ error: PluginRefused) {
        lines.append("FAIL \(error)")
        if case .unreadable = error.reason { verdict = .couldNotRun } else { verdict = .deviates }
    }

    private mutating func check(_ holds: Bool, _ rule: String, or deviation: String = "") {
        lines.append(holds ? "ok   \(rule)" : "FAIL \(rule): \(deviation)")
        if !holds { verdict = .deviates }
    }

    private static func describe(_ option: OptionDescription) -> [String] {
        var facts = ["\(option.type)"]
        if option.flags.contains(.required) { facts.append("required") }
        if option.flags.contains(.secret) { facts.append("secret") }
        if option.flags.contains(.repeated) { facts.append("repeated") }
        if option.flags.contains(.deprecated) { facts.append("deprecated") }
        if !option.choices.isEmpty {
            facts.append("one of " + option.choices.joined(separator: ", "))
        }
        if let bounds = option.bounds {
            facts.append("\(bounds.lowerBound) to \(bounds.upperBound)")
        }
        if let value = option.defaultValue { facts.append("default \(value)") }
        if !option.environment.isEmpty {
            facts.append("also from " + option.environment.joined(separator: ", "))
        }
        return ["  \(option.name)  (\(facts.joined(separator: "; ")))", "      \(option.help)"]
    }

    private static func shortened(_ names: [String]) -> String {
        let some = names.prefix(5).joined(separator: ", ")
        return names.count > 5
            ? "\(some) and \(names.count - 5) more" : (some.isEmpty ? "nothing" : some)
    }
}
