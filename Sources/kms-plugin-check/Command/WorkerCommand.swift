import ArgumentParser

/// The child in which a driver runs. Only this program starts it.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Runs a driver for another process of this program.",
        shouldDisplay: false)

    @Argument var library: String
    @Option var config: String?
    @Option var hostVersion = KitHost.version

    func run() {
        if let config {
            Worker.run(library: library, config: config, hostVersion: hostVersion)
        } else {
            InspectionWorker.run(library: library)
        }
    }
}
