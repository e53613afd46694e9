import PluginABI

/// What `open` is given (`kms_database_open`), valid until it returns.
public struct OpenOptions {
    /// `KMS_OPEN_*`.
    public struct Flags: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let readOnly = Flags(rawValue: 1 << 0)
        public static let maintenance = Flags(rawValue: 1 << 1)
        public static let foreign = Flags(rawValue: 1 << 2)
    }

    // The host's struct and its settings; alive until `open` returns.
    private let pointer: UnsafePointer<kms_database_open>

    init(_ pointer: UnsafePointer<kms_database_open>) { self.pointer = pointer }

    public var flags: Flags { Flags(rawValue: pointer.pointee.flags) }
    /// Most calls in flight; `cancel` and one `changes` are not counted.
    public var concurrency: Int { Int(pointer.pointee.concurrency) }
    /// Empty for the main database.
    public var tenant: BorrowedText { BorrowedText(pointer.pointee.tenant) }
    /// The tenant's secret.
    public var secret: BorrowedBytes { BorrowedBytes(pointer.pointee.secret) }

    /// The text of a setting; nil when it is absent.
    public func text(_ name: StaticString) -> BorrowedText? { settings.text(name) }
    /// The number of a setting: integers, booleans (0 or 1), nanoseconds, bytes.
    public func number(_ name: StaticString) -> Int64? { settings.number(name) }
    /// All values of a repeated setting.
    public func texts(_ name: StaticString) -> [BorrowedText] { settings.texts(name) }

    private var settings: Settings {
        Settings(pointer.pointee.settings, count: pointer.pointee.setting_count)
    }
}
