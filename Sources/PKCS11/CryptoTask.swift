import CPKCS11
import PluginKit

/// One operation on copies of what the host lent, so that it may outlive the call.
struct CryptoTask: Sendable {
    let operation: CryptoOperation
    let mechanism: Mechanism
    let key: [UInt8]
    let input: SecretBuffer
    /// On encryption: made already when the host left the choice.
    let iv: [UInt8]
    let aad: [UInt8], tag: [UInt8]
    let signature: SecretBuffer
    let target: KeySpecification?

    static let gcmTag = 16
    static let block = 16
    private static let gcmIV = 12

    /// Nil for what this version does not know.
    init?(_ request: CryptoRequest, _ host: Host) throws(Trouble) {
        guard let operation = request.operation, let mechanism = request.mechanism else {
            return nil
        }
        self.operation = operation
        self.mechanism = mechanism
        key = Array(request.key)
        do {
            input = try SecretBuffer(copying: request.input)
            signature = try SecretBuffer(copying: request.signature)
        } catch {
            throw .item(error)
        }
        if operation == .encrypt, request.iv.isEmpty, let size = Self.ivSize(mechanism) {
            iv = try inTrouble { () throws(DriverFailure) in try host.random(size) }
        } else {
            iv = Array(request.iv)
        }
        aad = Array(request.aad)
        tag = Array(request.tag)
        target = request.target.map(KeySpecification.init)
    }

    private static func ivSize(_ mechanism: Mechanism) -> Int? {
        switch mechanism {
        case .aesGCM: gcmIV
        case .aesCBC, .aesCBCPad: block
        default: nil
        }
    }

    /// Whether it changes what is on the token.
    var makesKey: Bool { operation == .unwrap }
}

/// What came of one operation.
struct CryptoOutcome: Sendable {
    var status: Status
    var nativeCode: UInt32 = 0
    var output: SecretBuffer?
    var iv: [UInt8] = []
    /// Bytes at the end of the output that are the tag.
    var tagSize = 0

    init(_ output: SecretBuffer?, iv: [UInt8] = [], tagSize: Int = 0) {
        status = .ok
        self.output = output
        self.iv = iv
        self.tagSize = tagSize
    }

    init(_ status: Status, nativeCode: UInt32 = 0) {
        self.status = status
        self.nativeCode = nativeCode
    }

    init(_ trouble: Trouble) {
        self.init(trouble.status, nativeCode: trouble.nativeCode)
    }

    /// Copies it into the host's result.
    func put(_ position: Int, into results: inout CryptoResults) throws(DriverFailure) {
        guard let output else {
            return try results.set(position, status, nativeCode: nativeCode)
        }
        try output.withBytes { (bytes) throws(DriverFailure) in
            let end = bytes.count - tagSize
            try iv.withBorrowedBytes { (iv) throws(DriverFailure) in
                try results.set(
                    position, status, output: bytes.slice(0..<end), iv: iv,
                    tag: bytes.slice(end..<bytes.count))
            }
        }
    }
}
