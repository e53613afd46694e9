/// Licences as SPDX writes them: `Apache-2.0`, `MIT OR (GPL-2.0-only WITH some-exception)`.
///
/// The grammar is checked and not the list of licences, which grows without us.
///
/// Source: SPDX 2.3, annex D.
enum LicenseExpression {
    static func isWellFormed(_ text: String) -> Bool {
        guard let tokens = tokens(text), tokens.count <= 256 else { return false }
        var depth = 0
        var wantsOperand = true
        var previous = ""
        for token in tokens {
            switch token {
            case "(":
                guard wantsOperand, previous != "WITH" else { return false }
                depth += 1
            case ")":
                guard !wantsOperand, depth > 0 else { return false }
                depth -= 1
            case "AND", "OR":
                guard !wantsOperand else { return false }
                wantsOperand = true
            case "WITH":
                guard !wantsOperand, isLicense(previous) else { return false }
                wantsOperand = true
            default:
                guard wantsOperand, isLicense(token) else { return false }
                wantsOperand = false
            }
            previous = token
        }
        return depth == 0 && !wantsOperand
    }

    private static func isLicense(_ token: String) -> Bool {
        let operators = ["AND", "OR", "WITH"]
        guard !operators.contains(token.uppercased()) else { return false }
        // A plus stands for later versions; a colon comes after the document of a LicenseRef.
        let name = token.hasSuffix("+") ? token.dropLast() : token[...]
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.count == 1 || parts[0].hasPrefix("DocumentRef-") else {
            return false
        }
        return parts.allSatisfy { part in
            part.contains { $0.isLetter }
                && part.allSatisfy {
                    $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".")
                }
        }
    }

    private static func tokens(_ text: String) -> [String]? {
        var tokens: [String] = []
        for word in text.split(separator: " ") {
            var word = word
            while word.first == "(" {
                tokens.append("(")
                word = word.dropFirst()
            }
            var closing = 0
            while word.last == ")" {
                closing += 1
                word = word.dropLast()
            }
            if !word.isEmpty { tokens.append(String(word)) }
            tokens += Array(repeating: ")", count: closing)
        }
        return tokens.isEmpty ? nil : tokens
    }
}
