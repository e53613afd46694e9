import FoundationEssentials
import PluginLoader

/// The processes in which a driver runs, as their parent starts them.
struct Children {
    let library: String
    let config: CheckConfig
    /// Where the scratch folders of the cases lie; of this run alone.
    let folder: String

    /// Loading, `init` and opening take this long at most.
    static let startLimit = Duration.seconds(60)

    init(library: String, config: CheckConfig) throws {
        self.library = library
        self.config = config
        folder =
            FileManager.default.temporaryDirectory.path
            + "/kms-plugin-check-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
    }

    /// Removes what they left.
    func clean() { try? FileManager.default.removeItem(atPath: folder) }

    func newScratch() -> String {
        let scratch = folder + "/" + String(UInt64.random(in: .min ... .max), radix: 36)
        try? FileManager.default.createDirectory(
            atPath: scratch, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        return scratch
    }

    /// A child that has loaded the library.
    ///
    /// - Throws: ``CouldNotRun`` where the configuration does not allow to delete what is there.
    func loaded() throws -> (child: ChildProcess, facts: DriverFacts) {
        let child = try ChildProcess(
            arguments: ["worker", library, "--config", config.path], outputFolder: folder)
        guard case .loaded(let facts) = try answer(of: child, doing: "loading the library") else {
            throw CouldNotRun("the child answered nonsense")
        }
        // The cases for HSMs remove what they made, and nothing else.
        if !config.usesScratch && !config.mayErase && !facts.isVolatile && !facts.isHSM {
            throw CouldNotRun(
                "the cases delete everything in the database of \(config.path): allow it with "
                    + "[check] erase = true, or give each case a folder: \(CheckConfig.scratchMark)"
            )
        }
        return (child, facts)
    }

    /// Runs `init` in it, opens the database and brings its schema about.
    func started(_ child: ChildProcess) throws -> ChildProcess {
        let scratch = newScratch()
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        child.send(MessageLine.encode(Order.start(scratch: scratch)))
        _ = try answer(of: child, doing: "init, open and migrate")
        return child
    }

    /// The answer to the last order, within a limit.
    func answer(
        of child: ChildProcess, doing what: String, within limit: Duration = startLimit
    ) throws -> Answer {
        switch child.receive(within: limit) {
        case .line(let line):
            switch MessageLine.decode(line, as: Answer.self) {
            case .refused(let text, let isFault):
                if isFault { throw Deviates(text) }
                throw CouldNotRun(text)
            case .couldNotRun(let text): throw CouldNotRun(text)
            case let answer?: return answer
            case nil: throw CouldNotRun("the child answered nonsense")
            }
        case .ended(let ending): throw Deviates("\(what): \(ending)" + child.trace)
        case .timedOut:
            child.kill()
            throw Deviates("\(what): no end within \(limit)")
        }
    }
}

extension ChildProcess {
    /// What a process wrote before it ended: a sanitizer's report, an assertion.
    var trace: String {
        let output = takeOutput()
        return output.isEmpty ? "" : ", after writing: \(output)"
    }
}

/// The driver broke the contract before any case could run.
struct Deviates: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
