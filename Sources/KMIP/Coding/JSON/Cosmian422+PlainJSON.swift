public import Secrets

extension Cosmian422 {
    /// Attributes as `/access/owned` shows them. Source: wire format notes, section 1.4.
    public static func plainJSON(_ attributes: Attributes) -> [UInt8] {
        var writer = PlainJSONWriter(capacity: 1024)
        writer.write(.attributes, attributes)
        return writer.finish()
    }

    /// A key value as it is wrapped with the encoding option TTLVEncoding: plain JSON, despite the
    /// name. Source: wire format notes, section 5.2.
    public static func plainJSON(_ value: KeyValue) throws(Failure) -> SecretBytes {
        // A byte takes up to four characters.
        var writer = PlainJSONWriter(capacity: 2048 + 4 * value.material.bytes.count)
        writer.begin(.keyValue)
        writer.writeFields(of: value)
        writer.end()
        return try writer.finishAsSecret()
    }

    /// The same the other way.
    public static func keyValue(fromPlainJSON json: SecretBytes) throws(Failure) -> KeyValue {
        try json.withExposedBytes { (bytes) throws(Failure) in
            var reader = PlainJSONReader(bytes)
            let value = try reader.keyValue()
            try reader.finish()
            return value
        }
    }
}
