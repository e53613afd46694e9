/// What an ELF shared object says about itself, read as bytes: nothing is opened or run.
///
/// The dynamic linker maps what the headers say. Where the file is shorter, the process dies of
/// SIGBUS inside `dlopen`, so a library that is not whole never gets that far.
///
/// Source: System V ABI, chapters 4 and 5 (64-bit objects); gABI `DT_FLAGS_1`.
public struct LibraryFacts: Sendable, Equatable {
    /// Defined symbols that other objects can see, sorted.
    public var exports: [String]
    /// The libraries that it needs, in order.
    public var needed: [String]
    /// Relocated data is read-only afterwards (`-z relro`).
    public var isRelocationReadOnly: Bool
    /// All symbols are resolved when it is loaded (`-z now`).
    public var bindsNow: Bool
    /// The stack is executable, or nothing says that it is not.
    public var hasExecutableStack: Bool
    /// The dynamic linker would have to write into code.
    public var hasTextRelocations: Bool

    /// A file that is no shared object for this machine, or not whole.
    public struct Malformed: Error, Equatable { public var problem: String }

    /// Reads a library of at most 512 MiB and checks who can write it, as loading does.
    public init(path: String) throws(PluginRefused) {
        let file = try TrustedFile(path: path, ancestry: .folder)
        try self.init(contents: try file.contents(limit: Self.sizeMax), path: file.path)
    }

    static let sizeMax = 512 * 1024 * 1024

    init(contents: [UInt8], path: String) throws(PluginRefused) {
        do {
            try self.init(contents)
        } catch {
            throw PluginRefused(library: path, reason: .notLibrary(problem: error.problem))
        }
    }

    package init(_ bytes: [UInt8]) throws(Malformed) {
        let image = try ELF(bytes)
        let dynamic = try image.dynamicEntries()
        let strings = try image.dynamicStrings(dynamic)
        let flags = dynamic.value(.flags) ?? 0
        exports = try image.exports(strings).sorted()
        needed = dynamic.values(.needed).compactMap { strings.text(at: $0) }
        isRelocationReadOnly = image.segments.contains { $0.type == .relro }
        bindsNow =
            dynamic.value(.bindNow) != nil || flags & 0x8 != 0
            || (dynamic.value(.flags1) ?? 0) & 0x1 != 0
        let stack = image.segments.first { $0.type == .stack }
        hasExecutableStack = (stack?.flags ?? 1) & 1 != 0
        hasTextRelocations = dynamic.value(.textRelocations) != nil || flags & 0x4 != 0
    }
}
