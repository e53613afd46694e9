import PluginLoader
import Secrets

/// An option of the host together with the property of ``Settings`` that it sets.
///
/// The property's initial value is the option's default, so a default is written once.
struct HostOption: Sendable {
    typealias Path<Value> = any WritableKeyPath<Settings, Value> & Sendable

    var option: ConfigurationOption
    /// Stores checked values: one, or any number of a repeated option.
    var store: @Sendable ([Setting.Value], inout Settings) -> Void

    private init(
        _ description: OptionDescription, _ section: ConfigurationOption.Section,
        _ more: Extras, store: @escaping @Sendable ([Setting.Value], inout Settings) -> Void
    ) {
        option = ConfigurationOption(
            description, section: section, aliases: more.aliases, restrictions: more.restrictions)
        self.store = store
    }

    /// What few options have.
    struct Extras: Sendable {
        var aliases: [String] = []
        /// Variables beside `KMS_<NAME>`.
        var environment: [String] = []
        var flags: OptionFlags = []
        var restrictions: ConfigurationOption.Restrictions = []
    }

    static func text(
        _ name: String, in section: ConfigurationOption.Section, _ path: Path<String>,
        _ more: Extras = Extras(), help: String
    ) -> HostOption {
        let fallback = Display.quoted(Settings()[keyPath: path])
        return textual(name, .text, in: section, default: fallback, more, help: help) {
            if let text = $0.first { $1[keyPath: path] = text }
        }
    }

    static func optionalText(
        _ name: String, in section: ConfigurationOption.Section, _ path: Path<String?>,
        _ more: Extras = Extras(), help: String
    ) -> HostOption {
        textual(name, .text, in: section, default: nil, more, help: help) {
            $1[keyPath: path] = $0.first
        }
    }

    static func path(
        _ name: String, in section: ConfigurationOption.Section, _ path: Path<String?>,
        _ more: Extras = Extras(), help: String
    ) -> HostOption {
        textual(name, .path, in: section, default: nil, more, help: help) {
            $1[keyPath: path] = $0.first
        }
    }

    static func texts(
        _ name: String, _ type: OptionType = .text, in section: ConfigurationOption.Section,
        _ path: Path<[String]>, _ more: Extras = Extras(), help: String
    ) -> HostOption {
        var more = more
        more.flags.insert(.repeated)
        return textual(name, type, in: section, default: "[]", more, help: help) {
            $1[keyPath: path] = $0
        }
    }

    static func secret(
        _ name: String, in section: ConfigurationOption.Section, _ path: Path<SecretBytes?>,
        _ more: Extras = Extras(), help: String
    ) -> HostOption {
        let description = OptionDescription(
            name: name, type: .text, flags: more.flags.union(.secret),
            environment: more.environment, help: help)
        return HostOption(description, section, more) { values, settings in
            if case .secret(let secret) = values.first { settings[keyPath: path] = secret }
        }
    }

    /// Any number of texts out of those that `Choice` has.
    static func choices<Choice>(
        _ name: String, of choice: Choice.Type, in section: ConfigurationOption.Section,
        _ path: Path<[String]>, _ more: Extras = Extras(), help: String
    ) -> HostOption
    where Choice: RawRepresentable<String> & CaseIterable & Sendable {
        let description = OptionDescription(
            name: name, type: .choice, flags: more.flags.union(.repeated), defaultValue: "[]",
            choices: Choice.allCases.map(\.rawValue), environment: more.environment, help: help)
        return HostOption(description, section, more) { $1[keyPath: path] = texts($0) }
    }

    static func choice<Choice>(
        _ name: String, in section: ConfigurationOption.Section, _ path: Path<Choice>,
        _ more: Extras = Extras(), help: String
    ) -> HostOption
    where Choice: RawRepresentable<String> & CaseIterable & Sendable {
        let description = OptionDescription(
            name: name, type: .choice, flags: more.flags,
            defaultValue: Display.quoted(Settings()[keyPath: path].rawValue),
            choices: Choice.allCases.map(\.rawValue), environment: more.environment, help: help)
        return HostOption(description, section, more) { values, settings in
            if let choice = texts(values).first.flatMap(Choice.init(rawValue:)) {
                settings[keyPath: path] = choice
            }
        }
    }

    private static func textual(
        _ name: String, _ type: OptionType, in section: ConfigurationOption.Section,
        default fallback: String?, _ more: Extras, help: String,
        store: @escaping @Sendable ([String], inout Settings) -> Void
    ) -> HostOption {
        let description = OptionDescription(
            name: name, type: type, flags: more.flags, defaultValue: fallback,
            environment: more.environment, help: help)
        return HostOption(description, section, more) { store(texts($0), &$1) }
    }

    static func flag(
        _ name: String, in section: ConfigurationOption.Section, _ path: Path<Bool>,
        _ more: Extras = Extras(), help: String
    ) -> HostOption {
        numeric(
            name, .boolean, in: section, default: Settings()[keyPath: path] ? 1 : 0, nil, more,
            help: help
        ) { $1[keyPath: path] = $0 != 0 }
    }

    static func integer(
        _ name: String, in section: ConfigurationOption.Section, _ path: Path<Int>,
        _ bounds: ClosedRange<Int64>, _ more: Extras = Extras(), help: String
    ) -> HostOption {
        numeric(
            name, .integer, in: section, default: Int64(Settings()[keyPath: path]), bounds, more,
            help: help
        ) { $1[keyPath: path] = Int($0) }
    }

    static func size(
        _ name: String, in section: ConfigurationOption.Section, _ path: Path<Int>,
        _ bounds: ClosedRange<Int64>, _ more: Extras = Extras(), help: String
    ) -> HostOption {
        numeric(
            name, .size, in: section, default: Int64(Settings()[keyPath: path]), bounds, more,
            help: help
        ) { $1[keyPath: path] = Int($0) }
    }

    static func duration(
        _ name: String, in section: ConfigurationOption.Section, _ path: Path<Duration>,
        _ bounds: ClosedRange<Duration>, _ more: Extras = Extras(), help: String
    ) -> HostOption {
        numeric(
            name, .duration, in: section, default: Settings()[keyPath: path].nanoseconds,
            bounds.lowerBound.nanoseconds...bounds.upperBound.nanoseconds, more, help: help
        ) { $1[keyPath: path] = .nanoseconds($0) }
    }

    private static func numeric(
        _ name: String, _ type: OptionType, in section: ConfigurationOption.Section,
        default fallback: Int64, _ bounds: ClosedRange<Int64>?, _ more: Extras, help: String,
        store: @escaping @Sendable (Int64, inout Settings) -> Void
    ) -> HostOption {
        var description = OptionDescription(
            name: name, type: type, flags: more.flags, bounds: bounds,
            environment: more.environment, help: help)
        let unit = Display.number(fallback, as: type)
        description.defaultValue =
            type == .duration || type == .size ? Display.quoted(unit) : unit
        return HostOption(description, section, more) { values, settings in
            if case .number(let number) = values.first { store(number, &settings) }
        }
    }

    private static func texts(_ values: [Setting.Value]) -> [String] {
        values.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }
}

extension Duration {
    /// Whole nanoseconds; what a setting can hold, up to 292 years.
    fileprivate var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }
}
