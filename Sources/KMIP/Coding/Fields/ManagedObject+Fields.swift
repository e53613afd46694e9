import Secrets

// Objects. In the standard the item's tag is the object's type; in the 4.22 dialect the item is always
// `Object`, and the type is a sibling that may come later. So the parts are read first and made an
// object when the type is known. Source: KMIP 2.1, section 2; wire format notes, "Managed objects".

/// What an object's item held.
struct ObjectParts {
    var keyBlock: KeyBlock?
    var secretDataType: SecretDataType?
    var opaqueDataType: OpaqueDataType?
    var opaqueDataValue: SecretBytes?
}

extension ObjectType {
    /// Whether ``ManagedObject`` can hold it.
    var isSupported: Bool { self == .symmetricKey || self == .secretData || self == .opaqueObject }

    /// The tag of an object's item in the standard, nil for types without support.
    var itemTag: Tag? {
        switch self {
        case .symmetricKey: .symmetricKey
        case .secretData: .secretData
        case .opaqueObject: .opaqueObject
        default: nil
        }
    }
}

extension TTLVReader where Self: ~Copyable, Self: ~Escapable {
    func notSupported(_ text: String) -> Failure {
        Failure(.notSupported, .featureNotSupported, "\(path): \(text)")
    }

    /// The type of the object of a Get, Export or Import.
    mutating func readObjectType(_ field: inout ObjectType?) throws(Failure) {
        try read(&field)
        if let type = field, !type.isSupported {
            let name = ObjectType.spellings.cosmian.name(of: type.rawValue) ?? "of this type"
            throw notSupported("objects of type \(name) are not supported")
        }
    }

    /// Reads the current item if it is an object in this dialect.
    mutating func readObject(_ tag: Tag, into parts: inout ObjectParts?) throws(Failure) -> Bool {
        if Shape.wrapsObjects {
            guard tag == .cosmianObject else { return false }
        } else {
            guard tag == .symmetricKey || tag == .secretData || tag == .opaqueObject else {
                return false
            }
        }
        try requireFirst(parts == nil)
        parts = try objectParts()
        return true
    }

    mutating func objectParts() throws(Failure) -> ObjectParts {
        var parts = ObjectParts()
        try enter()
        while let tag = try next() {
            switch tag {
            case .keyBlock: try read(&parts.keyBlock)
            case .secretDataType: try read(&parts.secretDataType)
            case Shape.opaqueDataType, .opaqueDataType: try read(&parts.opaqueDataType)
            case Shape.opaqueDataValue, .opaqueDataValue:
                try requireFirst(parts.opaqueDataValue == nil)
                parts.opaqueDataValue = try secret()
            default: try skip()
            }
        }
        return parts
    }

    func object(of type: ObjectType, from parts: ObjectParts) throws(Failure) -> ManagedObject {
        switch type {
        case .symmetricKey: return .symmetricKey(try required(parts.keyBlock, "KeyBlock"))
        case .secretData:
            return .secretData(
                try required(parts.secretDataType, "SecretDataType"),
                try required(parts.keyBlock, "KeyBlock"))
        case .opaqueObject:
            return .opaque(
                try required(parts.opaqueDataType, "the opaque data type"),
                try required(parts.opaqueDataValue, "the opaque data value"))
        default: throw notSupported("this type of object is not supported")
        }
    }
}

extension TTLVWriter where Self: ~Copyable {
    mutating func write(_ object: ManagedObject) {
        switch object {
        case .symmetricKey(let block):
            begin(Shape.wrapsObjects ? .cosmianObject : .symmetricKey)
            write(.keyBlock, block)
        case .secretData(let type, let block):
            begin(Shape.wrapsObjects ? .cosmianObject : .secretData)
            write(.secretDataType, type)
            write(.keyBlock, block)
        case .opaque(let type, let value):
            begin(Shape.wrapsObjects ? .cosmianObject : .opaqueObject)
            write(Shape.opaqueDataType, type)
            write(Shape.opaqueDataValue, secret: value)
        }
        end()
    }
}
