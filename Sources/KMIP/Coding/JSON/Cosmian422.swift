import Secrets

/// The JSON dialect of Cosmian KMS 4.22, which the published Python client speaks.
///
/// All functions are pure and may be called from any thread. Source: wire format notes, sections 1.4, 2,
/// 3 and 5.2.
public enum Cosmian422 {
    /// Reads the body of a POST to `/kmip/2_1`.
    ///
    /// Key material goes straight into secure memory. The body itself still holds it: whoever owns the
    /// body overwrites it.
    ///
    /// - Throws: A ``Failure`` of kind `invalidRequest` for what is no JSON TTLV or is beyond the limits;
    ///   of kind `kmip` with the reason CodecError for a shape that does not fit the operation;
    ///   `unknownOperation` and `notSupported`.
    public static func decode(
        _ body: RawSpan, limits: DecodingLimits = DecodingLimits()
    ) throws(Failure) -> IncomingMessage {
        var reader = try JSONReader(body, limits: limits)
        let root = try reader.root()
        guard root == .cosmianMessage || root.requestOperation?.isAtRoot == true else {
            throw try refuse(&reader)
        }
        guard let operation = root.requestOperation else {
            let message = try reader.requestMessage(limits: limits)
            try reader.finish()
            return .batch(message)
        }
        let request = try reader.request(operation)
        try reader.finish()
        return .operation(request)
    }

    public static func decode(
        _ body: [UInt8], limits: DecodingLimits = DecodingLimits()
    ) throws(Failure) -> IncomingMessage { try decode(body.span.bytes, limits: limits) }

    /// An operation that there is none of. What is not well-formed is refused as such first.
    private static func refuse(_ reader: inout JSONReader) throws(Failure) -> Failure {
        let name = reader.itemName
        try reader.skip()
        try reader.finish()
        return Failure(.unknownOperation, .operationNotSupported, name)
    }

    /// Writes the answer to one operation.
    ///
    /// The result holds key material when the answer is an object: overwrite it after use.
    public static func encode(_ response: Response) -> [UInt8] {
        var writer = JSONWriter(capacity: sizeEstimate(of: response), isAnswer: true)
        writer.write(.response(response.operation), response)
        return writer.finish()
    }

    /// Writes the answer to a batch. As to key material see ``encode(_:)-(Response)``.
    public static func encode(_ message: ResponseMessage) -> [UInt8] {
        var size = 512
        for item in message.items {
            size += 256
            if case .success(let response) = item.result { size += sizeEstimate(of: response) }
        }
        var writer = JSONWriter(capacity: size, isAnswer: true)
        writer.write(message)
        return writer.finish()
    }

    /// Writes a request, for clients. The result of an Import holds key material: overwrite it.
    public static func encode(_ request: Request) -> [UInt8] {
        var writer = JSONWriter(capacity: sizeEstimate(of: request), isAnswer: false)
        writer.write(.request(request.operation), request)
        return writer.finish()
    }

    /// Writes a batch of requests, for clients.
    public static func encode(_ message: RequestMessage) -> [UInt8] {
        let size = message.items.reduce(512) { $0 + 256 + sizeEstimate(of: $1.request) }
        var writer = JSONWriter(capacity: size, isAnswer: false)
        writer.write(message)
        return writer.finish()
    }

    /// Reads the body of an answer with status 200, for clients.
    public static func decodeResponse(
        _ body: RawSpan, limits: DecodingLimits = DecodingLimits()
    ) throws(Failure) -> IncomingResponse {
        var reader = try JSONReader(body, limits: limits)
        let root = try reader.root()
        if let operation = root.responseOperation {
            let response = try reader.response(operation)
            try reader.finish()
            return .operation(response)
        }
        guard root == .cosmianMessage else { throw try refuse(&reader) }
        let message = try reader.responseMessage(limits: limits)
        try reader.finish()
        return .batch(message)
    }

    public static func decodeResponse(
        _ body: [UInt8], limits: DecodingLimits = DecodingLimits()
    ) throws(Failure) -> IncomingResponse { try decodeResponse(body.span.bytes, limits: limits) }

    // Estimates: too small costs a copy, too large some memory for a moment.

    private static func sizeEstimate(of response: Response) -> Int {
        switch response {
        case .encrypt(let response): 512 + 2 * (response.data?.count ?? 0)
        case .decrypt(let response): 384 + 2 * (response.data?.count ?? 0)
        case .get(let response), .export(let response): 3072 + sizeEstimate(of: response.object)
        case .locate(let response): 256 + 112 * response.uniqueIdentifiers.count
        case .getAttributes: 2048
        case .create, .identifier: 384
        }
    }

    private static func sizeEstimate(of request: Request) -> Int {
        switch request {
        case .encrypt(let request): 768 + 2 * (request.data?.count ?? 0)
        case .decrypt(let request): 768 + 2 * (request.data?.count ?? 0)
        case .import(let request): 3072 + sizeEstimate(of: request.object)
        default: 2048
        }
    }

    private static func sizeEstimate(of object: ManagedObject) -> Int {
        switch object {
        case .opaque(_, let value): 2 * value.count
        case .symmetricKey(let block), .secretData(_, let block):
            2 * (block.keyValue?.material.bytes.count ?? 0)
        }
    }
}

extension Operation {
    /// Whether a root item of the 4.22 dialect may name it: those that 4.22 has, with or without support
    /// here, and Activate, which is an extension.
    var isAtRoot: Bool {
        switch self {
        case .create, .get, .export, .import, .locate, .encrypt, .decrypt, .getAttributes,
            .setAttribute, .deleteAttribute, .reKey, .activate, .revoke, .destroy,
            .createKeyPair, .certify, .validate, .reKeyKeyPair:
            true
        default: false
        }
    }
}

extension Response {
    /// The operation that this is the answer to.
    public var operation: Operation {
        switch self {
        case .create: .create
        case .get: .get
        case .export: .export
        case .locate: .locate
        case .encrypt: .encrypt
        case .decrypt: .decrypt
        case .getAttributes: .getAttributes
        case .identifier(let operation, _): operation
        }
    }
}

/// What the body of an answer held: one operation's answer, or a batch of them.
public enum IncomingResponse: Sendable {
    case operation(Response)
    case batch(ResponseMessage)
}
