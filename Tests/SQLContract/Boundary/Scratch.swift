import PluginABI

/// Memory for the inputs of one call; freed with this object, after the call has returned.
final class Scratch {
    private var chunks: [UnsafeMutableRawPointer] = []

    deinit { for chunk in chunks { chunk.deallocate() } }

    func array<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
        let place = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
        place.initialize(from: elements, count: elements.count)
        chunks.append(UnsafeMutableRawPointer(place))
        return place
    }

    func text(_ text: String) -> kms_text {
        let utf8 = Array(text.utf8.map { CChar(bitPattern: $0) })
        return kms_text(data: utf8.isEmpty ? nil : UnsafePointer(array(utf8)), size: utf8.count)
    }

    func bytes(_ bytes: [UInt8]) -> kms_bytes {
        kms_bytes(data: bytes.isEmpty ? nil : UnsafePointer(array(bytes)), size: bytes.count)
    }

    func texts(_ texts: [String]) -> kms_text_list {
        kms_text_list(items: UnsafePointer(array(texts.map(text))), count: texts.count)
    }

    func value(_ value: TestValue) -> kms_value {
        var c = kms_value()
        c.rank = value.rank
        switch value.content {
        case .integer(let number):
            c.type = KMS_VALUE_INTEGER.rawValue
            c.number = number
        case .text(let text):
            c.type = KMS_VALUE_TEXT.rawValue
            c.bytes = bytes(Array(text.utf8))
        case .bytes(let raw):
            c.type = KMS_VALUE_BYTES.rawValue
            c.bytes = bytes(raw)
        }
        return c
    }

    func filters(_ filter: TestFilter) -> [kms_filter] {
        var c = kms_filter()
        c.op = filter.op
        c.arity = UInt32(filter.arity ?? filter.operands.count)
        c.path = text(filter.path)
        if let value = filter.value { c.value = self.value(value) }
        return [c] + filter.operands.flatMap(filters)
    }
}

func string(_ text: kms_text) -> String {
    String(
        decoding: UnsafeRawBufferPointer(start: text.data, count: text.size), as: UTF8.self)
}

func array(_ bytes: kms_bytes) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: bytes.data, count: bytes.size))
}

func string<Tuple>(cArray tuple: Tuple) -> String {
    withUnsafeBytes(of: tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
