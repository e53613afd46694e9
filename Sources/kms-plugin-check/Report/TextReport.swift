extension RunReport {
    /// A table and lists in Markdown, aligned so that they also read as text.
    var text: String {
        var lines = [headline, ""]
        lines += table
        lines += list("Deviations", .failed)
        lines += list("Quirks", .quirk)
        lines += notApplicable
        return lines.joined(separator: "\n")
    }

    private var headline: String {
        let name =
            driver.map { "\($0.name) \($0.version) (\($0.id), ABI \($0.abi))" } ?? "The library"
        let traits = [
            driver?.isVolatile == true ? "volatile" : nil,
            driver?.isSingleProcess == true ? "single process" : nil,
        ].compactMap { $0 }
        let suffix = traits.isEmpty ? "" : " It is declared \(traits.joined(separator: " and "))."
        return "**\(name) \(conforms ? "conforms" : "deviates").**\(suffix)"
    }

    private var table: [String] {
        let verdicts: [Verdict] = [.passed, .failed, .quirk, .notApplicable]
        var rows = [["group", "cases", "passed", "failed", "quirks", "not applicable"]]
        for group in groups + ["all"] {
            let members = entries.filter { group == "all" || $0.group == group }
            rows.append(
                [group, "\(members.count)"]
                    + verdicts.map { verdict in "\(members.count { $0.verdict == verdict })" })
        }
        return MarkdownTable(rows).lines
    }

    private func list(_ heading: String, _ verdict: Verdict) -> [String] {
        let members = entries(with: verdict)
        guard !members.isEmpty else { return [] }
        return ["", "\(heading):", ""]
            + members.flatMap { entry in
                ["- `\(entry.id)`: \(entry.title)"] + entry.details.map { "  - \($0)" }
            }
    }

    /// By reason, since one reason often holds for many cases.
    private var notApplicable: [String] {
        let members = entries(with: .notApplicable)
        guard !members.isEmpty else { return [] }
        let reasons = Set(members.flatMap(\.details)).sorted()
        return ["", "Not applicable:", ""]
            + reasons.map { reason in
                let ids = members.filter { $0.details == [reason] }.map { "`\($0.id)`" }
                return "- \(reason): \(ids.joined(separator: ", "))"
            }
    }
}
