import CHiredis
import PluginKit

/// Commands as Redis reads them.
package enum CommandFormat {
    /// Adds a command to what is to be sent.
    package static func append(
        _ command: Command, to output: inout [UInt8]
    ) throws(DriverFailure) {
        // The library wants all arguments by pointer: they lie one behind the other in one array,
        // which does not change while the pointers are in use.
        let sizes = command.map(\.count)
        var joined: [UInt8] = []
        joined.reserveCapacity(sizes.reduce(1, +))
        for argument in command { joined += argument }
        defer { joined.wipe() }
        joined.append(0)  // so that there is an address, also of nothing
        var formatted: UnsafeMutablePointer<CChar>?
        let count = joined.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { buffer in
                var places: [UnsafePointer<CChar>?] = []
                places.reserveCapacity(sizes.count)
                var offset = 0
                for size in sizes {
                    places.append(buffer.baseAddress.map { $0 + offset })
                    offset += size
                }
                return redisFormatCommandArgv(
                    &formatted, Int32(truncatingIfNeeded: sizes.count), &places, sizes)
            }
        }
        guard count > 0, let formatted else { throw .outOfMemory }
        // `formatted` holds `count` bytes, ours to free.
        defer { redisFreeCommand(formatted) }
        let bytes = UnsafeMutableRawBufferPointer(start: formatted, count: Int(count))
        output.append(contentsOf: bytes)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)  // it may hold a password
    }
}
