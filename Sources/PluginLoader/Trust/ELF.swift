/// The parts of an ELF file that loading and inspection look at. Every offset is checked against
/// the file's size before it is used.
struct ELF {
    struct Segment {
        enum Kind: UInt32 {
            case load = 1
            case dynamic = 2
            case stack = 0x6474_E551
            case relro = 0x6474_E552
        }
        var type: Kind?
        var flags: UInt32
        var offset: UInt64, address: UInt64, size: UInt64
    }

    struct Section {
        var type: UInt32, link: UInt32
        var offset: UInt64, size: UInt64, entrySize: UInt64
    }

    let segments: [Segment]
    private let sections: [Section]
    private let bytes: [UInt8]

    private enum SectionType { static let empty: UInt32 = 8, dynamicSymbols: UInt32 = 11 }

    /// Reads and checks the headers: a 64-bit shared object for this machine, all of it there.
    init(_ bytes: [UInt8]) throws(LibraryFacts.Malformed) {
        self.bytes = bytes
        guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
            throw LibraryFacts.Malformed(problem: "it is not an ELF file")
        }
        guard bytes.count >= 64 else {
            throw LibraryFacts.Malformed(problem: "it is truncated within its header")
        }
        guard bytes[4] == 2, bytes[5] == 1, Self.integer(bytes, 18, as: UInt16.self) == Self.machine
        else { throw LibraryFacts.Malformed(problem: "it was built for another machine") }
        guard Self.integer(bytes, 16, as: UInt16.self) == 3 else {
            throw LibraryFacts.Malformed(problem: "it is not a shared object")
        }
        segments = try Self.table(
            bytes, offsetAt: 32, entrySizeAt: 54, entrySize: 56, countAt: 56, what: "segments"
        ) { at in
            Segment(
                type: Segment.Kind(rawValue: Self.integer(bytes, at)),
                flags: Self.integer(bytes, at + 4), offset: Self.integer(bytes, at + 8),
                address: Self.integer(bytes, at + 16), size: Self.integer(bytes, at + 32))
        }
        sections = try Self.table(
            bytes, offsetAt: 40, entrySizeAt: 58, entrySize: 64, countAt: 60, what: "sections"
        ) { at in
            Section(
                type: Self.integer(bytes, at + 4), link: Self.integer(bytes, at + 40),
                offset: Self.integer(bytes, at + 24), size: Self.integer(bytes, at + 32),
                entrySize: Self.integer(bytes, at + 56))
        }
        let whole =
            segments.allSatisfy { isInside($0.offset, $0.size) }
            && sections.allSatisfy { $0.type == SectionType.empty || isInside($0.offset, $0.size) }
        guard whole else {
            throw LibraryFacts.Malformed(
                problem: "it is truncated: its headers speak of more bytes")
        }
        guard segments.contains(where: { $0.type == .load }) else {
            throw LibraryFacts.Malformed(problem: "it holds nothing to load")
        }
    }

    private static var machine: UInt16 {
        #if arch(x86_64)
            62
        #elseif arch(arm64)
            183
        #endif
    }

    // MARK: Dynamic section

    enum DynamicTag: UInt64 {
        case needed = 1
        case strings = 5
        case stringsSize = 10
        case textRelocations = 22
        case bindNow = 24
        case flags = 30
        case flags1 = 0x6FFF_FFFB
    }

    struct DynamicEntries {
        fileprivate var entries: [(tag: UInt64, value: UInt64)] = []

        func value(_ tag: DynamicTag) -> UInt64? {
            entries.first { $0.tag == tag.rawValue }?.value
        }
        func values(_ tag: DynamicTag) -> [UInt64] {
            entries.filter { $0.tag == tag.rawValue }.map(\.value)
        }
    }

    /// NUL-terminated strings of the file.
    struct Strings {
        fileprivate var bytes: ArraySlice<UInt8>

        func text(at offset: UInt64) -> String? {
            guard offset < UInt64(bytes.count) else { return nil }
            let text = bytes.dropFirst(Int(offset)).prefix { $0 != 0 }
            return String(validating: text, as: UTF8.self)
        }
    }

    func dynamicEntries() throws(LibraryFacts.Malformed) -> DynamicEntries {
        guard let segment = segments.first(where: { $0.type == .dynamic }) else {
            throw LibraryFacts.Malformed(problem: "it has no dynamic section")
        }
        var found = DynamicEntries()
        for index in 0..<Int(segment.size / 16) {
            let at = Int(segment.offset) + index * 16
            let tag: UInt64 = Self.integer(bytes, at)
            if tag == 0 { break }
            found.entries.append((tag, Self.integer(bytes, at + 8)))
        }
        return found
    }

    /// The table that dynamic entries point into. Its place is given as an address, which the
    /// segment that is loaded there turns into an offset.
    func dynamicStrings(_ dynamic: DynamicEntries) throws(LibraryFacts.Malformed) -> Strings {
        guard let address = dynamic.value(.strings), let size = dynamic.value(.stringsSize),
            let segment = segments.first(where: {
                $0.type == .load && address >= $0.address && address - $0.address < $0.size
            }), isInside(segment.offset + (address - segment.address), size)
        else { throw LibraryFacts.Malformed(problem: "its dynamic strings are out of place") }
        let start = Int(segment.offset + (address - segment.address))
        return Strings(bytes: bytes[start..<start + Int(size)])
    }

    /// Defined global and weak symbols of default visibility.
    func exports(_ strings: Strings) throws(LibraryFacts.Malformed) -> [String] {
        guard let table = sections.first(where: { $0.type == SectionType.dynamicSymbols }) else {
            throw LibraryFacts.Malformed(problem: "it has no table of dynamic symbols")
        }
        var names: [String] = []
        for index in 0..<Int(table.size / 24) {
            let at = Int(table.offset) + index * 24
            let binding = bytes[at + 4] >> 4
            let visibility = bytes[at + 5] & 3
            let section: UInt16 = Self.integer(bytes, at + 6)
            // Bindings: 1 global, 2 weak, 10 unique. Visibility: 0 default, 3 protected.
            // Section 0 is undefined; 0xFFF1 is absolute, which the names of versions are.
            guard section != 0, section != 0xFFF1, [1, 2, 10].contains(binding),
                [0, 3].contains(visibility)
            else { continue }
            let offset: UInt32 = Self.integer(bytes, at)
            if let name = strings.text(at: UInt64(offset)) { names.append(name) }
        }
        return names
    }

    // MARK: Bytes

    private static func table<Entry>(
        _ bytes: [UInt8], offsetAt: Int, entrySizeAt: Int, entrySize: Int, countAt: Int,
        what: String, _ entry: (Int) -> Entry
    ) throws(LibraryFacts.Malformed) -> [Entry] {
        let offset: UInt64 = integer(bytes, offsetAt)
        let count: UInt16 = integer(bytes, countAt)
        guard count > 0 else { return [] }
        guard integer(bytes, entrySizeAt, as: UInt16.self) == UInt16(entrySize) else {
            throw LibraryFacts.Malformed(problem: "the table of its \(what) is malformed")
        }
        let size = UInt64(count) * UInt64(entrySize)
        guard offset <= UInt64(bytes.count), size <= UInt64(bytes.count) - offset else {
            throw LibraryFacts.Malformed(
                problem: "it is truncated: the table of its \(what) is missing")
        }
        return (0..<Int(count)).map { entry(Int(offset) + $0 * entrySize) }
    }

    private func isInside(_ offset: UInt64, _ size: UInt64) -> Bool {
        offset <= UInt64(bytes.count) && size <= UInt64(bytes.count) - offset
    }

    /// Little-endian, as this machine is. The caller has checked that the bytes are there.
    private static func integer<Number: FixedWidthInteger>(
        _ bytes: [UInt8], _ offset: Int, as type: Number.Type = Number.self
    ) -> Number {
        var number: Number = 0
        for index in (0..<MemoryLayout<Number>.size).reversed() {
            number = number << 8 | Number(truncatingIfNeeded: bytes[offset + index])
        }
        return number
    }
}
