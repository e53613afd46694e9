import PluginKit

/// Walks over the keys of the database, some at a time.
struct Scan {
    let connection: RedisConnection

    private static let step = 1000

    /// All keys that match the pattern, in no order and none twice. Keys that are there throughout are
    /// found; what comes or goes meanwhile may be.
    func keys(_ pattern: [UInt8]) throws(DriverFailure) -> Set<[UInt8]> {
        var found: Set<[UInt8]> = []
        try walk(pattern, looks: .max) {
            found.formUnion($0)
            return true
        }
        return found
    }

    /// Calls `body` with some keys at a time, some of which may come twice.
    func forEach(
        _ pattern: [UInt8], _ body: ([[UInt8]]) throws(DriverFailure) -> Void
    ) throws(DriverFailure) {
        try walk(pattern, looks: .max) { (keys) throws(DriverFailure) in
            try body(keys)
            return true
        }
    }

    /// Whether some key matches, as far as so many looks tell.
    func finds(_ pattern: [UInt8], looks: Int) throws(DriverFailure) -> Bool {
        var isFound = false
        try walk(pattern, looks: looks) { keys in
            isFound = !keys.isEmpty
            return !isFound
        }
        return isFound
    }

    private func walk(
        _ pattern: [UInt8], looks: Int, _ body: ([[UInt8]]) throws(DriverFailure) -> Bool
    ) throws(DriverFailure) {
        var cursor = Array("0".utf8)
        var left = looks
        while left > 0 {
            left -= 1
            let reply = try connection.run([
                Array("SCAN".utf8), cursor, Array("MATCH".utf8), pattern, Array("COUNT".utf8),
                Array("\(Self.step)".utf8),
            ]).elements()
            guard reply.count == 2, let next = try reply[0].optionalBytes() else {
                throw RedisFailure.unexpected
            }
            var keys: [[UInt8]] = []
            for element in try reply[1].elements() {
                if let key = try element.optionalBytes() { keys.append(key) }
            }
            if !keys.isEmpty, !(try body(keys)) { return }
            cursor = next
            if cursor == Array("0".utf8) { return }
        }
    }
}
