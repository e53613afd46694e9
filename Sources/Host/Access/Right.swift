/// Rights on an object, as a set. The numbers are stored in databases: never change one.
public struct Rights: OptionSet, Hashable, Sendable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static let create = Rights(rawValue: 1 << 0)
    public static let certify = Rights(rawValue: 1 << 1)
    public static let decrypt = Rights(rawValue: 1 << 2)
    public static let destroy = Rights(rawValue: 1 << 3)
    public static let encrypt = Rights(rawValue: 1 << 4)
    public static let export = Rights(rawValue: 1 << 5)
    public static let get = Rights(rawValue: 1 << 6)
    public static let getAttributes = Rights(rawValue: 1 << 7)
    public static let `import` = Rights(rawValue: 1 << 8)
    public static let locate = Rights(rawValue: 1 << 9)
    public static let revoke = Rights(rawValue: 1 << 10)
    public static let reKey = Rights(rawValue: 1 << 11)
    public static let validate = Rights(rawValue: 1 << 12)
    public static let activate = Rights(rawValue: 1 << 13)
    public static let setAttribute = Rights(rawValue: 1 << 14)

    /// Every right with its name on the JSON wire, in declaration order.
    public static let names: [(right: Rights, name: String)] = [
        (.create, "create"), (.certify, "certify"), (.decrypt, "decrypt"), (.destroy, "destroy"),
        (.encrypt, "encrypt"), (.export, "export"), (.get, "get"),
        (.getAttributes, "getattributes"), (.import, "import"), (.locate, "locate"),
        (.revoke, "revoke"), (.reKey, "rekey"), (.validate, "validate"), (.activate, "activate"),
        (.setAttribute, "setattribute"),
    ]

    /// The right of that name, nil when there is none.
    public init?(name: String) {
        guard let known = Self.names.first(where: { $0.name == name }) else { return nil }
        self = known.right
    }

    /// The names of the rights that are set, in declaration order.
    public var namesHeld: [String] {
        Self.names.compactMap { isSuperset(of: $0.right) ? $0.name : nil }
    }
}
