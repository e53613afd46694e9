import PluginLoader
import Secrets
import TOML

/// Where a value came from.
public enum Origin: Sendable, Equatable, CustomStringConvertible {
    case commandLine(flag: String)
    case environment(variable: String)
    case file(path: String, line: Int)
    case standard

    public var description: String {
        switch self {
        case .commandLine(let flag): "command line, \(flag)"
        case .environment(let variable): "environment, \(variable)"
        case .file(let path, let line): "\(path):\(line)"
        case .standard: "default"
        }
    }
}

/// An option with the values that count, and why they do.
public struct EffectiveOption: Sendable {
    public var option: ConfigurationOption
    /// One; none when the option is not set; any number when it is repeated.
    public var values: [Setting.Value]
    public var origin: Origin

    /// The values as in TOML. Secrets show as `****`, URLs without what is secret in them.
    public var displayed: String {
        values.isEmpty && !option.isRepeated ? "not set" : Display.toml(values, of: option)
    }
}

/// Decides what an option's value is: command line over environment over file over default.
///
/// Every place is checked, also those that another overrides, so that one run shows all mistakes. Only
/// files with secrets are left unread when they do not count.
struct Resolver {
    let scan: ArgumentScan
    let environment: [String: String]
    let file: ConfigurationFile?
    var reader: OptionReader

    private(set) var errors: [ConfigurationError] = []
    private(set) var warnings: [String] = []
    /// Values on the command line that other processes must not see.
    private(set) var secretArguments: [SecretArgument] = []

    init(
        scan: ArgumentScan, environment: [String: String], file: ConfigurationFile?,
        reader: OptionReader
    ) {
        self.scan = scan
        self.environment = environment
        self.file = file
        self.reader = reader
    }

    /// One value as it was found, not yet read.
    private enum Raw {
        case text(String)
        case toml(Value)
        case secretFile(String)
        /// A switch without `=`.
        case set
    }

    /// Something given for an option in one place.
    private struct Find {
        var place: ConfigurationError.Place
        var origin: Origin
        var raw: [Raw]
    }

    mutating func resolve(_ option: ConfigurationOption) -> EffectiveOption {
        var effective: EffectiveOption?
        for finds in [onCommandLine(option), inEnvironment(option), inFile(option)] {
            guard let first = finds.first else { continue }
            if finds.count > 1, !option.isRepeated {
                refuse(finds[1].place, "given twice; the other is \(first.place)", option)
            }
            let values = read(
                option.isRepeated ? finds : [first], of: option, counts: effective == nil)
            if effective == nil {
                effective = EffectiveOption(option: option, values: values, origin: first.origin)
                warn(about: option, first)
            }
        }
        return effective ?? standard(option)
    }

    private mutating func standard(_ option: ConfigurationOption) -> EffectiveOption {
        var effective = EffectiveOption(option: option, values: [], origin: .standard)
        do throws(InvalidValue) {
            effective.values = try reader.defaults(of: option)
        } catch {
            // A driver's mistake, which its user should hear about in words of its own.
            refuse(.settings, "the driver's default of \(option.name) \(error.message)", option)
        }
        if effective.values.isEmpty, option.description.flags.contains(.required) {
            let name = option.isSecret ? option.name + "-file or " + option.name : option.name
            let variable = option.variables.first.map { " or \($0)" } ?? ""
            let places =
                "\(name) in \(option.section.title), \(Spelling.flag(option.name))\(variable)"
            refuse(.settings, "\(option.name) is required: set \(places)", option)
        }
        return effective
    }

    // MARK: Finding

    private mutating func onCommandLine(_ option: ConfigurationOption) -> [Find] {
        scan.occurrences.compactMap { occurrence -> Find? in
            let flag = Spelling.flag(occurrence.name)
            let isFile = option.fileNames.contains(occurrence.name)
            guard isFile || option.names.contains(occurrence.name) else { return nil }
            let raw: Raw
            if let value = occurrence.value {
                raw = isFile ? .secretFile(value) : .text(value)
                let isSecret = option.isSecret && !isFile
                let isRevealing = option.description.type == .url && Redaction.url(value) != value
                if isSecret || isRevealing {
                    secretArguments.append(
                        SecretArgument(index: occurrence.argument, offset: occurrence.offset))
                }
            } else {
                raw = .set
            }
            return Find(place: .flag(flag), origin: .commandLine(flag: flag), raw: [raw])
        }
    }

    /// The first variable that is set: they are alternatives, in order. An empty one is not set.
    private func inEnvironment(_ option: ConfigurationOption) -> [Find] {
        let names = option.fileVariables.map { ($0, true) } + option.variables.map { ($0, false) }
        let found = names.compactMap { variable, isFile -> Find? in
            guard let text = environment[variable], !text.isEmpty else { return nil }
            let parts =
                option.isRepeated && !isFile
                ? text.split(separator: ",").map { String($0) } : [text]
            return Find(
                place: .variable(variable), origin: .environment(variable: variable),
                raw: parts.map { isFile ? .secretFile($0) : .text($0) })
        }
        return Array(found.prefix(1))
    }

