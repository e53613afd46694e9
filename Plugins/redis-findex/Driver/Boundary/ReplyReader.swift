import CHiredis
import PluginKit

/// Takes replies out of a stream of bytes, with limits on what a reply may be.
package final class ReplyReader {
    // Owned: freed in deinit. Used by one thread at a time, like the reader itself.
    private let reader: UnsafeMutablePointer<redisReader>
    /// Bytes that were fed since the last reply was complete.
    private var pending = 0
    private let bytesMax: Int

    package static let elementsMax: Int32 = 1_000_000
    package static let depthMax = 5

    /// The library's own functions, with a limit before the one that allocates by what it is told.
    private struct Functions: @unchecked Sendable {
        // Filled once, read by the library ever after; lives as long as the process.
        let table: UnsafeMutablePointer<redisReplyObjectFunctions>?

        init() {
            guard let sample = redisReaderCreate() else {
                table = nil
                return
            }
            defer { redisReaderFree(sample) }
            guard let original = sample.pointee.fn?.pointee else {
                table = nil
                return
            }
            let table = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 2)
            table.initialize(repeating: original, count: 2)
            table[0].createArray = { task, elements in
                // The library calls this with a task of its own, alive for the call.
                var depth = 0
                var parent = task?.pointee.parent
                while let above = parent {
                    depth += 1
                    parent = above.pointee.parent
                }
                guard (0...ReplyReader.elementsMax).contains(elements), depth < ReplyReader.depthMax
                else { return nil }
                return ReplyReader.functions.table?[1].createArray(task, elements)
            }
            self.table = table
        }
    }
    private static let functions = Functions()

    /// - Parameter bytesMax: The most that a reply may take.
    package init(bytesMax: Int = 512 << 20) throws(DriverFailure) {
        guard let table = ReplyReader.functions.table,
            let reader = redisReaderCreateWithFunctions(table)
        else { throw .outOfMemory }
        self.reader = reader
        self.bytesMax = bytesMax
    }

    deinit { redisReaderFree(reader) }

    /// Adds bytes that have arrived.
    package func feed(_ bytes: UnsafeRawBufferPointer) throws(DriverFailure) {
        pending += bytes.count
        guard pending <= bytesMax else { throw Self.malformed("a reply is too large") }
        let characters = bytes.bindMemory(to: CChar.self)
        // The library copies them.
        guard redisReaderFeed(reader, characters.baseAddress, characters.count) == REDIS_OK else {
            throw failure()
        }
    }

    /// The next reply; nil when it has not arrived yet.
    package func next() throws(DriverFailure) -> Reply? {
        var object: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &object) == REDIS_OK else { throw failure() }
        guard let object else { return nil }
        // A redisReply of the library's own functions, ours to free.
        defer { freeReplyObject(object) }
        pending = reader.pointee.len - reader.pointee.pos
        return Self.reply(object.assumingMemoryBound(to: redisReply.self))
    }

    private func failure() -> DriverFailure {
        let text = withUnsafeBytes(of: reader.pointee.errstr) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return Self.malformed(text)
    }

    private static func malformed(_ reason: String) -> DriverFailure {
        DriverFailure(
            .unavailable, "Redis: the answer cannot be understood: \(reason)", flags: .retryable)
    }

    /// A copy. Not deeper than `depthMax`, which `createArray` sees to.
    private static func reply(_ object: UnsafePointer<redisReply>) -> Reply {
        let bytes = UnsafeRawBufferPointer(
            start: object.pointee.str, count: object.pointee.str == nil ? 0 : object.pointee.len)
        switch object.pointee.type {
        case REDIS_REPLY_STRING: return .bytes(Array(bytes))
        case REDIS_REPLY_STATUS: return .status(String(decoding: bytes, as: UTF8.self))
        case REDIS_REPLY_ERROR: return .error(String(decoding: bytes, as: UTF8.self))
        case REDIS_REPLY_INTEGER: return .integer(object.pointee.integer)
        case REDIS_REPLY_ARRAY:
            return .array(
                (0..<object.pointee.elements).map { index in
                    // The library has filled all elements of a reply that is complete.
                    object.pointee.element?[index].map { reply($0) } ?? .none
                })
        default: return .none
        }
    }
}
