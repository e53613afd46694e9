import PluginLoader

/// The child's side: loads the driver, runs the cases that it is told to run, answers.
struct Worker {
    private var driver: Driver
    private var isStarted = false

    /// Serves until the parent has no more orders.
    static func run(library: String, config: String) {
        ParentProcess.takeDescriptor()
        do {
            let driver = Driver(
                library: try DriverLibrary(path: library), config: try CheckConfig(path: config))
            var worker = Worker(driver: driver)
            worker.answer(.loaded(DriverFacts(driver.info)))
            worker.serve()
        } catch let refusal as PluginRefused {
            ParentProcess.send(
                MessageLine.encode(
                    Answer.refused("\(refusal)", isFault: refusal.isFaultOfDriver)))
        } catch {
            ParentProcess.send(MessageLine.encode(Answer.couldNotRun("\(error)")))
        }
    }

    private init(driver: Driver) { self.driver = driver }

    private mutating func serve() {
        while let line = ParentProcess.receive(),
            let order = MessageLine.decode(line, as: Order.self)
        {
            // Only a watch against a parent that is gone: the parent has the shorter limit.
            ParentProcess.limit(seconds: 3600)
            switch order {
            case .start(let scratch): answer(start(scratch))
            case .run(let id, let scratch): answer(.done(run(id, scratch)))
            case .bench(let scratch, let seconds): answer(bench(scratch, seconds))
            case .finish: return answer(.finished(findings: finish()))
            }
        }
    }

    private func answer(_ answer: Answer) { ParentProcess.send(MessageLine.encode(answer)) }

    private mutating func start(_ scratch: String) -> Answer {
        do {
            try driver.start(scratch: scratch)
            isStarted = true
            return .started
        } catch let problem as CallFailed {
            return .refused("\(problem)", isFault: true)
        } catch {
            return .couldNotRun("\(error)")
        }
    }

    private func run(_ id: String, _ scratch: String) -> Outcome {
        guard let found = Catalogue.all.first(where: { $0.id == id }) else {
            return .failed(["there is no such case"])
        }
        for need in found.needs {
            if let reason = driver.lacks(need) { return .notApplicable(reason) }
        }
        let test = Test(driver, scratch: scratch)
        do {
            try found.body(test)
        } catch let reason as NotApplicable {
            test.finish()
            return .notApplicable(reason.reason)
        } catch {
            test.findings.add("\(error)")
        }
        test.finish()
        let findings = test.findings.all
        return findings.isEmpty ? .passed : .failed(findings)
    }

    private func bench(_ scratch: String, _ seconds: Double) -> Answer {
        let test = Test(driver, scratch: scratch)
        do {
            let figures = try Bench(test, seconds: seconds).run()
            test.finish()
            let findings = test.findings.all
            return findings.isEmpty
                ? .measured(figures)
                : .refused(findings.joined(separator: "; "), isFault: true)
        } catch {
            test.finish()
            return .refused("\(error)", isFault: true)
        }
    }

    private func finish() -> [String] {
        guard isStarted else { return [] }
        driver.library.stop()
        let host = driver.library.host
        var findings = host.takeMisuse()
        if host.secureBlocks > 0 {
            findings.append("\(host.secureBlocks) blocks of secure memory are left after deinit")
        }
        return findings
    }
}

extension DriverFacts {
    init(_ info: PluginInfo) {
        self.init(
            id: info.id, name: info.name, version: info.version,
            abi: "\(info.abiMajor).\(info.abiMinor)", isVolatile: info.isVolatile,
            isSingleProcess: info.isSingleProcess, isHSM: info.kind == .hsm)
    }
}

extension PluginRefused {
    /// Whether the library itself is at fault, and not where it lies or who may write it.
    var isFaultOfDriver: Bool {
        switch reason {
        case .notLibrary, .unresolved, .cannotOpen, .noEntry, .abi, .kind, .serves, .description:
            true
        default: false
        }
    }
}
