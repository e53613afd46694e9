// Hummingbird, collecting each body and answering bytes that were made before: `constant PORT`.
import Hummingbird
import Logging

/// An answer of the size and form of an Encrypt of 64 bytes.
let answer = """
    {"tag":"EncryptResponse","type":"Structure","value":[\
    {"tag":"UniqueIdentifier","type":"TextString","value":"24d89647-da64-4833-8996-47e7cbc80658"},\
    {"tag":"Data","type":"ByteString","value":"\(String(repeating: "E0777EB0", count: 16))"},\
    {"tag":"IvCounterNonce","type":"ByteString","value":"0CDAC8CE8DF63638AF8EF568"},\
    {"tag":"AuthenticatedEncryptionTag","type":"ByteString","value":"C3A743419E4F391FDD9E0D8CE7A72FA7"}]}
    """

guard CommandLine.arguments.count == 2, let port = Int(CommandLine.arguments[1]) else {
    fatalError("usage: constant PORT")
}
let body = ByteBuffer(string: answer)
let router = Router()
router.post("kmip/2_1") { request, _ in
    _ = try await request.body.collect(upTo: 1 << 20)
    return Response(
        status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: body))
}
var logger = Logger(label: "constant")
logger.logLevel = .error
try await Application(
    router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger
).runService()
