/// Objects and attributes as Cosmian KMS 4.12 to 4.22 keep them in their database: plain JSON, an object
/// beside the name of its type, which the object itself does not tell.
///
/// Source: storage notes, section 6.1.
extension Cosmian422 {
    /// An object's column, taken apart but not read.
    public struct StoredObject: ~Escapable {
        /// As it is written there: `SymmetricKey`, `PrivateKey`.
        public let typeName: String
        private let json: RawSpan

        /// - Throws: A failure that says where the text is no such object.
        @_lifetime(copy json)
        public init(_ json: RawSpan) throws(Failure) {
            var scanner = JSONScanner(json)
            var name: String?
            var object: Range<Int>?
            try scanner.expect(UInt8(ascii: "{"))
            while true {
                let member = try scanner.text()
                try scanner.expect(UInt8(ascii: ":"))
                _ = scanner.token()
                let start = scanner.position
                // MySQL keeps members in an order of its own, so the type may come last.
                switch member {
                case "object_type": name = try scanner.text()
                case "object":
                    try scanner.passValue()
                    object = start..<scanner.position
                default: try scanner.passValue()
                }
                if scanner.token() == UInt8(ascii: "}") { break }
                try scanner.expect(UInt8(ascii: ","))
            }
            scanner.position += 1
            try scanner.expectEnd()
            guard let name, let object else {
                throw Failure(
                    .invalidRequest, .invalidMessage, "object_type or object is missing")
            }
            typeName = name
            self.json = json.extracting(object)
        }

        /// - Throws: A failure of kind `notSupported` when this server has no such objects, another when
        ///   the text is not understood. Neither holds anything of the object.
        public func object() throws(Failure) -> ManagedObject {
            guard let value = ObjectType.spellings.reading.value(of: Array(typeName.utf8)),
                case let type = ObjectType(rawValue: value), type.isSupported
            else {
                throw Failure(
                    .notSupported, .invalidObjectType,
                    "objects of this type are not supported")
            }
            var reader = PlainJSONReader(json)
            let parts = try reader.objectParts()
            try reader.finish()
            return try reader.object(of: type, from: parts)
        }
    }

    /// The column of attributes.
    public static func storedAttributes(_ json: RawSpan) throws(Failure) -> Attributes {
        var reader = PlainJSONReader(json)
        let attributes = try reader.attributes()
        try reader.finish()
        return attributes
    }
}
