/// What the audit log says of one event. Holds names and outcomes; never keys, data or ciphertext.
package struct AuditRecord: Sendable {
    /// What happened: an operation, `Authenticate`, `Start`, `Stop`, `Recover`.
    var operation: String
    var user = ""
    var credential = ""
    var address = ""
    var request = ""
    var trace = ""
    /// Identifiers of the objects that were let through the gate, or that were asked for.
    var objects: [String] = []
    /// `Success`, or a reason of KMIP.
    var result: String
    /// Why, in words, where that is more than the result; numbers of what was lost.
    var detail = ""

    /// Bytes of one value, and values of one list: what a client sends does not make a line longer.
    private static let textSizeMax = 300
    private static let objectCountMax = 20

    init(_ operation: String, result: String = "Success") {
        self.operation = operation
        self.result = result
    }

    /// The members of the line, with a comma before each.
    func encoded(at time: String, server: String) -> [UInt8] {
        var bytes: [UInt8] = []
        func add(_ key: String, _ value: String) {
            bytes += Array(",\"\(key)\":".utf8) + Self.text(value)
        }
        add("time", time)
        add("server", server)
        add("operation", operation)
        for (key, value) in [
            ("user", user), ("credential", credential), ("address", address), ("request", request),
            ("trace", trace),
        ] where !value.isEmpty { add(key, value) }
        if !objects.isEmpty {
            bytes += Array(",\"objects\":[".utf8)
            for (at, object) in objects.prefix(Self.objectCountMax).enumerated() {
                if at > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes += Self.text(object)
            }
            bytes.append(UInt8(ascii: "]"))
            if objects.count > Self.objectCountMax {
                bytes += Array(",\"objects_count\":\(objects.count)".utf8)
            }
        }
        add("result", result)
        if !detail.isEmpty { add("detail", detail) }
        return bytes
    }

    /// A JSON text of printable ASCII alone: whatever splits the file into lines, or shows them, finds
    /// no others than ours. Long values are cut.
    private static func text(_ value: String) -> [UInt8] {
        var bytes = [UInt8(ascii: "\"")]
        for unit in value.utf16 {
            guard bytes.count < textSizeMax else {
                bytes += Array("...".utf8)
                break
            }
            switch unit {
            case 0x22, 0x5C: bytes += [UInt8(ascii: "\\"), UInt8(unit)]
            case 0x20...0x7E: bytes.append(UInt8(unit))
            default:
                let digits = String(unit, radix: 16)
                bytes += Array("\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        return bytes
    }
}

extension Credential {
    /// As the audit log names it.
    var auditText: String {
        switch self {
        case .none: "none"
        case .certificate(let serial): "certificate \(serial)"
        case .token(let id): "token \(id)"
        case .signedToken(let issuer, let id): "jwt \(issuer) \(id)"
        }
    }
}
