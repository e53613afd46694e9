import CPKCS11
import Glibc
import PluginKit

/// An attribute of an object, as it is sent.
struct Attribute: Sendable {
    enum Value: Sendable {
        case flag(Bool)
        case number(UInt)
        case bytes([UInt8])
    }

    let type: UInt
    let value: Value

    init(_ type: UInt, _ value: Value) {
        self.type = type
        self.value = value
    }

    static func flag(_ type: UInt, _ isSet: Bool = true) -> Attribute {
        Attribute(type, .flag(isSet))
    }

    fileprivate var size: Int {
        switch value {
        case .flag: 1
        case .number: MemoryLayout<CK_ULONG>.size
        case .bytes(let bytes): bytes.count
        }
    }
}

extension [Attribute] {
    /// Calls `body` with the attributes as the standard wants them.
    ///
    /// One block holds the array and every value and is freed after the call: no pointer in it is
    /// to a temporary that an optimiser may have ended before the library reads it.
    func withTemplate<R, E: Error>(
        _ body: (UnsafeMutablePointer<CK_ATTRIBUTE>, CK_ULONG) throws(E) -> R
    ) throws(E) -> R {
        let stride = MemoryLayout<CK_ATTRIBUTE>.stride
        let values = reduce(0) { $0 + (($1.size + 7) & ~7) }
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: Swift.max(count * stride + values, stride),
            alignment: MemoryLayout<CK_ATTRIBUTE>.alignment)
        defer { block.deallocate() }
        let items = block.bindMemory(to: CK_ATTRIBUTE.self, capacity: count)
        var place = block + count * stride
        for (index, attribute) in enumerated() {
            attribute.store(at: place)
            (items + index).initialize(
                to: CK_ATTRIBUTE(
                    type: attribute.type, pValue: place, ulValueLen: CK_ULONG(attribute.size)))
            place += (attribute.size + 7) & ~7
        }
        return try body(items, CK_ULONG(count))
    }
}

extension Attribute {
    /// Writes the value to memory that has room for it and is aligned for a number.
    fileprivate func store(at place: UnsafeMutableRawPointer) {
        switch value {
        case .flag(let isSet): place.storeBytes(of: isSet ? 1 : 0, as: UInt8.self)
        case .number(let number): place.storeBytes(of: number, as: CK_ULONG.self)
        case .bytes(let bytes):
            bytes.withUnsafeBytes { source in
                if let from = source.baseAddress {
                    place.copyMemory(from: from, byteCount: source.count)
                }
            }
        }
    }
}

/// Attributes of an object, as they were read: one block, zeroed in the end.
struct ReadAttributes: Sendable {
    private let block: SecretBuffer
    /// Where each value lies; nil where the token does not tell it.
    private let places: [UInt: Range<Int>]
    /// Whether one of them was withheld as sensitive.
    let isWithheld: Bool

    fileprivate init(_ block: SecretBuffer, _ places: [UInt: Range<Int>], isWithheld: Bool) {
        self.block = block
        self.places = places
        self.isWithheld = isWithheld
    }

    func has(_ type: UInt) -> Bool { places[type] != nil }

    /// The bytes of a value, none when it is missing, valid during `body` only.
    func withBytes<R, E: Error>(
        _ type: UInt, _ body: (BorrowedBytes) throws(E) -> R
    ) throws(E) -> R {
        guard let place = places[type] else { return try body(BorrowedBytes()) }
        return try block.withBytes { (bytes) throws(E) in try body(bytes.slice(place)) }
    }

    func bytes(_ type: UInt) -> [UInt8] { withBytes(type) { Array($0) } }

    func number(_ type: UInt) -> UInt? {
        withBytes(type) { bytes in
            guard bytes.count == MemoryLayout<CK_ULONG>.size else { return nil }
            return UInt(bytes.word(at: 0))
        }
    }

    func flag(_ type: UInt) -> Bool? { withBytes(type) { $0.first.map { $0 != 0 } } }
}

extension Session {
    /// What a value may be long at most before it is asked for by its size, and at all.
    private static let guess = 1024
    private static let sizeMax = 1 << 20

    /// Reads attributes; what the object does not have, or keeps to itself, is missing.
    func read(
        _ types: [UInt], of object: CK_OBJECT_HANDLE
    ) throws(TokenFailure) -> ReadAttributes {
        let guessed = try read(types, sizes: types.map { _ in Self.guess }, of: object)
        if guessed.code != .bufferTooSmall { return guessed.values }
        // Some value is longer: the lengths first.
        var template = types.map { CK_ATTRIBUTE(type: $0, pValue: nil, ulValueLen: 0) }
        let code = getAttributeValue(object, &template)
        try Self.checkRead(code)
        let sizes = template.map { Self.length($0) ?? 0 }
        guard sizes.allSatisfy({ $0 <= Self.sizeMax }) else {
            throw TokenFailure(.generalError, in: "C_GetAttributeValue")
        }
        let read = try read(types, sizes: sizes, of: object)
        try Self.checkRead(read.code)
        return read.values
    }

    /// The same for a token that fails altogether where one attribute is broken: then they are
    /// asked for one by one, and what cannot be read is missing.
    func readWhatCanBe(
        _ types: [UInt], of object: CK_OBJECT_HANDLE
    ) throws(TokenFailure) -> ReadAttributes {
        do throws(TokenFailure) {
            return try read(types, of: object)
        } catch {
            guard error.code.remedy == .again else { throw error }
            var readable: [UInt] = []
            for type in types {
                do throws(TokenFailure) {
                    _ = try read([type], of: object)
                    readable.append(type)
                } catch  where error.code.remedy == .again {
                    continue
                }
            }
            // All of them: that is not the object but the device.
            guard !readable.isEmpty else { throw error }
            return try read(readable, of: object)
        }
    }

    private func read(
        _ types: [UInt], sizes: [Int], of object: CK_OBJECT_HANDLE
    ) throws(TokenFailure) -> (code: ReturnValue, values: ReadAttributes) {
        let block = try SecretBuffer(count: sizes.reduce(0) { $0 + (($1 + 7) & ~7) })
        var template: [CK_ATTRIBUTE] = []
        var offsets: [Int] = []
        var offset = 0
        for (type, size) in zip(types, sizes) {
            // Within the block, which `read` keeps until the values were taken.
            template.append(
                CK_ATTRIBUTE(
                    type: type, pValue: block.base + offset, ulValueLen: CK_ULONG(size)))
            offsets.append(offset)
            offset += (size + 7) & ~7
        }
        let code = getAttributeValue(object, &template)
        if code != .bufferTooSmall { try Self.checkRead(code) }
        var places: [UInt: Range<Int>] = [:]
        for (index, item) in template.enumerated() {
            // A length that is "not available", or more than was offered, is no length.
            guard let length = Self.length(item), length <= sizes[index] else { continue }
            places[types[index]] = offsets[index]..<offsets[index] + length
        }
        return (
            code, ReadAttributes(block, places, isWithheld: code == .attributeSensitive)
        )
    }

    /// The codes with which the attributes that can be read are there all the same.
    private static func checkRead(_ code: ReturnValue) throws(TokenFailure) {
        guard code == .ok || code == .attributeSensitive || code == .attributeTypeInvalid else {
            throw TokenFailure(code, in: "C_GetAttributeValue")
        }
    }

    private static func length(_ item: CK_ATTRIBUTE) -> Int? {
        item.ulValueLen == CK_ULONG.max ? nil : Int(exactly: item.ulValueLen)
    }
}
