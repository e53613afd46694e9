import PluginLoader

/// How values look in the template, in `--help` and in `--info`: as in TOML, without secrets.
enum Display {
    /// All values of an option as the right side of a line of TOML.
    static func toml(_ values: [Setting.Value], of option: ConfigurationOption) -> String {
        let items = values.map { toml($0, of: option) }
        return option.isRepeated ? "[" + items.joined(separator: ", ") + "]" : items.first ?? "\"\""
    }

    private static func toml(_ value: Setting.Value, of option: ConfigurationOption) -> String {
        switch value {
        case .secret: quoted(Redaction.mask)
        case .text where option.isSecret: quoted(Redaction.mask)
        case .text(let text) where option.description.type == .url: quoted(Redaction.url(text))
        case .text(let text): quoted(text)
        case .number(let number):
            switch option.description.type {
            case .duration, .size: quoted(self.number(number, as: option.description.type))
            default: self.number(number, as: option.description.type)
            }
        }
    }

    static func number(_ number: Int64, as type: OptionType) -> String {
        switch type {
        case .boolean: number == 0 ? "false" : "true"
        case .duration: Quantity.text(nanoseconds: number)
        case .size: Quantity.text(bytes: number)
        default: String(number)
        }
    }

    /// A basic string of TOML.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
