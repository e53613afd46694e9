import ArgumentParser

@main
struct Client: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kms", abstract: "The command-line client of Claviger.",
        subcommands: [VersionCommand.self])
}
