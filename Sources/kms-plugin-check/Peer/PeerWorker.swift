import PluginLoader

/// The side of the peer: does what a case in another process orders.
final class PeerWorker {
    private let driver: Driver
    private var test: Test?
    private var database: Database?

    /// Serves until the case has no more orders, and then closes and ends the plugin as a host does.
    static func run(library: String, config: String, hostVersion: String) {
        ParentProcess.takeDescriptor()
        // Only a watch against a case that is gone: cases have shorter limits.
        ParentProcess.limit(seconds: 3600)
        do {
            let driver = Driver(
                library: try DriverLibrary(path: library, hostVersion: hostVersion),
                config: try CheckConfig(path: config))
            PeerWorker(driver).serve()
        } catch {
            send(.broken("\(error)"))
        }
    }

    private init(_ driver: Driver) { self.driver = driver }

    private func serve() {
        while let line = ParentProcess.receive(),
            let order = MessageLine.decode(line, as: PeerOrder.self)
        {
            let result = answer(order)
            Self.send(result, findings: driver.library.host.takeMisuse() + takeFindings())
        }
        guard let test else { return }
        test.finish()
        driver.library.stop()
    }

    private var reported = 0
    private func takeFindings() -> [String] {
        let all = test?.findings.all ?? []
        defer { reported = all.count }
        return Array(all.dropFirst(reported))
    }

    private static func send(_ result: PeerAnswer.Result, findings: [String] = []) {
        ParentProcess.send(
            MessageLine.encode(PeerAnswer(result: result, findings: findings)))
    }

    private func answer(_ order: PeerOrder) -> PeerAnswer.Result {
        do {
            return try obey(order)
        } catch let failure as CallFailed {
            return .failed(failure)
        } catch {
            return .broken("\(error)")
        }
    }

    private func obey(_ order: PeerOrder) throws -> PeerAnswer.Result {
        switch order {
        case .start(let allocation, let random):
            return .started(try start(failingAllocation: allocation, failingRandom: random))
        case .open(let scratch):
            let test = Test(driver, scratch: scratch)
            self.test = test
            database = try test.open()
            return .done
        default: break
        }
        guard let database else { throw CouldNotRun("the database is not open") }
        return try obey(order, on: database)
    }

    private func obey(_ order: PeerOrder, on database: Database) throws -> PeerAnswer.Result {
        switch order {
        case .start, .open: throw CouldNotRun("it is open already")
        case .migrate: try database.migrate()
        case .health: try database.health()
        case .apply(let writes): return .written(try database.apply(writes))
        case .get(let gets): return .objects(try database.get(gets).items)
        case .uids(let tag): return .uids(try database.uids(Query(.tag(tag))))
        case .changes(let token, let milliseconds):
            let end = driver.library.host.now + UInt64(milliseconds) * 1_000_000
            return .changes(try database.with { $0.deadline = end }.changes(since: token))
        case .clear(let force): try database.clear(force: force)
        case .write(let chains): try Self.write(chains, to: database)
        }
        return .done
    }

    private func start(failingAllocation: Int?, failingRandom: Int?) throws -> PeerStart {
        let host = driver.library.host
        host.failAllocation(at: failingAllocation)
        host.failRandom(at: failingRandom)
        defer {
            host.failAllocation(at: nil)
            host.failRandom(at: nil)
        }
        var failure: CallFailed?
        do {
            try driver.library.start()
        } catch let reason as CallFailed {
            failure = reason
        }
        return PeerStart(
            failure: failure,
            hasStruck: host.allocationFault.hasStruck || host.randomFault.hasStruck,
            secureBlocks: host.secureBlocks)
    }

    private static func write(_ chains: [Chain], to database: Database) throws {
        try onThreads(chains.count) { index in
            let chain = chains[index]
            for number in 1...UInt64.max {
                try database.write(chain.batch(number))
                send(.acknowledged(chain: chain.name, number: number))
            }
        }
    }
}
