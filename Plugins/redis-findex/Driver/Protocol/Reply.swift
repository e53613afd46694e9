/// What Redis answers to one command.
package enum Reply: Equatable, Sendable {
    case status(String)
    case error(String)
    case integer(Int64)
    case bytes([UInt8])
    case none
    case array([Reply])
}

/// One command: its name and its arguments.
package typealias Command = [[UInt8]]

extension Array where Element == UInt8 {
    /// The bytes of a name or number.
    package init(text: String) { self = Array(text.utf8) }
}
