import KMIP
import Secrets
import Synchronization

/// An object as one read brought it: what may change without its revision, and its content.
struct LoadedObject: Sendable {
    var uid: String
    var owner: String
    var rights: Rights
    var state: State
    var revision: UInt64
    var content: ObjectContent

    /// The state that counts now: a pre-active object whose activation date has come is active.
    func effectiveState(at now: Int64) -> State {
        guard state == .preActive, let date = content.attributes.activationDate, date <= now else {
            return state
        }
        return .active
    }
}

/// What a revision of an object holds. Shared by all requests that use it.
final class ObjectContent: Sendable {
    let type: ObjectType
    let attributes: Attributes
    /// nil when only the attributes were asked for.
    let object: ManagedObject?
    let tags: [String]
    /// The bytes of a key that is stored in clear: most keys, found without a look at the object.
    let clearBytes: SecretBytes?
    /// What was made of the material on first use: keyed ciphers, the clear key of a wrapped one.
    let derived = Mutex<DerivedMaterial>(DerivedMaterial())

    init(type: ObjectType, attributes: Attributes, object: ManagedObject?, tags: [String]) {
        self.type = type
        self.attributes = attributes
        self.object = object
        self.tags = tags
        let block = object?.keyBlock
        clearBytes = block?.keyWrappingData == nil ? block?.keyValue?.material.bytes : nil
    }
}
