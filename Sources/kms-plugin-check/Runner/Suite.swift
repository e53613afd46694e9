import FoundationEssentials
import PluginLoader

/// The parent's side: runs cases in children, so that a crash or a hang is a finding and the next
/// case goes on.
struct Suite {
    let library: String
    let config: CheckConfig
    let quirks: Quirks
    let cases: [Case]
    var onProgress: (_ index: Int, _ id: String) -> Void = { _, _ in }

    /// Loading, `init` and opening take this long at most.
    private static let startLimit = Duration.seconds(60)

    /// Where the scratch folders of the cases lie.
    private let folder: String

    init(library: String, config: CheckConfig, quirks: Quirks, cases: [Case]) throws {
        self.library = library
        self.config = config
        self.quirks = quirks
        self.cases = cases
        folder =
            FileManager.default.temporaryDirectory.path
            + "/kms-plugin-check-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
    }

    /// - Throws: ``CouldNotRun`` when nothing could be checked.
    func run() throws -> RunReport {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var report = RunReport()
        do {
            try run(into: &report)
        } catch let deviation as Deviates {
            // Nothing can be started any more: no further case can run.
            report.add(Catalogue.start, .died(deviation.description), quirk: nil, seconds: 0)
        }
        return report
    }

    private func run(into report: inout RunReport) throws {
        let first = try loadedChild()
        report.driver = first.facts
        if !config.usesScratch && !config.mayErase && !first.facts.isVolatile {
            throw CouldNotRun(
                "the cases delete everything in the database of \(config.path): allow it with "
                    + "[check] erase = true, or give each case a folder: \(CheckConfig.scratchMark)"
            )
        }
        var shared: ChildProcess? = nil
        var loaded: ChildProcess? = first.child
        for (index, testCase) in cases.enumerated() where testCase.place != .runner {
            onProgress(index, testCase.id)
            let start = monotonicNanoseconds()
            var child = try shared ?? loaded ?? loadedChild().child
            switch testCase.place {
            case .own:
                if shared != nil { child = try loadedChild().child }
            case .shared:
                if shared == nil { child = try started(child) }
            case .runner: continue
            }
            loaded = nil
            let attempt = attempt(testCase, in: child)
            if testCase.place == .shared { shared = attempt.isUsable ? child : nil }
            let seconds = Double(monotonicNanoseconds() - start) / 1e9
            report.add(
                testCase, attempt.result, quirk: quirks.reason(for: testCase.id), seconds: seconds)
        }
        report.add(Catalogue.start, .outcome(.passed), quirk: nil, seconds: 0)
        if let shared {
            report.add(Catalogue.end, finish(shared), quirk: nil, seconds: 0)
        }
    }

    private struct Attempt {
        /// Whether the process can run another case.
        var isUsable: Bool
        var result: RunReport.Raw
    }

    private func attempt(_ testCase: Case, in child: ChildProcess) -> Attempt {
        let scratch = newScratch()
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        child.send(MessageLine.encode(Order.run(id: testCase.id, scratch: scratch)))
        let limit = config.timeLimit * testCase.patience
        let answer = child.receive(within: limit)
        switch answer {
        case .line(let line):
            guard case .done(var outcome)? = MessageLine.decode(line, as: Answer.self) else {
                child.kill()
                return Attempt(isUsable: false, result: .died("the child answered nonsense"))
            }
            let output = child.takeOutput()
            if !output.isEmpty {
                let finding = "something was written to the standard streams: \(output)"
                if case .failed(let others) = outcome {
                    outcome = .failed(others + [finding])
                } else {
                    outcome = .failed([finding])
                }
            }
            return Attempt(isUsable: true, result: .outcome(outcome))
        case .ended(let ending):
            return Attempt(isUsable: false, result: .died("\(ending)" + trace(of: child)))
        case .timedOut:
            child.kill()
            return Attempt(
                isUsable: false,
                result: .died("it did not come back within \(limit)" + trace(of: child)))
        }
    }

    /// What a process wrote before it ended: a sanitizer's report, an assertion.
    private func trace(of child: ChildProcess) -> String {
        let output = child.takeOutput()
        return output.isEmpty ? "" : ", after writing: \(output)"
    }

    /// Ends the plugin in the child that ran most cases.
    private func finish(_ child: ChildProcess) -> RunReport.Raw {
        child.send(MessageLine.encode(Order.finish))
        switch child.receive(within: Self.startLimit) {
        case .line(let line):
            guard case .finished(let findings)? = MessageLine.decode(line, as: Answer.self) else {
                return .died("the child answered nonsense")
            }
            return ended(child, findings)
        case .ended(let ending): return .died("\(ending)" + trace(of: child))
        case .timedOut: return .died("deinit did not return within \(Self.startLimit)")
        }
    }

    /// The process ends by itself now: destructors of the library run, and a sanitizer's last word.
    private func ended(_ child: ChildProcess, _ findings: [String]) -> RunReport.Raw {
        switch child.receive(within: Self.startLimit) {
        case .ended(.exit(0)): return .outcome(findings.isEmpty ? .passed : .failed(findings))
        case .ended(let ending): return .died("after deinit, \(ending)" + trace(of: child))
        case .line: return .died("the child answered nonsense")
        case .timedOut: return .died("the process did not end within \(Self.startLimit)")
        }
    }

    // MARK: Children

    private func newScratch() -> String {
        let scratch = folder + "/" + String(UInt64.random(in: .min ... .max), radix: 36)
        try? FileManager.default.createDirectory(
            atPath: scratch, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        return scratch
    }

    /// A child that has loaded the library.
    private func loadedChild() throws -> (child: ChildProcess, facts: DriverFacts) {
        let child = try ChildProcess(
            arguments: ["worker", library, "--config", config.path], outputFolder: folder)
        switch try answer(of: child, doing: "loading the library") {
        case .loaded(let facts): return (child, facts)
        default: throw CouldNotRun("the child answered nonsense")
        }
    }

    private func started(_ child: ChildProcess) throws -> ChildProcess {
        let scratch = newScratch()
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        child.send(MessageLine.encode(Order.start(scratch: scratch)))
        _ = try answer(of: child, doing: "init, open and migrate")
        return child
    }

    private func answer(of child: ChildProcess, doing what: String) throws -> Answer {
        switch child.receive(within: Self.startLimit) {
        case .line(let line):
            switch MessageLine.decode(line, as: Answer.self) {
            case .refused(let text, let isFault):
                if isFault { throw Deviates(text) }
                throw CouldNotRun(text)
            case .couldNotRun(let text): throw CouldNotRun(text)
            case let answer?: return answer
            case nil: throw CouldNotRun("the child answered nonsense")
            }
        case .ended(let ending): throw Deviates("\(what): \(ending)" + trace(of: child))
        case .timedOut:
            child.kill()
            throw Deviates("\(what): no end within \(Self.startLimit)")
        }
    }
}

/// The driver broke the contract before any case could run.
struct Deviates: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
