import FoundationEssentials
import Hummingbird
import KMIP
import Logging
import NIOCore
import PluginLoader

/// `/access/...`: rights on objects, as plain JSON. Source: wire format notes, "Access right bodies".
struct AccessRoutes: Sendable {
    let service: Service

    private static let bodySizeMax = 64 * 1024

    /// The body of grant and revoke.
    private struct ChangeBody: Decodable {
        var unique_identifier: String?
        var user_id: String
        var operation_types: [String]
    }

    private struct UserRights: Encodable {
        var user_id: String
        var operations: [String]
    }

    private struct ObtainedRights: Encodable {
        var object_id: String
        var owner_id: String
        var state: String
        var operations: [String]
    }

    func grant(_ request: Hummingbird.Request, _ context: KMSRequestContext) async throws
        -> Hummingbird.Response
    {
        let (change, refusal) = try await change(from: request)
        guard let change else { return refusal }
        return try await answer(
            context, "Grant", change.uid, detail: change.auditDetail
        ) { rights throws(Failure) in
            try await rights.grant(change)
            return Self.success("Access for \(change.user) successfully added")
        }
    }

    func revoke(_ request: Hummingbird.Request, _ context: KMSRequestContext) async throws
        -> Hummingbird.Response
    {
        let (change, refusal) = try await change(from: request)
        guard let change else { return refusal }
        return try await answer(
            context, "RevokeGrant", change.uid, detail: change.auditDetail
        ) { rights throws(Failure) in
            try await rights.revoke(change)
            return Self.success("Access for \(change.user) successfully deleted")
        }
    }

    func list(_ request: Hummingbird.Request, _ context: KMSRequestContext) async throws
        -> Hummingbird.Response
    {
        guard let uid = String(decodingPathSegment: try context.parameters.require("id")) else {
            return Answer.text("the identifier in the path is not UTF-8 text", status: .badRequest)
        }
        return try await answer(context, "ListGrants", uid) { rights throws(Failure) in
            Self.encode(
                try await rights.list(uid).map {
                    UserRights(
                        user_id: $0.user, operations: Rights(rawValue: $0.rights).namesHeld)
                })
        }
    }

    func obtained(_ request: Hummingbird.Request, _ context: KMSRequestContext) async throws
        -> Hummingbird.Response
    {
        try await answer(context, "ListObtained") { rights throws(Failure) in
            Self.encode(
                try await rights.obtained().map {
                    ObtainedRights(
                        object_id: $0.uid, owner_id: $0.owner,
                        state: Cosmian422.name(of: State(rawValue: $0.state)),
                        operations: Rights(rawValue: $0.rights).namesHeld)
                })
        }
    }

    private func answer(
        _ context: KMSRequestContext, _ name: String, _ subject: String? = nil,
        detail: String = "",
        _ body: (GrantedRights) async throws(Failure) -> [UInt8]
    ) async throws -> Hummingbird.Response {
        let operation = try service.context(for: context)
        do throws(Failure) {
            return Answer.json(
                try await operation.audited(name, subject, detail: detail) { () throws(Failure) in
                    try await body(GrantedRights(operation))
                })
        } catch {
            service.log(error, in: context)
            return Answer.failure(error)
        }
    }

    /// The change that the body asks for, or the answer that says what is wrong with it.
    private func change(
        from request: Hummingbird.Request
    ) async throws -> (GrantedRights.Change?, refusal: Hummingbird.Response) {
        guard request.headers[.contentType]?.hasPrefix("application/json") == true else {
            return (nil, Answer.text("the Content-Type must be application/json", status: .badRequest))
        }
        let buffer = try await request.body.collect(upTo: Self.bodySizeMax)
        let body: ChangeBody
        do {
            body = try JSONDecoder().decode(ChangeBody.self, from: Data(buffer.readableBytesView))
        } catch {
            return (
                nil,
                Answer.text(
                    "the body must be a JSON object with unique_identifier, user_id and operation_types",
                    status: .badRequest)
            )
        }
        guard let uid = body.unique_identifier else {
            return (
                nil,
                Answer.failure(
                    Failure(
                        .unsupportedPlaceholder, .invalidField,
                        "the unique_identifier is missing; placeholders are not supported"))
            )
        }
        var rights: Rights = []
        for name in body.operation_types {
            guard let right = Rights(name: name) else {
                let known = Rights.names.map(\.name).joined(separator: ", ")
                return (
                    nil,
                    Answer.text(
                        "operation_types: \(name) is none of \(known)", status: .badRequest)
                )
            }
            rights.insert(right)
        }
        return (.init(uid: uid, user: body.user_id, rights: rights), Answer.json([]))
    }

    private static func success(_ text: String) -> [UInt8] { encode(["success": text]) }

    private static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        // Encoding strings and arrays of them cannot fail.
        return (try? encoder.encode(value)).map(Array.init) ?? Array("[]".utf8)
    }
}
