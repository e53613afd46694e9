/// A value of a TOML document and the line where it stands, so that whoever finds it wrong can say
/// where it is.
package struct Node: Sendable {
    package var value: Value
    /// Counted from 1: the line of the key, or of the item in an array.
    package var line: Int

    package init(_ value: Value, line: Int) {
        self.value = value
        self.line = line
    }
}

/// What a TOML key can hold.
package indirect enum Value: Sendable {
    case string(String)
    case integer(Int64)
    case float(Double)
    case boolean(Bool)
    /// A date, a time or both, as written: their fields are looked at, their calendar is not.
    case dateTime(String)
    case array([Node])
    /// A table, whether written with a header, with dotted keys or inline.
    case table(Table)

    /// What it is called in messages: `a string`, `an integer`.
    package var kind: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a decimal number"
        case .boolean: "a boolean"
        case .dateTime: "a date or time"
        case .array: "an array"
        case .table: "a table"
        }
    }
}

/// The keys of a table with their values, in the order of the document.
package struct Table: Sendable {
    package var entries: [(key: String, node: Node)]

    package init(entries: [(key: String, node: Node)] = []) {
        self.entries = entries
    }

    /// The value of a key; nil when it is absent. Linear: tables of configurations are small.
    package subscript(key: String) -> Node? {
        entries.first { $0.key == key }?.node
    }
}

/// Why a document is not TOML. Names keys and lines, never values: those may be secrets.
package struct SyntaxError: Error, Equatable, CustomStringConvertible {
    /// Counted from 1.
    package var line: Int
    package var reason: String

    package init(line: Int, reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { "line \(line): \(reason)" }
}
