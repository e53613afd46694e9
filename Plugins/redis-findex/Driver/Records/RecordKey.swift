import PluginKit

/// The name of a record in Redis: a table and a code of what it is about, which tells nothing.
package struct RecordKey: Hashable, Sendable {
    package let bytes: [UInt8]

    package enum Table: UInt8, Sendable {
        /// Who holds a unique term.
        case unique = 0xE9
        case check = 0xEB
        case permissions = 0xEC
        case object = 0xED
        case entry = 0xEE
        case link = 0xEF

        /// Two bytes.
        package var prefix: [UInt8] { [0, rawValue] }

        /// For failures.
        var name: String {
            switch self {
            case .unique: "unique term"
            case .check: "check record"
            case .permissions: "permissions"
            case .object: "object"
            case .entry: "index entry"
            case .link: "index link"
            }
        }
    }

    package var table: Table? { bytes.count > 1 ? Table(rawValue: bytes[1]) : nil }

    /// The record about `identifier`, or the only one of its table.
    package init(
        _ table: Table, _ identifier: [UInt8], _ keys: VaultKeys
    ) throws(DriverFailure) {
        bytes = table.prefix + (try keys.token.code(of: table.prefix, identifier))
    }

    /// A token of the index.
    package init(_ table: Table, token: [UInt8]) { bytes = table.prefix + token }

    /// As Redis lists it.
    init(bytes: [UInt8]) { self.bytes = bytes }

    package static let check = RecordKey(bytes: Table.check.prefix)
}
