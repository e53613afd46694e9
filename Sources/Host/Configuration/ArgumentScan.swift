import PluginLoader

/// The options of a command line, matched against those that are known.
///
/// `--name value`, `--name=value`, `--switch`, `--switch=false`; a repeated option is given several
/// times, or followed by several values. A value that begins with `--` needs the form with `=`.
struct ArgumentScan {
    struct Occurrence {
        /// Without the dashes: the option's name, an alias, or one of its `-file` names.
        var name: String
        /// nil for a switch without `=`.
        var value: String?
        /// Where the value stands: which argument, and at which byte of it.
        var argument: Int, offset: Int
    }

    private(set) var occurrences: [Occurrence] = []
    private(set) var errors: [ConfigurationError] = []
    /// Flags that no known option has, in order.
    private(set) var unknown: [String] = []

    init(_ arguments: [String], options: [ConfigurationOption]) {
        var known: [String: ConfigurationOption] = [:]
        for option in options {
            for name in option.names + option.fileNames where known[name] == nil {
                known[name] = option
            }
        }
        var index = 0
        while index < arguments.count {
            index = take(index, of: arguments, known)
        }
    }

    /// Reads the option at `index` with its values, and says where the next one is.
    private mutating func take(
        _ index: Int, of arguments: [String], _ known: [String: ConfigurationOption]
    ) -> Int {
        let argument = arguments[index]
        guard argument.hasPrefix("--"), argument.utf8.count > 2 else {
            // What it says may be a secret that lost its flag, hence its place only.
            errors.append(
                ConfigurationError(
                    .flag("argument \(index + 1)"),
                    "is no option; options begin with --, and a switch is set with --name=true or false"
                ))
            return index + 1
        }
        let name = Self.name(in: argument)
        if known[name] == nil { unknown.append(name) }

        if let equals = argument.firstIndex(of: "=") {
            let value = String(argument[argument.index(after: equals)...])
            let offset = argument.utf8.count - value.utf8.count
            occurrences.append(
                Occurrence(name: name, value: value, argument: index, offset: offset))
            return index + 1
        }
        let isFile = known[name].map { $0.fileNames.contains(name) } ?? false
        if let option = known[name], option.isSwitch, !isFile {
            occurrences.append(Occurrence(name: name, value: nil, argument: index, offset: 0))
            return index + 1
        }
        let takesMany = !isFile && (known[name]?.isRepeated ?? false)
        var next = index + 1
        while next < arguments.count, !arguments[next].hasPrefix("--") {
            occurrences.append(
                Occurrence(name: name, value: arguments[next], argument: next, offset: 0))
            next += 1
            if !takesMany { break }
        }
        if next == index + 1, let option = known[name] {
            let flag = Spelling.flag(name)
            errors.append(
                ConfigurationError(
                    .flag(flag), "needs a value: \(flag)=VALUE", option: option.name))
            // What looks like an unknown option may be a secret that begins with dashes: it must not
            // be repeated as an error of its own.
            if option.isSecret, next < arguments.count, known[Self.name(in: arguments[next])] == nil
            {
                return next + 1
            }
        }
        return next
    }

    /// The name in `--name` and `--name=value`.
    private static func name(in argument: String) -> String {
        Spelling.name(ofKey: String(argument.dropFirst(2).prefix { $0 != "=" }))
    }
}
