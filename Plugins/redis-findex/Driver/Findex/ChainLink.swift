import PluginKit

/// Values in links: five blocks of 16 bytes each, a flag per block, a length before it.
package enum ChainLink {
    package static let size = 1 + blocks * (1 + blockSize)
    private static let blocks = 5
    private static let blockSize = 16
    private static let continues: UInt8 = 255

    /// A value that is added to a keyword or taken from it.
    package struct Change: Hashable, Sendable {
        package var isAddition: Bool
        /// A kind ("l" for a location) and what it names; two bytes at least.
        package var value: [UInt8]

        package init(isAddition: Bool, value: [UInt8]) {
            self.isAddition = isAddition
            self.value = value
        }

        /// The uid of an object.
        static func location(_ uid: [UInt8], isAddition: Bool) -> Change {
            Change(isAddition: isAddition, value: [UInt8(ascii: "l")] + uid)
        }
    }

    /// The links that hold these changes, in their order.
    package static func pack(_ changes: [Change]) -> [[UInt8]] {
        var all: [(isAddition: Bool, length: UInt8, data: ArraySlice<UInt8>)] = []
        for change in changes {
            var rest = change.value[...]
            while rest.count > blockSize {
                all.append((change.isAddition, continues, rest.prefix(blockSize)))
                rest = rest.dropFirst(blockSize)
            }
            all.append((change.isAddition, UInt8(rest.count), rest))
        }
        return stride(from: 0, to: all.count, by: blocks).map { start in
            var link: [UInt8] = [0]
            for (index, block) in all[start..<min(start + blocks, all.count)].enumerated() {
                if block.isAddition { link[0] |= 1 << UInt8(index) }
                link.append(block.length)
                link += block.data
                link += repeatElement(0, count: blockSize - block.data.count)
            }
            return link + repeatElement(0, count: size - link.count)
        }
    }

    /// Reads the links of a chain in their order.
    package struct Reader {
        private var partial: [UInt8] = []
        private var isAddition: Bool?
        /// What the additions and deletions leave.
        package private(set) var values: Set<[UInt8]> = []
        /// Values that were added or taken away, and links that said so.
        package private(set) var changes = 0
        package private(set) var links = 0

        private static let valueMax = 1 << 16

        package init() {}

        package mutating func read(_ link: [UInt8]) throws(DriverFailure) {
            guard link.count == size else { throw Chain.damaged("has another size") }
            links += 1
            for index in 0..<blocks {
                let start = 1 + index * (1 + blockSize)
                let length = link[start]
                let flag = link[0] & (1 << UInt8(index)) != 0
                if length == 0, !flag, partial.isEmpty { continue }  // padding
                let data = link[(start + 1)..<(start + 1 + blockSize)]
                guard isAddition == nil || isAddition == flag else {
                    throw Chain.damaged("mixes additions and deletions in one value")
                }
                isAddition = flag
                guard length == continues || Int(length) <= blockSize,
                    partial.count < Self.valueMax
                else { throw Chain.damaged("has a block of an impossible length") }
                partial += length == continues ? data : data.prefix(Int(length))
                if length != continues { finish(flag) }
            }
        }

        private mutating func finish(_ flag: Bool) {
            if flag {
                values.insert(partial)
            } else {
                values.remove(partial)
            }
            changes += 1
            partial = []
            isAddition = nil
        }

        /// The uids among the values.
        package var locations: [[UInt8]] {
            values.compactMap { value in
                value.first == UInt8(ascii: "l") && value.count >= 2
                    ? Array(value.dropFirst()) : nil
            }
        }
    }
}
