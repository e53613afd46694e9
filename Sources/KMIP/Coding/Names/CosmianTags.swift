extension Tag {
    // Items that only the 4.22 dialect has. The numbers are of the extension range and ours; they never
    // appear on a wire, since that dialect writes names only.
    static let cosmianObject = Tag(rawValue: 0x54F001)
    static let cosmianByteString = Tag(rawValue: 0x54F002)
    static let cosmianVendorAttributes = Tag(rawValue: 0x54F003)
    static let cosmianVendorAttribute = Tag(rawValue: 0x54F004)
    static let cosmianAttributeReferences = Tag(rawValue: 0x54F005)
    static let cosmianRemove = Tag(rawValue: 0x54F007)
    static let cosmianHeader = Tag(rawValue: 0x54F008)
    static let cosmianItems = Tag(rawValue: 0x54F009)
    static let cosmianKeyTypeSer = Tag(rawValue: 0x54F00A)
    /// The initialisation vector in KeyWrappingData, which is spelled unlike the one in Encrypt.
    static let cosmianWrappingIV = Tag(rawValue: 0x54F00B)
    static let cosmianMessage = Tag(rawValue: 0x54F00C)
    static let cosmianOpaqueDataType = Tag(rawValue: 0x54F00D)
    static let cosmianOpaqueDataValue = Tag(rawValue: 0x54F00E)

    /// A name that the reader does not know.
    static let unknown = Tag(rawValue: 0)

    /// The root item of a request: its name is the operation's.
    static func request(_ operation: Operation) -> Tag {
        Tag(rawValue: 0x54F100 | operation.rawValue)
    }
    /// The root item of an answer.
    static func response(_ operation: Operation) -> Tag {
        Tag(rawValue: 0x54F200 | operation.rawValue)
    }

    /// The operation that a root item of a request names.
    var requestOperation: Operation? { rootOperation(base: 0x54F100) }
    /// The operation that a root item of an answer names.
    var responseOperation: Operation? { rootOperation(base: 0x54F200) }

    private func rootOperation(base: UInt32) -> Operation? {
        rawValue & 0xFF_FF00 == base ? Operation(rawValue: rawValue & 0xFF) : nil
    }

    /// Whether the tag is of the registry, and so may be named by an AttributeReference.
    var isStandard: Bool { rawValue & 0xFF_0000 == 0x42_0000 }
}

/// The names of items in the 4.22 dialect.
enum CosmianTagNames {
    /// Names that are not the registry's without underscores. Source: wire format notes, "Names that
    /// differ from the KMIP 2.1 specification".
    private static let exceptions: [(Tag, String)] = [
        (.ivCounterNonce, "IvCounterNonce"),
        (.macSignature, "MacOrSignature"),
        (.macSignatureKeyInformation, "MacOrSignatureKeyInformation"),
        (.randomIV, "RandomIv"),
        (.ivLength, "IvLength"),
        (.qlength, "QLength"),
        (.crtCoefficient, "CrtCoefficient"),
        (.timeStamp, "Timestamp"),
        (.uniqueBatchItemID, "UniqueBatchItemId"),
        (.cosmianObject, "Object"),
        (.cosmianByteString, "ByteString"),
        (.cosmianVendorAttributes, "VendorAttributes"),
        (.cosmianVendorAttribute, "VendorAttribute"),
        (.cosmianAttributeReferences, "AttributeReferences"),
        (.cosmianRemove, "Remove"),
        (.cosmianHeader, "Header"),
        (.cosmianItems, "Items"),
        (.cosmianKeyTypeSer, "KeyTypeSer"),
        (.cosmianMessage, "Message"),
        (.cosmianOpaqueDataType, "opaque_data_type"),
        (.cosmianOpaqueDataValue, "opaque_data_value"),
    ]

    private static let roots: [(Tag, String)] = Operation.names.flatMap { value, name in
        let operation = Operation(rawValue: value)
        return [
            (Tag.request(operation), name.description),
            (Tag.response(operation), name.description + "Response"),
        ]
    }

    private static let registry = Tag.names.map { (Tag(rawValue: $0.value), $0.name.description) }
    private static let all: [(Tag, String)] = {
        let excepted = Set(exceptions.map(\.0))
        let rest = registry.filter { !excepted.contains($0.0) }
        return exceptions + rest.map { ($0, $1.filter { $0 != "_" }) } + roots
    }()

    /// Also reads the registry's spelling. Of two equal names the item's wins over the root's.
    static let reading = NameTable((all + registry).map { (value: $0.0.rawValue, name: $0.1) })

    /// The root items alone: `Get` as a root is an operation even where an item had that name.
    static let rootReading = NameTable(
        (roots + [(.cosmianMessage, "Message")]).map { (value: $0.0.rawValue, name: $0.1) })

    /// What is written. The wrapping IV shares its number space with the others but is only written:
    /// as a name it reads as the ordinary IV.
    static let writing = ItemPrefixes(all + [(.cosmianWrappingIV, "IVCounterNonce")])
}
