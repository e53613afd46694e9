/// What differs between wire formats beyond names and bytes. The field lists ask; the compiler folds
/// the answers away, since a reader and a writer name their dialect as a type.
protocol Dialect {
    /// How a repeated field is written.
    static var repetition: Repetition { get }
    /// Whether the object of Get, Export and Import is inside an item `Object`, and key material always
    /// a Structure.
    static var wrapsObjects: Bool { get }
    /// Whether a revocation reason is an Enumeration or a TextString instead of a Structure.
    static var hasBareRevocationReason: Bool { get }
    /// Whether dates other than activation, the state and the revocation reason are attributes.
    static var hasLifecycleAttributes: Bool { get }
    /// Whether a linked object named by a number is a LongInteger instead of an Integer.
    static var hasLongLinks: Bool { get }

    static var vendorAttribute: Tag { get }
    /// The same inside NewAttribute and CurrentAttribute.
    static var newVendorAttribute: Tag { get }
    static var attributeReference: Tag { get }
    static var wrappingIV: Tag { get }
    static var opaqueDataType: Tag { get }
    static var opaqueDataValue: Tag { get }
}

enum Repetition {
    /// The field's tag once for each element.
    case plain
    /// One Structure with the field's tag, and in it the elements, each with the same tag again.
    case nested
}

/// Source: wire format notes, sections 2.4 to 2.8.
enum Cosmian422Dialect: Dialect {
    static var repetition: Repetition { .nested }
    static var wrapsObjects: Bool { true }
    static var hasBareRevocationReason: Bool { true }
    static var hasLifecycleAttributes: Bool { false }
    static var hasLongLinks: Bool { true }
    static var vendorAttribute: Tag { .cosmianVendorAttributes }
    static var newVendorAttribute: Tag { .cosmianVendorAttribute }
    static var attributeReference: Tag { .cosmianAttributeReferences }
    static var wrappingIV: Tag { .cosmianWrappingIV }
    static var opaqueDataType: Tag { .cosmianOpaqueDataType }
    static var opaqueDataValue: Tag { .cosmianOpaqueDataValue }
}

/// KMIP 2.1.
enum StandardDialect: Dialect {
    static var repetition: Repetition { .plain }
    static var wrapsObjects: Bool { false }
    static var hasBareRevocationReason: Bool { false }
    static var hasLifecycleAttributes: Bool { true }
    static var hasLongLinks: Bool { false }
    static var vendorAttribute: Tag { .attribute }
    static var newVendorAttribute: Tag { .attribute }
    static var attributeReference: Tag { .attributeReference }
    static var wrappingIV: Tag { .ivCounterNonce }
    static var opaqueDataType: Tag { .opaqueDataType }
    static var opaqueDataValue: Tag { .opaqueDataValue }
}
