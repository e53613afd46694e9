public import Secrets

/// Objects and attributes as a database keeps them: a byte that names the format, then binary TTLV.
///
/// Drivers never look inside. The TTLV is of KMIP 2.1, all values that the typed core holds included;
/// values without a standard form have numbers of the extension range.
public enum StorageCoding {
    /// The only format so far: binary TTLV of KMIP 2.1.
    private static let format: UInt8 = 1

    /// - Throws: A ``Failure`` of kind `unavailable` when there is no memory for secrets left.
    public static func encode(_ object: ManagedObject) throws(Failure) -> SecretBytes {
        var writer = BinaryWriter(capacity: 2048, format: format)
        writer.write(object)
        return try writer.finishAsSecret()
    }

    /// - Throws: A ``Failure`` of kind `database`: what is stored is damaged, or of a later format.
    public static func decodeObject(_ bytes: RawSpan) throws(Failure) -> ManagedObject {
        do throws(Failure) {
            var reader = try open(bytes)
            let tag = try reader.root()
            var parts: ObjectParts?
            guard try reader.readObject(tag, into: &parts), let parts else {
                throw reader.mismatch("is no object")
            }
            let type: ObjectType =
                switch tag {
                case .symmetricKey: .symmetricKey
                case .secretData: .secretData
                default: .opaqueObject
                }
            let object = try reader.object(of: type, from: parts)
            try reader.finish()
            return object
        } catch {
            throw damaged(error)
        }
    }

    public static func encode(_ attributes: Attributes) -> [UInt8] {
        var writer = BinaryWriter(capacity: 1024, format: format)
        writer.write(.attributes, attributes)
        return writer.finish()
    }

    /// - Throws: As ``decodeObject(_:)`` does.
    public static func decodeAttributes(_ bytes: RawSpan) throws(Failure) -> Attributes {
        do throws(Failure) {
            var reader = try open(bytes)
            guard try reader.root() == .attributes else {
                throw reader.mismatch("is no attributes")
            }
            let attributes = try reader.attributes()
            try reader.finish()
            return attributes
        } catch {
            throw damaged(error)
        }
    }

    @_lifetime(copy bytes)
    private static func open(_ bytes: RawSpan) throws(Failure) -> BinaryReader {
        guard bytes.byteCount > 0, bytes.unsafeLoad(as: UInt8.self) == format else {
            throw Failure(.database, .generalFailure, "it is of a format that is not known")
        }
        return try BinaryReader(bytes, from: 1, limits: DecodingLimits())
    }

    private static func damaged(_ cause: Failure) -> Failure {
        guard cause.kind != .unavailable else { return cause }
        return Failure(.database, .generalFailure, "what is stored is damaged: \(cause.message)")
    }
}
