import KMIP
import PluginLoader
import Secrets

/// An object of a Cosmian KMS made one of ours.
///
/// Source: storage notes, section 6.1.
struct CosmianRecord: Sendable {
    var draft: ObjectDraft
    /// What had to be changed, for the report.
    var notes: [String]

    /// Why an object is not taken over. Holds nothing of the object itself.
    struct NotUnderstood: Error {
        var reason: String
    }

    /// - Parameter record: As the driver reads it from the other system's database.
    init(_ record: ObjectRecord) throws(NotUnderstood) {
        guard record.status == .ok else {
            throw NotUnderstood(reason: "its row does not fit: id, owner or tags are too long")
        }
        guard let json = record.object else { throw NotUnderstood(reason: "it is empty") }
        guard States.all.contains(State(rawValue: record.state)) else {
            throw NotUnderstood(reason: "its state is not known")
        }
        var notes: [String] = []
        let state = State(rawValue: record.state)
        let stored = try Self.object(json)
        var attributes =
            try Self.attributes(record.attributes) ?? stored.keyBlock?.keyValue?.attributes
            ?? Attributes()
        let object = try Self.normalised(stored, state, &attributes, &notes)
        // Tags have a column of their own.
        _ = attributes.removeVendorAttribute(CosmianAttribute.tag, vendor: CosmianAttribute.vendor)
        attributes.uniqueIdentifier = nil
        attributes.objectType = object.type
        attributes.sensitive = attributes.sensitive ?? false
        let own = attributes.links.filter { $0.target.text == record.uid }
        if !own.isEmpty {
            notes.append("a link to itself was dropped")
            attributes.links.removeAll { $0.target.text == record.uid }
        }
        if record.owner.isEmpty { notes.append("it has no owner") }
        do throws(Failure) {
            draft = try ObjectDraft(
                uid: record.uid, owner: record.owner, state: state, object: object,
                attributes: attributes, tags: record.tags)
        } catch { throw NotUnderstood(reason: error.message) }
        self.notes = notes
    }

    private static func object(_ json: SecretBytes) throws(NotUnderstood) -> ManagedObject {
        var typeName = ""
        do throws(Failure) {
            return try json.withExposedBytes { (bytes) throws(Failure) in
                let stored = try Cosmian422.StoredObject(bytes)
                typeName = stored.typeName
                return try stored.object()
            }
        } catch {
            guard error.kind != .notSupported else {
                throw NotUnderstood(
                    reason: "of type \(String(reflecting: typeName.prefix(40))): "
                        + error.message)
            }
            throw NotUnderstood(reason: "its object is not understood: \(error.message)")
        }
    }

    /// Nil where the column is missing or says nothing, as for some objects of 4.12.
    private static func attributes(_ json: [UInt8]) throws(NotUnderstood) -> Attributes? {
        guard !json.isEmpty else { return nil }
        do throws(Failure) {
            let attributes = try Cosmian422.storedAttributes(json.span.bytes)
            return attributes == Attributes() ? nil : attributes
        } catch {
            throw NotUnderstood(reason: "its attributes are not understood: \(error.message)")
        }
    }

    /// The object as this server would have stored it, and its attributes in agreement with it.
    private static func normalised(
        _ object: ManagedObject, _ state: State, _ attributes: inout Attributes,
        _ notes: inout [String]
    ) throws(NotUnderstood) -> ManagedObject {
        attributes.cryptographicUsageMask = attributes.cryptographicUsageMask ?? .unrestricted
        if state == .destroyed || state == .destroyedCompromised { return object.withoutMaterial }
        guard var block = object.keyBlock else { return object }
        guard let value = block.keyValue, value.material.bytes.count > 0 else {
            throw NotUnderstood(reason: "it has no key, and is not destroyed")
        }
        // Attributes live in their column.
        block.keyValue = KeyValue(value.material)
        if block.keyWrappingData == nil {
            guard [.raw, .transparentSymmetricKey, .opaque].contains(block.keyFormatType) else {
                throw NotUnderstood(
                    reason:
                        "its KeyFormatType \(Cosmian422.name(of: block.keyFormatType)) does not "
                        + "fit its type")
            }
            let bits = Int32(clamping: value.material.bytes.count * 8)
            if let claimed = block.cryptographicLength, claimed != bits {
                notes.append("its CryptographicLength is \(bits), not \(claimed)")
            }
            block.cryptographicLength = bits
        }
        block.cryptographicAlgorithm =
            block.cryptographicAlgorithm ?? attributes.cryptographicAlgorithm
        attributes.cryptographicAlgorithm =
            attributes.cryptographicAlgorithm ?? block.cryptographicAlgorithm
        attributes.cryptographicLength = block.cryptographicLength ?? attributes.cryptographicLength
        attributes.keyFormatType = block.keyFormatType
        var object = object
        object.keyBlock = block
        return object
    }
}

/// Permissions of a Cosmian KMS as this server's rights.
enum CosmianRights {
    /// The name at index n is bit n: see `KMS_OPEN_FOREIGN` in `kms/database.h`.
    private static let names = [
        "create", "certify", "decrypt", "destroy", "encrypt", "export", "get", "getattributes",
        "import", "locate", "revoke", "rekey", "validate",
    ]

    /// The rights of those bits, and whether there were others that have no meaning here.
    static func rights(_ bits: UInt64) -> (rights: Rights, hasUnknown: Bool) {
        var rest = bits
        var rights: Rights = []
        for (index, name) in names.enumerated() where bits & 1 << UInt64(index) != 0 {
            guard let right = Rights(name: name) else { continue }
            rights.formUnion(right)
            rest &= ~(1 << UInt64(index))
        }
        return (rights, rest != 0)
    }
}
