/// Finds what somebody who mistyped a name most likely meant.
package enum NearestName {
    /// Names longer than this are not compared: no option's is.
    private static let lengthMax = 64

    /// The candidate that is fewest edits away, if those are few for its length.
    package static func to(_ name: String, among candidates: [String]) -> String? {
        guard name.utf8.count <= lengthMax else { return nil }
        let ranked = candidates.map { (name: $0, distance: distance(name, $0)) }
        guard let best = ranked.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }),
            best.distance <= max(1, min(name.utf8.count, best.name.utf8.count) / 3)
        else { return nil }
        return best.name
    }

    /// `; did you mean NAME?`, or nothing.
    static func hint(_ name: String, among candidates: [String], as form: (String) -> String)
        -> String
    {
        to(name, among: candidates).map { "; did you mean \(form($0))?" } ?? ""
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
    package static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var beforePrevious: [Int] = []
        var previous = Array(0...b.count)
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                var best = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    best = min(best, beforePrevious[j - 2] + 1)
                }
                row.append(best)
            }
            (beforePrevious, previous) = (previous, row)
        }
        return previous[b.count]
    }
}
