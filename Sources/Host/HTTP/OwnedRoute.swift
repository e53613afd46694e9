import Hummingbird
import KMIP
import NIOCore
import PluginLoader

/// `GET /access/owned` and `/objects/owned`: everything the caller owns, in every state.
struct OwnedRoute: Sendable {
    let service: Service

    func handle(
        _ request: Hummingbird.Request, _ context: KMSRequestContext
    ) async throws -> Hummingbird.Response {
        let operation = try service.context(for: context)
        var query = Query(
            filter: nil, parts: .attributes, who: [operation.principal.name], scope: .owned)
        let first: ObjectPage
        do throws(Failure) {
            first = try await operation.audited("ListOwned") { () throws(Failure) in
                try await operation.store.query(query, deadline: operation.deadline)
            }
        } catch {
            service.log(error, in: context)
            return Answer.failure(error)
        }
        query.cursor = first.cursor
        let next = query
        // The first page decides about success; the others are written as they come, so that the
        // memory needed does not grow with the number of objects.
        let body = ResponseBody { writer in
            var page = first
            var query = next
            var text: [UInt8] = [UInt8(ascii: "[")]
            var isFirst = true
            while true {
                for object in page.objects where object.status == .ok && !IssuedToken.isUID(object.uid) {
                    if !isFirst { text.append(UInt8(ascii: ",")) }
                    isFirst = false
                    try Self.append(object, to: &text)
                }
                if query.cursor.isEmpty { break }
                try await writer.write(ByteBuffer(bytes: text))
                text = []
                page = try await operation.store.query(query, deadline: operation.deadline)
                query.cursor = page.cursor
            }
            text.append(UInt8(ascii: "]"))
            try await writer.write(ByteBuffer(bytes: text))
            try await writer.finish(nil)
        }
        return Hummingbird.Response(status: .ok, headers: Answer.json, body: body)
    }

    private static func append(_ object: ObjectRecord, to text: inout [UInt8]) throws {
        let attributes = try StorageCoding.decodeAttributes(object.attributes.span.bytes)
        text += Array("{\"object_id\":".utf8)
        text += Cosmian422.jsonString(object.uid)
        text += Array(",\"state\":".utf8)
        text += Cosmian422.jsonString(Cosmian422.name(of: State(rawValue: object.state)))
        text += Array(",\"attributes\":".utf8)
        text += Cosmian422.plainJSON(attributes)
        text.append(UInt8(ascii: "}"))
    }
}
