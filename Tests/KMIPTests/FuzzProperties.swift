import KMIP
import Secrets

/// What must hold for any bytes whatever: nothing crashes, and what is accepted comes back from its own
/// encoding. Shared by the tests and by the target for libFuzzer.
enum FuzzProperty: String, CaseIterable {
    case requests, answers, storage
    case plainJSON = "plain-json"
    case cosmianStored = "cosmian-stored"

    /// A property that does not hold, in words.
    struct Broken: Error { var text: String }

    /// - Returns: Whether the input was accepted.
    func check(_ input: [UInt8]) throws(Broken) -> Bool {
        do throws(Failure) {
            let verdict =
                switch self {
                case .requests: try FuzzProperty.checkRequest(input)
                case .answers: try FuzzProperty.checkAnswer(input)
                case .storage: try FuzzProperty.checkStored(input)
                case .plainJSON: try FuzzProperty.checkPlainJSON(input)
                case .cosmianStored: try FuzzProperty.checkCosmianStored(input)
                }
            if let verdict { throw Failure(.unexpected, .generalFailure, verdict) }
            return true
        } catch {
            if error.kind == .unexpected { throw Broken(text: error.message) }
            // The message goes into logs and to clients.
            guard error.message.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
                throw Broken(text: "a failure's message is not printable ASCII")
            }
            return false
        }
    }

    // Each throws when the input is refused, and returns what is wrong with an accepted one.

    private static func checkRequest(_ input: [UInt8]) throws(Failure) -> String? {
        let message = try Cosmian422.decode(input)
        let body = encode(message)
        do throws(Failure) {
            let again = try Cosmian422.decode(body)
            guard "\(again)" == "\(message)" else { return "a request changed" }
            return encode(again) == body ? nil : "a request's encoding changed"
        } catch {
            return "an encoded request was refused: \(error.message)"
        }
    }

    private static func encode(_ message: IncomingMessage) -> [UInt8] {
        switch message {
        case .operation(let request): Cosmian422.encode(request)
        case .batch(let message): Cosmian422.encode(message)
        }
    }

    private static func checkAnswer(_ input: [UInt8]) throws(Failure) -> String? {
        let message = try Cosmian422.decodeResponse(input)
        let body = encode(message)
        do throws(Failure) {
            let again = try Cosmian422.decodeResponse(body)
            return encode(again) == body ? nil : "an answer's encoding changed"
        } catch {
            return "an encoded answer was refused: \(error.message)"
        }
    }

    private static func encode(_ message: IncomingResponse) -> [UInt8] {
        switch message {
        case .operation(let response): Cosmian422.encode(response)
        case .batch(let message): Cosmian422.encode(message)
        }
    }

    private static func checkStored(_ input: [UInt8]) throws(Failure) -> String? {
        do throws(Failure) {
            let object = try StorageCoding.decodeObject(input.span.bytes)
            let stored = try StorageCoding.encode(object)
            let again = try stored.withExposedBytes { (bytes) throws(Failure) in
                try StorageCoding.decodeObject(bytes)
            }
            return try StorageCoding.encode(again).isEqual(to: stored) ? nil : "an object changed"
        } catch {}
        let attributes = try StorageCoding.decodeAttributes(input.span.bytes)
        do throws(Failure) {
            let again = try StorageCoding.decodeAttributes(
                StorageCoding.encode(attributes).span.bytes)
            return again == attributes ? nil : "attributes changed"
        } catch {
            return "encoded attributes were refused: \(error.message)"
        }
    }

    private static func checkPlainJSON(_ input: [UInt8]) throws(Failure) -> String? {
        if let tags = Cosmian422.tags(fromJSON: input),
            Cosmian422.tags(fromJSON: Cosmian422.json(ofTags: tags)) != tags
        {
            return "tags changed"
        }
        let value = try Cosmian422.keyValue(fromPlainJSON: SecretBytes(copying: input))
        let json = try Cosmian422.plainJSON(value)
        do throws(Failure) {
            let again = try Cosmian422.keyValue(fromPlainJSON: json)
            return try Cosmian422.plainJSON(again).isEqual(to: json) ? nil : "a key value changed"
        } catch {
            return "an encoded key value was refused: \(error.message)"
        }
    }

    /// What is read from the database of the other system becomes an object of ours.
    private static func checkCosmianStored(_ input: [UInt8]) throws(Failure) -> String? {
        if let attributes = try? Cosmian422.storedAttributes(input.span.bytes) {
            return try checkStored(StorageCoding.encode(attributes))
        }
        let stored = try Cosmian422.StoredObject(input.span.bytes)
        let object = try stored.object()
        return try StorageCoding.encode(object).withExposedBytes { (bytes) throws(Failure) in
            _ = try StorageCoding.decodeObject(bytes)
            return nil
        }
    }
}
