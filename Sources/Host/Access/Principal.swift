/// Who a request acts for.
public struct Principal: Sendable, Hashable {
    /// The wildcard that grants may name: everybody.
    public static let everybody = "*"

    public let name: String
    /// The names whose grants count: the user first, then `*`.
    let who: [String]

    public init(_ name: String) {
        self.name = name
        who = [name, Self.everybody]
    }
}
