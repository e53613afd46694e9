/// Options of drivers that are active together.
///
/// The name of an option is global: drivers may share one, such as `database-url`, and each is then
/// handed the same value. That only works where both mean the same by it.
public enum OptionAgreement {
    /// Refuses the first plugin that declares an option otherwise than one before it.
    ///
    /// Two database drivers never take their options from one configuration: they need not agree.
    ///
    /// - Parameter plugins: In order of precedence: what comes later is refused.
    public static func check(_ plugins: [Plugin]) throws(PluginRefused) {
        for (index, plugin) in plugins.enumerated() {
            for other in plugins[..<index] {
                if plugin.info.kind == .database && other.info.kind == .database { continue }
                guard let conflict = conflict(plugin.info, other.info) else { continue }
                throw PluginRefused(
                    library: plugin.path,
                    reason: .option(
                        name: conflict.name, difference: conflict.difference, other: other.path))
            }
        }
    }

    private static func conflict(
        _ one: PluginInfo, _ two: PluginInfo
    ) -> (name: String, difference: String)? {
        for option in one.options {
            guard let same = two.options.first(where: { $0.name == option.name }),
                let difference = difference(option, same)
            else { continue }
            return (option.name, difference)
        }
        return nil
    }

    /// How the first differs from the second in what decides about values; nil when it does not.
    /// Each may explain the option in words of its own.
    private static func difference(
        _ one: OptionDescription, _ two: OptionDescription
    ) -> String? {
        zip(facts(one), facts(two)).first { $0.value != $1.value }.map {
            "its \($0.name): \($0.value) here, \($1.value) there"
        }
    }

    private static func facts(_ option: OptionDescription) -> [(name: String, value: String)] {
        let flags: [(OptionFlags, String)] = [
            (.required, "required"), (.secret, "secret"), (.repeated, "repeated"),
        ]
        func list(_ texts: [String]) -> String {
            texts.isEmpty ? "none" : texts.joined(separator: ", ")
        }
        return [
            ("type", "\(option.type)"),
            ("flags", list(flags.filter { option.flags.contains($0.0) }.map(\.1))),
            ("default", option.defaultValue.map { "\"\($0)\"" } ?? "none"),
            ("choices", list(option.choices)),
            ("bounds", option.bounds.map { "\($0.lowerBound) to \($0.upperBound)" } ?? "none"),
            ("variables", list(option.environment)),
        ]
    }
}
