extension Cosmian422 {
    /// The name of an operation in the bodies of `/access/*`: `getattributes`.
    public static func operationName(_ operation: Operation) -> String {
        (Operation.spellings.cosmian.name(of: operation.rawValue) ?? "").lowercased()
    }

    /// The operation that ``operationName(_:)`` names so; nil for anything else.
    public static func operation(named name: String) -> Operation? {
        Operation.names.lazy.map { Operation(rawValue: $0.value) }
            .first { operationName($0) == name }
    }

    /// The name of a state in the bodies of `/access/*`: `Active`, `Destroyed_Compromised`.
    public static func stateName(_ state: State) -> String {
        State.spellings.cosmian.name(of: state.rawValue) ?? ""
    }

    /// The tags in the value of a `tag` attribute or in an identifier that begins with `[`: a JSON
    /// array of strings. Nil when it is something else.
    public static func tags(fromJSON json: [UInt8]) -> [String]? {
        do {
            return try tags(json.span.bytes)
        } catch {
            return nil
        }
    }

    private static func tags(_ json: RawSpan) throws(Failure) -> [String] {
        var scanner = JSONScanner(json)
        var tags: [String] = []
        try scanner.expect(UInt8(ascii: "["))
        if scanner.token() == UInt8(ascii: "]") {
            scanner.position += 1
        } else {
            while true {
                tags.append(try scanner.text())
                if scanner.token() == UInt8(ascii: "]") { break }
                try scanner.expect(UInt8(ascii: ","))
            }
            scanner.position += 1
        }
        try scanner.expectEnd()
        return tags
    }

    /// The same the other way, compact.
    public static func json(ofTags tags: [String]) -> [UInt8] {
        var sink = ByteSink(capacity: tags.reduce(16) { $0 + $1.utf8.count + 3 })
        sink.append(UInt8(ascii: "["))
        for (index, tag) in tags.enumerated() {
            if index > 0 { sink.append(UInt8(ascii: ",")) }
            sink.append(UInt8(ascii: "\""))
            sink.append(escaped: tag)
            sink.append(UInt8(ascii: "\""))
        }
        sink.append(UInt8(ascii: "]"))
        return sink.finish()
    }
}

extension Cosmian422 {
    /// The name of an enumeration's value as messages write it; its number when it has none.
    public static func name<Value: KMIPEnumeration>(of value: Value) -> String {
        Value.spellings.cosmian.name(of: value.rawValue)
            ?? "0x" + String(value.rawValue, radix: 16, uppercase: true)
    }

    /// A text as a JSON string, in quotation marks.
    public static func jsonString(_ text: String) -> [UInt8] {
        var sink = ByteSink(capacity: text.utf8.count + 2)
        sink.append(UInt8(ascii: "\""))
        sink.append(escaped: text)
        sink.append(UInt8(ascii: "\""))
        return sink.finish()
    }
}
