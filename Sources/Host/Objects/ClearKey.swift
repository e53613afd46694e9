import Cryptography
import KMIP
import PluginLoader
import Secrets
import Synchronization

extension AuthorizedObject {
    /// The bytes of this key in clear. One that is stored wrapped is unwrapped with its wrapping
    /// key, which passes the gate on every use.
    ///
    /// - Throws: A failure when the object has no key, or its wrapping key cannot be used.
    func clearKey(in context: OperationContext) async throws(Failure) -> SecretBytes {
        if let bytes = content.clearBytes { return bytes }
        guard let block = content.object?.keyBlock, let value = block.keyValue,
            let wrapping = block.keyWrappingData
        else { throw Failure(.invalidRequest, .invalidObjectType, "\(uid) holds no key") }
        let wrappingKey = try await context.gate.unwrappingKey(for: wrapping, in: context)
        let known = content.derived.withLock { $0.unwrapped }
        if let known, known.wrappingKeyRevision == wrappingKey.revision { return known.bytes }
        let bytes = try KeyWrapping.unwrap(
            value.material.bytes, wrapping, with: wrappingKey, format: block.keyFormatType
        ).material.bytes
        let unwrapped = DerivedMaterial.Unwrapped(
            bytes: bytes, wrappingKeyRevision: wrappingKey.revision)
        content.derived.withLock { material in
            // Ciphers made from what an earlier wrapping key gave are not this key's.
            material.ciphers = []
            material.unwrapped = unwrapped
        }
        return bytes
    }
}
