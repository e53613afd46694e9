import FoundationEssentials

/// What a bench measured, for people and for programs.
struct BenchReport: Codable {
    var driver: DriverFacts
    var figures: [BenchFigure]

    /// A table in Markdown, aligned so that it also reads as text.
    var text: String {
        var rows = [["items per second"] + Bench.sizes.map { "\($0) in a call" }]
        for function in Bench.functions {
            for threads in Bench.threads {
                let name = "\(function), \(threads) \(threads == 1 ? "thread" : "threads")"
                rows.append([name] + Bench.sizes.map { cell(function, $0, threads) })
            }
        }
        let lines = MarkdownTable(rows).lines
        return (["**\(driver.name) \(driver.version)**", ""] + lines).joined(separator: "\n")
    }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Strings and finite numbers: encoding them cannot fail.
        guard let data = try? encoder.encode(self) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    /// Three digits count: a bench on a machine with other work is no more exact.
    private func cell(_ function: Function, _ size: Int, _ threads: Int) -> String {
        let figure = figures.first {
            $0.function == function && $0.size == size && $0.threads == threads
        }
        guard let figure else { return "" }
        var number = Int(figure.itemsPerSecond)
        var unit = 1
        while number / unit >= 1000 { unit *= 10 }
        number = (number + unit / 2) / unit * unit
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            text = String(digit) + (index > 0 && index % 3 == 0 ? " " : "") + text
        }
        return text
    }
}
