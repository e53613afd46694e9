import ArgumentParser

/// Measures a driver.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Prints how many items per second a driver reads, writes and finds.",
        discussion: """
            Objects of 1 KiB, calls of 1, 16 and 256 items, with 1 and 8 threads; writes are as \
            durable as the configuration makes them. A driver whose 256 is not well above its 1 \
            spends its time on round trips. The database is emptied, as by run.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @Argument(help: "The library: libkms-name.so", completion: .file(extensions: ["so"]))
    var library: String

    @Option(help: "The driver's options, in TOML.", completion: .file(extensions: ["toml"]))
    var config: String

    @Option(help: "How long to measure, in seconds.")
    var seconds: Double = 8

    @Option(help: "How to print the figures.")
    var report: Format = .text

    func validate() throws {
        guard (0.1...3600).contains(seconds) else {
            throw ValidationError("--seconds takes 0.1 to 3600")
        }
    }

    func run() throws {
        let result: BenchReport
        do {
            result = try measure()
        } catch let deviation as Deviates {
            StandardError.print("kms-plugin-check: \(deviation)")
            throw Verdict.deviates.exitCode
        } catch {
            throw couldNotRun("\(error)")
        }
        switch report {
        case .text: print(result.text)
        case .json: print(result.json)
        }
    }

    private func measure() throws -> BenchReport {
        let children = try Children(
            library: LibraryPath.absolute(library), config: CheckConfig(path: config))
        defer { children.clean() }
        let (child, facts) = try children.loaded()
        let started = try children.started(child)
        let order = Order.bench(scratch: children.newScratch(), seconds: seconds)
        started.send(MessageLine.encode(order))
        let limit = Duration.seconds(seconds) * 3 + Children.startLimit
        guard
            case .measured(let figures) = try children.answer(
                of: started, doing: "measuring", within: limit)
        else { throw CouldNotRun("the child answered nonsense") }
        return BenchReport(driver: facts, figures: figures)
    }
}
