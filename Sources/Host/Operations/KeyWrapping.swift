import Cryptography
import KMIP
import PluginLoader
import Secrets

extension Gate {
    /// The key that a wrapping specification names, ready to wrap for the caller.
    func wrappingKey(
        _ information: KeyInformation?, in context: OperationContext
    ) async throws(Failure) -> AuthorizedObject {
        try await keyToWrapWith(information, [.encrypt, .get], .wrapKey, in: context)
    }

    /// The key that a wrapped key was wrapped with, ready to unwrap for the caller.
    func unwrappingKey(
        for wrapping: KeyWrappingData, in context: OperationContext
    ) async throws(Failure) -> AuthorizedObject {
        try await keyToWrapWith(
            wrapping.encryptionKeyInformation, [.decrypt, .get], .unwrapKey, in: context)
    }

    private func keyToWrapWith(
        _ information: KeyInformation?, _ rights: Rights, _ usage: UsageMask,
        in context: OperationContext
    ) async throws(Failure) -> AuthorizedObject {
        guard let uid = information?.uniqueIdentifier.text else {
            throw Failure(
                .notSupported, .wrappingObjectNotFound,
                "the wrapping key must be named by the UniqueIdentifier of EncryptionKeyInformation")
        }
        let admission = try await object(
            uid, Requirement(anyOf: rights, states: [.active]), in: context)
        // Absent, forbidden and inactive are one answer.
        guard case .success(let key) = admission else {
            throw Failure(
                .notSupported, .wrappingObjectNotFound,
                "the wrapping key \(uid) does not exist, is not active, or is not permitted to "
                    + context.principal.name)
        }
        guard case .symmetricKey(let block)? = key.content.object else {
            throw Failure(
                .notSupported, .invalidObjectType, "the wrapping key \(uid) is not a symmetric key")
        }
        guard key.allows(usage) else {
            throw Failure(
                .notSupported, .incompatibleCryptographicUsageMask,
                "the usage mask of the wrapping key \(uid) does not allow it")
        }
        guard block.keyWrappingData == nil else {
            throw Failure(
                .unexpected, .illegalObjectType,
                "the wrapping key \(uid) is itself stored wrapped, which is not supported")
        }
        return key
    }
}

extension AuthorizedObject {
    /// Whether the usage mask has the bit, or is unrestricted. A missing mask allows nothing.
    func allows(_ usage: UsageMask) -> Bool {
        guard let mask = attributes.cryptographicUsageMask else { return false }
        return mask.contains(usage) || mask.contains(.unrestricted)
    }
}

/// Wrapping of keys by symmetric keys. Source: wire format notes, "Wrapping on Get/Export" and
/// "Unwrapping".
enum KeyWrapping {
    /// Wraps the key value of a block.
    ///
    /// - Parameter specification: Method, parameters, encoding; AES-GCM takes its additional data
    ///   from the first attribute name.
    /// - Returns: The block with wrapped bytes and the data that tells how to unwrap them.
    static func wrap(
        _ block: KeyBlock, _ specification: KeyWrappingSpecification,
        with key: AuthorizedObject
    ) throws(Failure) -> KeyBlock {
        guard block.keyWrappingData == nil else {
            throw Failure(
                .unexpected, .illegalObjectType, "the key is wrapped already and cannot be wrapped again")
        }
        guard let value = block.keyValue else {
            throw Failure(.invalidRequest, .keyValueNotPresent, "the key has no material to wrap")
        }
        guard specification.wrappingMethod == .encrypt else {
            throw Failure(
                .notSupported, .featureNotSupported, "the only wrapping method supported is Encrypt")
        }
        let parameters = specification.encryptionKeyInformation?.cryptographicParameters
        let plaintext =
            specification.encodingOption == .ttlvEncoding
            ? try Cosmian422.plainJSON(value) : value.material.bytes
        let cipher = try cipher(parameters, of: key)
        let additionalData = specification.attributeNames.first.map { Array($0.utf8) } ?? []
        let wrapped: [UInt8]
        do {
            wrapped = try cipher.wrap(plaintext, nonce: nil, additionalData: additionalData)
        } catch { throw Failure(error) }
        var result = block
        result.keyValue = KeyValue(.bytes(SecretBytes(copying: wrapped)), attributes: value.attributes)
        result.keyWrappingData = KeyWrappingData(
            wrappingMethod: .encrypt,
            encryptionKeyInformation: specification.encryptionKeyInformation,
            encodingOption: specification.encodingOption)
        return result
    }

    /// Recovers a key value from its wrapped bytes.
    ///
    /// - Parameter format: Of the block; decides which field the bytes go to.
    static func unwrap(
        _ wrapped: SecretBytes, _ wrapping: KeyWrappingData, with key: AuthorizedObject,
        format: KeyFormatType, additionalData: [UInt8] = []
    ) throws(Failure) -> KeyValue {
        guard wrapping.wrappingMethod == .encrypt else {
            throw Failure(
                .notSupported, .featureNotSupported, "the only wrapping method supported is Encrypt")
        }
        let parameters = wrapping.encryptionKeyInformation?.cryptographicParameters
        let cipher = try cipher(parameters, of: key)
        let plaintext: SecretBytes
        do {
            // Wrapped bytes are no secret.
            let ciphertext = wrapped.withExposedBytes { [UInt8](copying: $0) }
            plaintext = try cipher.unwrap(ciphertext, additionalData: additionalData)
        } catch { throw Failure(error) }
        if wrapping.encodingOption == .ttlvEncoding {
            return try Cosmian422.keyValue(fromPlainJSON: plaintext)
        }
        return KeyValue(
            format == .transparentSymmetricKey
                ? .transparentSymmetricKey(plaintext) : .bytes(plaintext))
    }

    /// RFC 5649, unless the parameters ask for AES-GCM.
    private static func cipher(
        _ parameters: CryptographicParameters?, of key: AuthorizedObject
    ) throws(Failure) -> SymmetricCipher {
        let algorithm: SymmetricAlgorithm =
            parameters?.blockCipherMode == .gcm ? .aesGCM : .aesKeyWrapPadded
        guard let bytes = key.content.clearBytes else {
            throw Failure(.notSupported, .keyValueNotPresent, "the wrapping key has no material")
        }
        do { return try key.content.cipher(algorithm, key: bytes) } catch { throw Failure(error) }
    }
}
