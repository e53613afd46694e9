/// A table in Markdown whose columns are aligned, the first to the left and the others to the right.
struct MarkdownTable {
    let lines: [String]

    /// - Parameter rows: The first is the heading; all have as many cells.
    init(_ rows: [[String]]) {
        guard let heading = rows.first else {
            lines = []
            return
        }
        let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let aligned = rows.map { row in
            "| "
                + zip(row, widths).enumerated().map { index, cell in
                    let blanks = String(repeating: " ", count: cell.1 - cell.0.count)
                    return index == 0 ? cell.0 + blanks : blanks + cell.0
                }.joined(separator: " | ") + " |"
        }
        let rule =
            "|"
            + widths.enumerated().map { index, width in
                String(repeating: "-", count: width + 1) + (index == 0 ? "-" : ":")
            }.joined(separator: "|") + "|"
        lines = [aligned[0], rule] + aligned.dropFirst()
    }
}
