import Secrets

/// A cursor over the items of a message, whatever their encoding.
///
/// After ``next()`` returned a tag, the current item must be consumed exactly once: by the method for
/// its value, by ``enter()``, or by ``skip()``. Nothing is built on the way, and nothing recurses with
/// the depth of the input. Field lists are extensions of this protocol, so that each is written once.
protocol TTLVReader: ~Copyable, ~Escapable {
    associatedtype Shape: Dialect

    /// The current item's type, as far as the encoding tells.
    var type: ItemType { get }
    /// The items around the current one and itself, for messages: `Create/Attributes/Link`.
    var path: String { get }

    /// Goes into the current item, which must be a Structure; ``next()`` is then its first child.
    mutating func enter() throws(Failure)
    /// The next child of the structure that was entered last; nil at its end, which leaves it.
    mutating func next() throws(Failure) -> Tag?
    /// Passes over the current item. What is in it must be well-formed nevertheless.
    mutating func skip() throws(Failure)

    mutating func integer() throws(Failure) -> Int32
    mutating func longInteger() throws(Failure) -> Int64
    mutating func enumeration<E: KMIPEnumeration>(_ type: E.Type) throws(Failure) -> E
    /// An Enumeration whose values are tags.
    mutating func tagName() throws(Failure) -> Tag
    /// An Enumeration in the place of a unique identifier.
    mutating func placeholder() throws(Failure) -> Identifier
    mutating func boolean() throws(Failure) -> Bool
    mutating func text() throws(Failure) -> String
    mutating func bytes() throws(Failure) -> [UInt8]
    /// A ByteString that is key material: it goes from the message straight into secure memory.
    mutating func secret() throws(Failure) -> SecretBytes
    /// Seconds since 1970-01-01 UTC.
    mutating func date() throws(Failure) -> Int64
    /// A number that some dialects write as an Integer and others as a LongInteger.
    mutating func number() throws(Failure) -> Int64
    /// Seconds.
    mutating func interval() throws(Failure) -> Int32

    /// Calls `element` for what the current item holds of a repeated field; with plain repetition the
    /// item is the element.
    mutating func elements(
        _ element: (inout Self) throws(Failure) -> Void
    ) throws(Failure)
}

extension TTLVReader where Self: ~Copyable, Self: ~Escapable {
    /// A failure of shape at the current item.
    func mismatch(_ text: String) -> Failure { Failure(.kmip, .codecError, "\(path): \(text)") }

    func wrongType(expected: String) -> Failure {
        mismatch("expected \(expected), found \(type.name)")
    }

    /// A child that must not be left out.
    func required<T>(_ value: T?, _ name: StaticString) throws(Failure) -> T {
        guard let value else { throw mismatch("\(name) is missing") }
        return value
    }

    @inline(__always)
    func requireFirst(_ isFirst: Bool) throws(Failure) {
        guard isFirst else { throw mismatch("is there twice") }
    }

    // Each reads the current item into a field that must not have been read before.

    @inline(__always)
    mutating func read(_ field: inout Int32?) throws(Failure) {
        try requireFirst(field == nil)
        field = try integer()
    }
    @inline(__always)
    mutating func read<E: KMIPEnumeration>(_ field: inout E?) throws(Failure) {
        try requireFirst(field == nil)
        field = try enumeration(E.self)
    }
    @inline(__always)
    mutating func read(_ field: inout Bool?) throws(Failure) {
        try requireFirst(field == nil)
        field = try boolean()
    }
    @inline(__always)
    mutating func read(_ field: inout String?) throws(Failure) {
        try requireFirst(field == nil)
        field = try text()
    }
    @inline(__always)
    mutating func read(_ field: inout [UInt8]?) throws(Failure) {
        try requireFirst(field == nil)
        field = try bytes()
    }
    @inline(__always)
    mutating func read(_ field: inout UsageMask?) throws(Failure) {
        try requireFirst(field == nil)
        field = UsageMask(rawValue: UInt32(bitPattern: try integer()))
    }
    @inline(__always)
    mutating func read(_ field: inout Identifier?) throws(Failure) {
        try requireFirst(field == nil)
        field = try identifier()
    }
    @inline(__always)
    mutating func readDate(_ field: inout Int64?) throws(Failure) {
        try requireFirst(field == nil)
        field = try date()
    }
    @inline(__always)
    mutating func readNumber(_ field: inout Int64?) throws(Failure) {
        try requireFirst(field == nil)
        field = try number()
    }
    /// A repeated field.
    mutating func append<T>(
        to list: inout [T], _ value: (inout Self) throws(Failure) -> T
    ) throws(Failure) {
        if Shape.repetition == .nested { try requireFirst(list.isEmpty) }
        var read: [T] = []
        try elements { (reader) throws(Failure) in read.append(try value(&reader)) }
        if list.isEmpty { list = read } else { list += read }
    }

    mutating func identifier() throws(Failure) -> Identifier {
        switch type {
        case .textString: .text(try text())
        case .enumeration: try placeholder()
        case .integer: .integer(Int64(try integer()))
        case .longInteger: .integer(try longInteger())
        default: throw wrongType(expected: "TextString, Enumeration or Integer")
        }
    }
}

extension ItemType {
    /// The name in JSON and XML.
    var name: StaticString {
        switch self {
        case .structure: "Structure"
        case .integer: "Integer"
        case .longInteger: "LongInteger"
        case .bigInteger: "BigInteger"
        case .enumeration: "Enumeration"
        case .boolean: "Boolean"
        case .textString: "TextString"
        case .byteString: "ByteString"
        case .dateTime: "DateTime"
        case .interval: "Interval"
        case .dateTimeExtended: "DateTimeExtended"
        }
    }
}