    private func inFile(_ option: ConfigurationOption) -> [Find] {
        guard let file else { return [] }
        let entries = file.entries.filter { entry in
            entry.section == option.section
                && (option.names.contains(entry.name) || option.fileNames.contains(entry.name))
        }
        return entries.map { entry in
            let origin = Origin.file(path: file.path, line: entry.node.line)
            var raw: [Raw] = [.toml(entry.node.value)]
            if option.fileNames.contains(entry.name), case .string(let path) = entry.node.value {
                raw = [.secretFile(path)]
            } else if option.isRepeated, case .array(let items) = entry.node.value {
                raw = items.map { .toml($0.value) }
            }
            return Find(place: file.place(of: entry), origin: origin, raw: raw)
        }
    }

    // MARK: Reading

    private mutating func read(
        _ finds: [Find], of option: ConfigurationOption, counts: Bool
    ) -> [Setting.Value] {
        var values: [Setting.Value] = []
        for find in finds {
            for raw in find.raw {
                do throws(InvalidValue) {
                    if let value = try value(raw, of: option, counts: counts) {
                        values.append(value)
                    }
                } catch {
                    refuse(find.place, error.message + hint(find), option)
                }
            }
        }
        return values
    }

    private mutating func value(
        _ raw: Raw, of option: ConfigurationOption, counts: Bool
    ) throws(InvalidValue) -> Setting.Value? {
        switch raw {
        case .set: return .number(1)
        case .text(let text): return try reader.value(of: option, text: text)
        case .toml(let value): return try reader.value(of: option, in: value)
        case .secretFile(let path): return counts ? try secret(inFile: path, of: option) : nil
        }
    }

    private mutating func secret(
        inFile path: String, of option: ConfigurationOption
    ) throws(InvalidValue) -> Setting.Value {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw InvalidValue("must be a path") }
        let path = reader.base.absolute(path)
        do throws(FileError) {
            var contents = try FileContents.read(path, sizeMax: SecretArgument.fileSizeMax)
            if contents.isReadableByOthers {
                warnings.append(
                    "\(path), which holds \(option.name), can be read by others; "
                        + "fix with chmod o-r \(path)"
                )
            }
            return .secret(contents.takeSecret())
        } catch {
            throw InvalidValue("cannot read \(path): \(error.message)")
        }
    }

    /// Kubernetes sets KMS_PORT=tcp://... in every pod beside a service called "kms".
    private func hint(_ find: Find) -> String {
        guard case .variable(let variable) = find.place,
            environment[variable]?.hasPrefix("tcp://") == true
        else { return "" }
        return "; Kubernetes sets it for a service of this name, unless enableServiceLinks is false"
    }

    private mutating func warn(about option: ConfigurationOption, _ find: Find) {
        if option.description.flags.contains(.deprecated) {
            warnings.append(
                "\(find.place): \(option.name) is deprecated: \(option.description.help)")
        }
        switch find.origin {
        case .commandLine where option.isSecret && find.raw.contains(where: isDirect):
            let flag = Spelling.flag(option.name)
            warnings.append(
                "\(find.place): was visible to other processes at start; prefer \(flag)-file")
        case .file(let path, _)
        where file?.isReadableByOthers == true && find.raw.contains(where: { reveals($0, option) }):
            warnings.append(
                "\(find.place): a secret in a file that others can read; fix with chmod o-r \(path)"
            )
        default: break
        }
    }

    /// Whether the value itself was written, and not where it is.
    private func isDirect(_ raw: Raw) -> Bool {
        if case .secretFile = raw { false } else { true }
    }

    /// Whether it shows a secret: as the value of a secret option, or within a URL.
    private func reveals(_ raw: Raw, _ option: ConfigurationOption) -> Bool {
        if option.isSecret { return isDirect(raw) }
        guard option.description.type == .url, case .toml(.string(let url)) = raw else {
            return false
        }
        return Redaction.url(url) != url
    }

    private mutating func refuse(
        _ place: ConfigurationError.Place, _ message: String, _ option: ConfigurationOption
    ) {
        errors.append(ConfigurationError(place, message, option: option.name))
    }
}

/// A part of the command line that holds a secret.
public struct SecretArgument: Sendable, Equatable {
    /// Of the arguments that were loaded.
    public var index: Int
    /// Bytes from the argument's start to the secret, which reaches to its end.
    public var offset: Int

    package init(index: Int, offset: Int) {
        self.index = index
        self.offset = offset
    }

    /// Bytes that a file with a secret may have.
    static let fileSizeMax = 64 << 10
}
