import CPKCS11

/// A mechanism with its parameters.
struct TokenMechanism: Sendable {
    enum Parameters: Sendable {
        case none
        case iv([UInt8])
        case gcm(iv: [UInt8], aad: [UInt8], tagBits: UInt)
        case oaep(hash: UInt, mask: UInt)
        case pss(hash: UInt, mask: UInt, saltLength: UInt)
    }

    var type: UInt
    var parameters = Parameters.none

    init(_ type: UInt, _ parameters: Parameters = .none) {
        self.type = type
        self.parameters = parameters
    }

    /// Calls `body` with the mechanism as the standard wants it: one block holds the struct, its
    /// parameters and what they point to, and is freed after the call.
    func withMechanism<R, E: Error>(
        _ body: (UnsafeMutablePointer<CK_MECHANISM>) throws(E) -> R
    ) throws(E) -> R {
        let head = MemoryLayout<CK_MECHANISM>.stride
        let tail: (iv: [UInt8], aad: [UInt8])
        let size: Int
        switch parameters {
        case .none: (tail, size) = (([], []), 0)
        case .iv(let iv): (tail, size) = ((iv, []), iv.count)
        case .gcm(let iv, let aad, _): (tail, size) = ((iv, aad), MemoryLayout<CK_GCM_PARAMS>.size)
        case .oaep: (tail, size) = (([], []), MemoryLayout<CK_RSA_PKCS_OAEP_PARAMS>.size)
        case .pss: (tail, size) = (([], []), MemoryLayout<CK_RSA_PKCS_PSS_PARAMS>.size)
        }
        // 64: the longest parameters; then the bytes that they point to, never at NULL.
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: head + 64 + tail.iv.count + tail.aad.count + 1, alignment: 8)
        defer { block.deallocate() }
        let at = block + head
        let iv = (at + 64).bindMemory(to: UInt8.self, capacity: tail.iv.count + 1)
        let aad = (at + 64 + tail.iv.count).assumingMemoryBound(to: UInt8.self)
        iv.initialize(repeating: 0, count: tail.iv.count + tail.aad.count + 1)
        for (index, byte) in tail.iv.enumerated() { iv[index] = byte }
        for (index, byte) in tail.aad.enumerated() { aad[index] = byte }
        var parameter: UnsafeMutableRawPointer? = at
        switch parameters {
        case .none: parameter = nil
        case .iv: parameter = UnsafeMutableRawPointer(iv)
        case .gcm(let ivBytes, let aadBytes, let tagBits):
            at.initializeMemory(
                as: CK_GCM_PARAMS.self,
                to: CK_GCM_PARAMS(
                    pIv: iv, ulIvLen: CK_ULONG(ivBytes.count),
                    ulIvBits: CK_ULONG(ivBytes.count * 8), pAAD: aad,
                    ulAADLen: CK_ULONG(aadBytes.count), ulTagBits: tagBits))
        case .oaep(let hash, let mask):
            at.initializeMemory(
                as: CK_RSA_PKCS_OAEP_PARAMS.self,
                to: CK_RSA_PKCS_OAEP_PARAMS(
                    hashAlg: hash, mgf: mask, source: Self.dataSpecified, pSourceData: nil,
                    ulSourceDataLen: 0))
        case .pss(let hash, let mask, let saltLength):
            at.initializeMemory(
                as: CK_RSA_PKCS_PSS_PARAMS.self,
                to: CK_RSA_PKCS_PSS_PARAMS(hashAlg: hash, mgf: mask, sLen: saltLength))
        }
        let mechanism = block.bindMemory(to: CK_MECHANISM.self, capacity: 1)
        mechanism.initialize(
            to: CK_MECHANISM(
                mechanism: type, pParameter: parameter, ulParameterLen: CK_ULONG(size)))
        return try body(mechanism)
    }

    /// `CKZ_DATA_SPECIFIED`.
    private static let dataSpecified: UInt = 1
}
