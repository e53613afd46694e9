import ArgumentParser

/// The conformance kit: tells whether a driver keeps the contract.
@main
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kms-plugin-check",
        abstract: "Checks a driver's library against the plugin ABI.",
        discussion: "Exit status 0: it conforms. 1: it deviates. 2: it could not be checked.",
        subcommands: [
            InspectCommand.self, RunCommand.self, ManifestCommand.self, CasesCommand.self,
            BenchCommand.self, WorkerCommand.self, PeerCommand.self,
        ])
}

/// How a run ended.
enum Verdict: Int32 {
    case conforms = 0
    case deviates = 1
    case couldNotRun = 2

    var exitCode: ExitCode { ExitCode(rawValue) }
}

/// What every command says when nothing could be checked.
func couldNotRun(_ problem: some CustomStringConvertible) -> ExitCode {
    StandardError.print("kms-plugin-check: \(problem)")
    return Verdict.couldNotRun.exitCode
}
