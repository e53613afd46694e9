/// How much a message may ask of a reader. The size in bytes is the transport's to limit.
public struct DecodingLimits: Sendable {
    /// Structures inside each other, the root included.
    public var maxDepth = 64
    /// Operations in a batch.
    public var maxItems = 10_000
    /// Items of all kinds, skipped ones included.
    public var maxNodes = 500_000

    public init() {}
    public init(maxDepth: Int, maxItems: Int, maxNodes: Int) {
        self.maxDepth = maxDepth
        self.maxItems = maxItems
        self.maxNodes = maxNodes
    }
}
