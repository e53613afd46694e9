import PluginLoader
import Secrets
import TOML

/// Why a value does not fit its option. Holds facts only; the place is the caller's to add.
struct InvalidValue: Error, Equatable {
    var message: String
    init(_ message: String) { self.message = message }
}

/// Turns what was written into values of an option's type, checked against its bounds.
struct OptionReader: Sendable {
    /// What relative paths are relative to.
    var base: PathBase

    /// A value from the command line, the environment or a driver's default: always text.
    func value(of option: ConfigurationOption, text: String) throws(InvalidValue) -> Setting.Value {
        let given = shown(text, of: option)
        switch option.description.type {
        case .text, .url, .path, .choice:
            return try textual(text, of: option)
        case .boolean:
            switch text.lowercased() {
            case "true", "1", "yes", "on": return .number(1)
            case "false", "0", "no", "off": return .number(0)
            default: throw InvalidValue("must be true or false, not \(given)")
            }
        case .integer:
            guard let number = Int64(text) else {
                throw InvalidValue("must be a whole number, not \(given)")
            }
            return .number(try checked(number, of: option))
        case .duration:
            guard let number = Quantity.nanoseconds(text) else {
                throw InvalidValue(
                    "must be a duration with a unit, such as 250ms, 30s or 5m, not \(given)")
            }
            return .number(try checked(number, of: option))
        case .size:
            guard let number = Quantity.bytes(text) else {
                throw InvalidValue("must be a size, such as 4096, 64k or 16MiB, not \(given)")
            }
            return .number(try checked(number, of: option))
        }
    }

    /// A value of the file, which has a type of its own that must fit.
    func value(of option: ConfigurationOption, in file: Value) throws(InvalidValue) -> Setting.Value
    {
        switch (option.description.type, file) {
        case (.text, .string(let text)), (.url, .string(let text)), (.path, .string(let text)),
            (.choice, .string(let text)), (.duration, .string(let text)),
            (.size, .string(let text)):
            return try value(of: option, text: text)
        case (.boolean, .boolean(let isSet)):
            return .number(isSet ? 1 : 0)
        case (.integer, .integer(let number)), (.size, .integer(let number)):
            return .number(try checked(number, of: option))
        case (.duration, .integer):
            throw InvalidValue("needs a unit, such as \"30s\"")
        default:
            throw InvalidValue("must be \(wanted(option.description.type)), not \(file.kind)")
        }
    }

    /// The values of a default, which is written as in TOML; text may stand without quotes.
    func defaults(of option: ConfigurationOption) throws(InvalidValue) -> [Setting.Value] {
        guard let text = option.description.defaultValue else { return [] }
        guard let first = text.first, "\"'[".contains(first),
            let node = try? Parser.parse("default = \(text)")["default"]
        else { return [try value(of: option, text: text)] }
        guard case .array(let items) = node.value else {
            return [try value(of: option, in: node.value)]
        }
        var values: [Setting.Value] = []
        for item in items { values.append(try value(of: option, in: item.value)) }
        return values
    }

    private func textual(
        _ text: String, of option: ConfigurationOption
    ) throws(InvalidValue) -> Setting.Value {
        guard !text.utf8.contains(0) else { throw InvalidValue("must not hold a NUL character") }
        if option.isSecret { return .secret(SecretBytes(utf8Of: text)) }
        switch option.description.type {
        case .path:
            guard !text.isEmpty else { throw InvalidValue("must not be empty") }
            return .text(base.absolute(text))
        case .url:
            guard !text.isEmpty else { throw InvalidValue("must not be empty") }
        case .choice where !option.description.choices.contains(text):
            let choices = option.description.choices
            let hint = NearestName.hint(text, among: choices) { $0 }
            let list = choices.joined(separator: ", ")
            throw InvalidValue("must be one of \(list), not \(shown(text, of: option))\(hint)")
        default: break
        }
        return .text(text)
    }

    private func checked(_ number: Int64, of option: ConfigurationOption) throws(InvalidValue)
        -> Int64
    {
        guard let bounds = option.description.bounds, !bounds.contains(number) else {
            return number
        }
        let written = { Display.number($0, as: option.description.type) }
        let range = "between \(written(bounds.lowerBound)) and \(written(bounds.upperBound))"
        throw InvalidValue("must be \(range)" + (option.isSecret ? "" : ", not \(written(number))"))
    }

    private func wanted(_ type: OptionType) -> String {
        switch type {
        case .text, .path, .url, .choice: "a string"
        case .integer: "an integer"
        case .boolean: "true or false"
        case .duration: "a string such as \"30s\""
        case .size: "a string such as \"16MiB\" or an integer"
        }
    }

    /// What a message may repeat of a wrong value.
    private func shown(_ text: String, of option: ConfigurationOption) -> String {
        if option.isSecret { return Redaction.mask }
        let text = option.description.type == .url ? Redaction.url(text) : text
        return "\"\(text.prefix(80))\""
    }
}
