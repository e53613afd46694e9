import PluginKit

/// A statement in the making: text of ours, and parameters in the order of their marks.
///
/// Nothing from outside ever becomes text. The only way to add a value is `parameter`, and text is
/// a literal or another `SQLText`.
struct SQLText {
    enum Parameter {
        case integer(Int64)
        case text(BorrowedText)
        case bytes([UInt8])
        /// UTF-8 of ours, for a column of text.
        case bytesAsText([UInt8])
    }

    private(set) var text = ""
    private(set) var parameters: [Parameter] = []

    init() { text.reserveCapacity(512) }
    init(_ literal: StaticString) {
        self.init()
        add(literal)
    }

    mutating func add(_ literal: StaticString) { text += literal.description }

    mutating func add(_ other: SQLText) {
        text += other.text
        parameters += other.parameters
    }

    /// Adds a literal that ends where a value stands, and the value.
    mutating func add(_ literal: StaticString, _ value: Parameter) {
        add(literal)
        text += "?"
        parameters.append(value)
    }

    mutating func addList(_ values: [BorrowedText]) {
        text += "("
        for (index, value) in values.enumerated() {
            text += index == 0 ? "?" : ", ?"
            parameters.append(.text(value))
        }
        text += ")"
    }

    func bind<Statement: SQLStatement>(to statement: Statement) {
        for (index, parameter) in parameters.enumerated() {
            switch parameter {
            case .integer(let number): statement.bind(index + 1, number)
            case .text(let text): statement.bind(index + 1, text)
            case .bytes(let bytes): statement.bind(index + 1, copying: bytes)
            case .bytesAsText(let text): statement.bind(index + 1, copyingText: text)
            }
        }
    }
}

/// The names of a request, repeated up to a power of two: so that 64 names make 7 statement texts
/// and not 64. A name that occurs twice changes nothing, since rights are joined with OR.
func padded(_ who: BorrowedTexts) -> [BorrowedText] {
    guard let last = who.last else { return [] }
    return Array(who) + Array(repeating: last, count: paddedCount(who.count) - who.count)
}

func paddedCount(_ count: Int) -> Int {
    var size = min(count, 1)
    while size < count { size *= 2 }
    return size
}
