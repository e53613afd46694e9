import ArgumentParser

/// Runs the contract, case by case.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a driver through the contract, case by case.",
        discussion: """
            The configuration is a TOML file with the driver's options under their names. Each \
            case starts with an empty database: where an option holds {{scratch}}, which stands \
            for a new folder, that is a new one; else the database of the configuration is \
            emptied, and the file must allow it with [check] erase = true. Where an option names \
            the backend's place as {{proxy:host:port}}, connections to it are broken, too.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, junit, json }

    @Argument(help: "The library: libkms-name.so", completion: .file(extensions: ["so"]))
    var library: String

    @Option(help: "The driver's options, in TOML.", completion: .file(extensions: ["toml"]))
    var config: String

    @Option(
        help: "What the backend truly cannot do, in TOML.", completion: .file(extensions: ["toml"]))
    var quirks: String?

    @Option(
        help: ArgumentHelp(
            "Only these cases: ids or groups, separated by commas.", valueName: "ids"))
    var only: String?

    @Option(help: "How to print what was found.")
    var report: Format = .text

    func run() throws {
        let result: RunReport
        do {
            let cases = try Catalogue.selected(by: only)
            let quirks = try quirks.map { path in
                try Quirks(path: path, known: Set(Catalogue.all.map(\.id)))
            }
            var suite = try Suite(
                library: LibraryPath.absolute(library), config: CheckConfig(path: config),
                quirks: quirks ?? .none, cases: cases)
            let progress = Progress(of: cases.count)
            suite.onProgress = { progress.show($0, $1) }
            defer { progress.end() }
            result = try suite.run()
        } catch {
            throw couldNotRun("\(error)")
        }
        switch report {
        case .text: print(result.text)
        case .json: print(result.json)
        case .junit: print(result.junit)
        }
        if !result.conforms { throw Verdict.deviates.exitCode }
    }
}
