import ArgumentParser

/// Lists what `run` knows, for `--only` and for quirks files.
struct CasesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cases", abstract: "Lists the cases of the contract with their ids.")

    @Option(
        help: ArgumentHelp(
            "Only these cases: ids or groups, separated by commas.", valueName: "ids"))
    var only: String?

    func run() throws {
        do {
            for testCase in try Catalogue.selected(by: only) {
                print("\(testCase.id)\n    \(testCase.title)")
            }
        } catch {
            throw couldNotRun("\(error)")
        }
    }
}
