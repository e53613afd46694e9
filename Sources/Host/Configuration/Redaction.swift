/// How values are printed: secrets never, and of a URL only what is none.
package enum Redaction {
    static let mask = "****"

    /// Words that make a query item's value a secret, wherever they occur in its name.
    private static let secretWords = [
        "pass", "pwd", "secret", "token", "key", "credential", "auth",
    ]

    /// A URL without user info and without the values of secret-looking query items.
    ///
    /// Errs on the side of hiding: a password with an unescaped `/` or `?` must not slip through, so
    /// everything up to the last `@` counts as user info.
    package static func url(_ text: String) -> String {
        let shown = withoutSecretItems(text)
        let start = shown.firstRange(of: "://")?.upperBound ?? shown.startIndex
        guard let at = shown[start...].lastIndex(of: "@") else { return shown }
        return shown[..<start] + mask + shown[at...]
    }

    private static func withoutSecretItems(_ text: String) -> String {
        var shown = ""
        var item = Substring()
        func redacted(_ item: Substring) -> Substring {
            guard let equals = item.firstIndex(of: "=") else { return item }
            let name = item[..<equals].lowercased()
            guard secretWords.contains(where: name.contains) else { return item }
            return item[...equals] + mask
        }
        for character in text {
            if "?&; ".contains(character) {
                shown += redacted(item) + String(character)
                item = Substring()
            } else {
                item.append(character)
            }
        }
        return shown + redacted(item)
    }
}
