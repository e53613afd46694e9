extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The length alone.
    public var description: String { "SecretBytes(\(count))" }
    public var debugDescription: String { description }
    /// Without a mirror of its own, `dump` and crash reports would walk the stored properties.
    public var customMirror: Mirror { Mirror(self, children: ["count": count]) }
}
