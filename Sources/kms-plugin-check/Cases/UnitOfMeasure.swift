/// Units as UCUM writes them, as far as counters and gauges need them: `1`, `By`, `KiBy`, `ms`,
/// `By/s`, `{call}`.
///
/// Source: The Unified Code for Units of Measure, case sensitive symbols.
enum UnitOfMeasure {
    private static let bases: Set<String> = [
        "", "1", "%", "By", "bit", "s", "min", "h", "d", "Hz", "Cel", "g",
    ]
    private static let prefixes = ["", "Ki", "Mi", "Gi", "Ti", "k", "M", "G", "T", "m", "u", "n"]

    static func isKnown(_ unit: String) -> Bool {
        let parts = unit.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "." }
        return !unit.isEmpty && parts.allSatisfy(isPart)
    }

    private static func isPart(_ part: Substring) -> Bool {
        var symbol = part
        if let open = part.firstIndex(of: "{") {
            guard part.last == "}" else { return false }
            symbol = part[..<open]
            if symbol.isEmpty { return true }
        }
        return prefixes.contains { prefix in
            symbol.hasPrefix(prefix) && bases.contains(String(symbol.dropFirst(prefix.count)))
        } && !symbol.isEmpty
    }
}
