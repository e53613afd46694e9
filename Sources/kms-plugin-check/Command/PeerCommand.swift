import ArgumentParser

/// Another process with the driver, beside the one that runs a case. Only this program starts it.
struct PeerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peer", abstract: "Shares a database with another process of this program.",
        shouldDisplay: false)

    @Argument var library: String
    @Option var config: String
    @Option var hostVersion = KitHost.version

    func run() {
        PeerWorker.run(library: library, config: config, hostVersion: hostVersion)
    }
}
