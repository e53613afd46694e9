/// One thing that is wrong with a configuration, and where it stands.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The place to look at.
    public enum Place: Sendable, Equatable {
        /// A line of the file, counted from 1, and the key as it is written there with its section.
        case file(path: String, line: Int? = nil, key: String? = nil)
        /// `--port`
        case flag(String)
        /// `KMS_PORT`
        case variable(String)
        /// No single place: something is missing, or several settings disagree.
        case settings
    }

    public var place: Place
    /// What is wrong and how to mend it. Holds no secrets.
    public var message: String
    /// The option concerned, when it is known.
    var option: String?
    /// What was written is right as such, but the driver that it names was not loaded.
    var isOfDriver: Bool

    init(_ place: Place, _ message: String, option: String? = nil, isOfDriver: Bool = false) {
        self.place = place
        self.message = message
        self.option = option
        self.isOfDriver = isOfDriver
    }

    public var description: String {
        place == .settings ? message : "\(place): \(message)"
    }
}

extension ConfigurationError.Place: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let path, let line, let key):
            path + (line.map { ":\($0)" } ?? "") + (key.map { ": \($0)" } ?? "")
        case .flag(let flag): flag
        case .variable(let variable): variable
        case .settings: "configuration"
        }
    }
}

/// All that is wrong with a configuration, in the order: command line, environment, file, the rest.
public struct ConfigurationErrors: Error, Sendable, Equatable, CustomStringConvertible {
    /// Never empty.
    public var errors: [ConfigurationError]

    init(_ errors: [ConfigurationError]) {
        self.errors = errors
    }

    /// Whether the command line alone is at fault.
    public var isUsage: Bool {
        errors.allSatisfy { error in
            if case .flag = error.place { !error.isOfDriver } else { false }
        }
    }

    /// One line per error.
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}
