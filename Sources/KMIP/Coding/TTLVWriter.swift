import Secrets

/// The output side of ``TTLVReader``. Writing cannot fail.
protocol TTLVWriter: ~Copyable {
    associatedtype Shape: Dialect

    /// Whether the published client reads this: attributes then always say if an object is sensitive,
    /// and empty structures are left out, since inside an object they make it refuse the whole.
    var isAnswer: Bool { get }

    mutating func begin(_ tag: Tag)
    mutating func end()
    /// Around the elements of a repeated field, each of which is written with the same tag.
    mutating func beginElements(_ tag: Tag)
    mutating func endElements()

    mutating func write(_ tag: Tag, _ value: Int32)
    mutating func write(_ tag: Tag, long value: Int64)
    mutating func write<E: KMIPEnumeration>(_ tag: Tag, _ value: E)
    mutating func write(_ tag: Tag, tagName value: Tag)
    mutating func write(_ tag: Tag, _ value: Bool)
    mutating func write(_ tag: Tag, _ value: String)
    mutating func write(_ tag: Tag, _ value: borrowing RawSpan)
    mutating func write(_ tag: Tag, date value: Int64)
    mutating func write(_ tag: Tag, number value: Int64)
    mutating func write(_ tag: Tag, interval value: Int32)
}

extension TTLVWriter where Self: ~Copyable {
    @inline(__always)
    mutating func write(_ tag: Tag, _ value: [UInt8]) { write(tag, value.span.bytes) }

    mutating func write(_ tag: Tag, secret: SecretBytes) {
        secret.withExposedBytes { write(tag, $0) }
    }

    // Absent values are left out.

    @inline(__always)
    mutating func write(_ tag: Tag, _ value: Int32?) { if let value { write(tag, value) } }
    @inline(__always)
    mutating func write<E: KMIPEnumeration>(_ tag: Tag, _ value: E?) {
        if let value { write(tag, value) }
    }
    @inline(__always)
    mutating func write(_ tag: Tag, _ value: Bool?) { if let value { write(tag, value) } }
    @inline(__always)
    mutating func write(_ tag: Tag, _ value: String?) { if let value { write(tag, value) } }
    @inline(__always)
    mutating func write(_ tag: Tag, _ value: [UInt8]?) { if let value { write(tag, value) } }
    @inline(__always)
    mutating func write(_ tag: Tag, date value: Int64?) { if let value { write(tag, date: value) } }
    @inline(__always)
    mutating func write(_ tag: Tag, number value: Int64?) {
        if let value { write(tag, number: value) }
    }
    mutating func write(_ tag: Tag, _ value: UsageMask?) {
        if let value { write(tag, Int32(bitPattern: value.rawValue)) }
    }
    mutating func write(_ tag: Tag, _ value: Identifier?) {
        switch value {
        case .text(let text): write(tag, text)
        case .enumeration(let value): write(tag, IdentifierPlaceholder(rawValue: value))
        case .integer(let value):
            if let small = Int32(exactly: value) {
                write(tag, small)
            } else {
                write(tag, long: value)
            }
        case nil: break
        }
    }

    mutating func write<T>(
        _ tag: Tag, elements: [T], _ element: (inout Self, T) -> Void
    ) {
        beginElements(tag)
        for item in elements { element(&self, item) }
        endElements()
    }
}
