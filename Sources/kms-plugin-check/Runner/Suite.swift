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

    private let children: Children

    init(library: String, config: CheckConfig, quirks: Quirks, cases: [Case]) throws {
        self.library = library
        self.config = config
        self.quirks = quirks
        self.cases = cases
        children = try Children(library: library, config: config)
    }

    /// - Throws: ``CouldNotRun`` when nothing could be checked.
    func run() throws -> RunReport {
        defer { children.clean() }
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
        let first = try children.loaded()
        report.driver = first.facts
        var shared: ChildProcess? = nil
        var loaded: ChildProcess? = first.child
        let cases = cases.filter { $0.isForHSM == first.facts.isHSM }
        for (index, testCase) in cases.enumerated() where testCase.place != .runner {
            onProgress(index, testCase.id)
            let start = monotonicNanoseconds()
            var child = try shared ?? loaded ?? children.loaded().child
            switch testCase.place {
            case .own:
                if shared != nil { child = try children.loaded().child }
            case .shared:
                if shared == nil { child = try children.started(child) }
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
        let scratch = children.newScratch()
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
            return Attempt(isUsable: false, result: .died("\(ending)" + child.trace))
        case .timedOut:
            child.kill()
            return Attempt(
                isUsable: false,
                result: .died("it did not come back within \(limit)" + child.trace))
        }
    }

    /// Ends the plugin in the child that ran most cases.
    private func finish(_ child: ChildProcess) -> RunReport.Raw {
        child.send(MessageLine.encode(Order.finish))
        switch child.receive(within: Children.startLimit) {
        case .line(let line):
            guard case .finished(let findings)? = MessageLine.decode(line, as: Answer.self) else {
                return .died("the child answered nonsense")
            }
            return ended(child, findings)
        case .ended(let ending): return .died("\(ending)" + child.trace)
        case .timedOut: return .died("deinit did not return within \(Children.startLimit)")
        }
    }

    /// The process ends by itself now: destructors of the library run, and a sanitizer's last word.
    private func ended(_ child: ChildProcess, _ findings: [String]) -> RunReport.Raw {
        switch child.receive(within: Children.startLimit) {
        case .ended(.exit(0)): return .outcome(findings.isEmpty ? .passed : .failed(findings))
        case .ended(let ending): return .died("after deinit, \(ending)" + child.trace)
        case .line: return .died("the child answered nonsense")
        case .timedOut: return .died("the process did not end within \(Children.startLimit)")
        }
    }
}
