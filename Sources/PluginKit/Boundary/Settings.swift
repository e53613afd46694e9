import PluginABI

/// The driver's own options, as `open` is given them, valid until it returns.
public struct Settings {
    // The host's array of settings; alive until `open` returns.
    private let items: UnsafeBufferPointer<kms_setting>

    init(_ items: UnsafePointer<kms_setting>?, count: Int) {
        self.items = UnsafeBufferPointer(start: items, count: items == nil ? 0 : count)
    }

    /// The text of a setting; nil when it is absent.
    public func text(_ name: StaticString) -> BorrowedText? {
        first(name).map { BorrowedText($0.text) }
    }

    /// The number of a setting: integers, booleans (0 or 1), nanoseconds, bytes.
    public func number(_ name: StaticString) -> Int64? { first(name)?.number }

    /// All values of a repeated setting.
    public func texts(_ name: StaticString) -> [BorrowedText] {
        items.filter { BorrowedText($0.name) == BorrowedText(name) }.map { BorrowedText($0.text) }
    }

    private func first(_ name: StaticString) -> kms_setting? {
        items.first { BorrowedText($0.name) == BorrowedText(name) }
    }
}
