/// `{{proxy:host:port}}` in an option: where the backend listens. It stands for that place, and in
/// cases about connections for a proxy before it.
struct ProxyMark {
    static let example = "{{proxy:host:port}}"

    /// Of the whole mark.
    let range: Range<String.Index>
    /// As written: `127.0.0.1:5432`.
    let place: Substring

    /// The first mark of a text; nil when it has none.
    init?(in text: String) {
        guard let start = text.firstRange(of: "{{proxy:"),
            let end = text[start.upperBound...].firstRange(of: "}}")
        else { return nil }
        range = start.lowerBound..<end.upperBound
        place = text[start.upperBound..<end.lowerBound]
    }

    /// The text with an address in the place of its first mark; nil: with the place that it names.
    static func resolved(_ text: String, to address: String?) -> String {
        guard let mark = ProxyMark(in: text) else { return text }
        return text.replacing(text[mark.range], with: address ?? String(mark.place))
    }
}
