import HTTPTypes
import Hummingbird
import KMIP
import NIOCore
import Secrets

/// HTTP answers in the form of 4.22. Source: wire format notes, "HTTP surface".
enum Answer {
    static let json: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]

    /// The text of an error may repeat parts of the request: the policy keeps a browser from
    /// making anything of it.
    private static let errorText: HTTPFields = [
        .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
        .contentSecurityPolicy: "default-src 'none'; sandbox",
        .xContentTypeOptions: "nosniff",
    ]

    /// A JSON body. The bytes may hold key material: they are zeroed once they are copied into the
    /// buffer of the connection.
    static func json(_ bytes: consuming [UInt8], status: HTTPResponse.Status = .ok) -> Hummingbird.Response {
        var bytes = consume bytes
        let buffer = ByteBuffer(bytes: bytes)
        bytes.zeroize()
        return Hummingbird.Response(
            status: status, headers: json, body: ResponseBody(byteBuffer: buffer))
    }

    static func failure(_ failure: Failure) -> Hummingbird.Response {
        var headers = errorText
        if failure.kind == .unavailable { headers[.retryAfter] = "1" }
        return Hummingbird.Response(
            status: .init(code: Cosmian422.httpStatus(of: failure)), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: Cosmian422.errorText(of: failure))))
    }

    /// The same for whatever was wrong, as 4.22 has it: without a body.
    static var unauthorized: Hummingbird.Response {
        Hummingbird.Response(
            status: .unauthorized, headers: [.wwwAuthenticate: "Bearer", .cacheControl: "no-store"])
    }

    static func text(_ text: String, status: HTTPResponse.Status) -> Hummingbird.Response {
        Hummingbird.Response(
            status: status, headers: errorText,
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
