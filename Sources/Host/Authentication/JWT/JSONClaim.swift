/// A value in a token, as far as claims need them.
enum JSONClaim: Decodable, Equatable {
    case text(String)
    case number(Double)
    case boolean(Bool)
    case texts([String])
    /// Anything else, which no claim that counts may be.
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let flag = try? container.decode(Bool.self) {
            self = .boolean(flag)
        } else if let number = try? container.decode(Double.self), number.isFinite {
            self = .number(number)
        } else if let texts = try? container.decode([String].self) {
            self = .texts(texts)
        } else {
            self = .other
        }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }

    /// One text, or several.
    var asTexts: [String]? {
        switch self {
        case .text(let text): [text]
        case .texts(let texts): texts
        default: nil
        }
    }
}
