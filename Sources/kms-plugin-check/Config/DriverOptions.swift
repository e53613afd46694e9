import FoundationEssentials
import PluginLoader
import Secrets
import TOML

/// Makes a driver's settings of what the configuration says, as the host would: by type, with
/// bounds and defaults, paths absolute.
struct DriverOptions {
    let declared: [OptionDescription]
    let config: CheckConfig

    /// - Parameters:
    ///   - scratch: The folder that `{{scratch}}` stands for.
    ///   - proxy: The address that `{{proxy:...}}` stands for; nil: the one in it.
    ///   - changes: Options that replace those of the configuration.
    func settings(
        scratch: String, proxy: String? = nil, changes: [(key: String, node: Node)] = []
    ) throws(FileProblem) -> [Setting] {
        let marks = Marks(scratch: scratch, proxy: proxy)
        var given: [String: Node] = [:]
        for (key, node) in config.options + changes {
            given[key.replacing("_", with: "-")] = node
        }
        var settings: [Setting] = []
        for option in declared {
            let node = given.removeValue(forKey: option.name)
            let file =
                option.flags.contains(.secret)
                ? given.removeValue(forKey: option.name + "-file") : nil
            for value in try values(of: option, node, file: file, marks) {
                settings.append(Setting(option: option, value: value))
            }
        }
        if let (name, node) = given.min(by: { $0.value.line < $1.value.line }) {
            let known = declared.map(\.name).joined(separator: ", ")
            throw problem(node, "the driver has no option \(name); it has \(known)")
        }
        return settings
    }

    private func values(
        of option: OptionDescription, _ node: Node?, file: Node?, _ marks: Marks
    ) throws(FileProblem) -> [Setting.Value] {
        if let file {
            guard case .string(let path) = file.value,
                let data = FileManager.default.contents(atPath: absolute(path))
            else { throw problem(file, "\(option.name)-file cannot be read") }
            let text = String(decoding: data, as: UTF8.self)
            let trimmed = text.hasSuffix("\n") ? String(text.dropLast()) : text
            return [.secret(SecretBytes(copying: Array(trimmed.utf8)))]
        }
        guard let node = node ?? defaultValue(of: option) else {
            guard option.flags.contains(.required) else { return [] }
            throw FileProblem(
                path: config.path, line: nil, reason: "the driver needs the option \(option.name)")
        }
        guard option.flags.contains(.repeated) else {
            return [try value(of: option, node, marks)]
        }
        guard case .array(let items) = node.value else {
            throw problem(node, "\(option.name) must be an array")
        }
        var values: [Setting.Value] = []
        for item in items { values.append(try value(of: option, item, marks)) }
        return values
    }

    /// A default is written as in TOML; text may stand without quotes.
    private func defaultValue(of option: OptionDescription) -> Node? {
        guard let text = option.defaultValue else { return nil }
        if let node = try? Parser.parse("default = \(text)")["default"] { return node }
        return Node(.string(text), line: 0)
    }

    private func value(
        of option: OptionDescription, _ node: Node, _ marks: Marks
    ) throws(FileProblem) -> Setting.Value {
        let wrong = "\(option.name) does not fit its type: \(option.type)"
        switch (option.type, node.value) {
        case (.text, .string(let text)), (.path, .string(let text)), (.url, .string(let text)),
            (.choice, .string(let text)):
            let text = marks.resolved(text)
            if option.type == .choice && !option.choices.contains(text) {
                throw problem(
                    node, "\(option.name) is one of \(option.choices.joined(separator: ", "))")
            }
            if option.flags.contains(.secret) {
                return .secret(SecretBytes(copying: Array(text.utf8)))
            }
            return .text(option.type == .path ? absolute(text) : text)
        case (.integer, .integer(let number)), (.size, .integer(let number)):
            return try bounded(number, option, node)
        case (.boolean, .boolean(let isSet)): return .number(isSet ? 1 : 0)
        case (.duration, .string(let text)):
            guard let number = Quantity.nanoseconds(text) else { throw problem(node, wrong) }
            return try bounded(number, option, node)
        case (.size, .string(let text)):
            guard let number = Quantity.bytes(text) else { throw problem(node, wrong) }
            return try bounded(number, option, node)
        default: throw problem(node, wrong)
        }
    }

    private func bounded(
        _ number: Int64, _ option: OptionDescription, _ node: Node
    ) throws(FileProblem) -> Setting.Value {
        if let bounds = option.bounds, !bounds.contains(number) {
            throw problem(
                node, "\(option.name) must be between \(bounds.lowerBound) and \(bounds.upperBound)"
            )
        }
        return .number(number)
    }

    /// Relative to the folder of the configuration.
    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : config.folder + "/" + path
    }

    private func problem(_ node: Node, _ reason: String) -> FileProblem {
        FileProblem(path: config.path, line: node.line, reason: reason)
    }

    /// What the marks in options stand for.
    private struct Marks {
        var scratch: String
        var proxy: String?

        func resolved(_ text: String) -> String {
            ProxyMark.resolved(
                text.replacing(CheckConfig.scratchMark, with: scratch), to: proxy)
        }
    }

    static func duration(_ text: String) -> Duration? {
        Quantity.nanoseconds(text).map { .nanoseconds($0) }
    }
}
