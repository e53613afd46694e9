import PluginLoader

/// Another process with the same driver on the database of a case. Of one thread.
final class Peer {
    private let process: ChildProcess
    private let test: Test

    /// No single order may take longer.
    private static let limit = Duration.seconds(30)

    /// Starts the process; the library is loaded there and not started.
    ///
    /// - Parameter hostVersion: What the host there says of itself.
    init(_ test: Test, hostVersion: String = KitHost.version) throws {
        self.test = test
        process = try ChildProcess(
            arguments: [
                "peer", test.driver.library.plugin.path, "--config", test.driver.configPath,
                "--host-version", hostVersion,
            ], outputFolder: test.scratch)
    }

    deinit { process.kill() }

    /// A peer that has the database open.
    static func onDatabase(
        of test: Test, hostVersion: String = KitHost.version
    ) throws -> Peer {
        let peer = try Peer(test, hostVersion: hostVersion)
        if let failure = try peer.start().failure { throw failure }
        _ = try peer.ask(.open(scratch: test.scratch))
        return peer
    }

    func start(
        failingAllocation: Int? = nil, failingRandom: Int? = nil
    ) throws -> PeerStart {
        let order = PeerOrder.start(
            failingAllocation: failingAllocation, failingRandom: failingRandom)
        guard case .started(let start) = try ask(order) else { throw Self.nonsense }
        return start
    }

    func migrate() throws { _ = try ask(.migrate) }

    func health() throws { _ = try ask(.health) }

    func apply(_ writes: [Write]) throws -> [Written] { try written(ask(.apply(writes))) }

    /// One batch, which must succeed.
    func write(_ writes: Write...) throws {
        for written in try apply(writes) where written.status != .ok {
            throw CallFailed(
                function: .apply, status: written.status, message: "in the other process")
        }
    }

    func get(_ uid: String, who: [String] = []) throws -> Found {
        guard case .objects(let found) = try ask(.get([Get(uid, who: who)])),
            let first = found.first
        else { throw Self.nonsense }
        return first
    }

    func uids(tag: String) throws -> [String] {
        guard case .uids(let uids) = try ask(.uids(tag: tag)) else { throw Self.nonsense }
        return uids
    }

    func clear(force: Bool) throws { _ = try ask(.clear(force: force)) }

    func changes(since token: [UInt8], milliseconds: Int) throws -> Changes {
        begin(.changes(since: token, milliseconds: milliseconds))
        return try awaitedChanges()
    }

    // MARK: Work that goes on meanwhile

    /// Gives an order whose answer is fetched later.
    func begin(_ order: PeerOrder) { process.send(MessageLine.encode(order)) }

    func awaitedWrites() throws -> [Written] { try written(answer()) }

    func awaitedChanges() throws -> Changes {
        guard case .changes(let changes) = try answer() else { throw Self.nonsense }
        return changes
    }

    func awaitedEnd() throws { _ = try answer() }

    /// The next batch that was acknowledged after the order ``PeerOrder/write(_:)``.
    func acknowledgement() throws -> (chain: String, number: UInt64) {
        guard case .acknowledged(let chain, let number) = try answer() else {
            throw Self.nonsense
        }
        return (chain, number)
    }

    /// Ends the process as `kill -9` does, and gives what it acknowledged and nobody read yet.
    func kill() -> [(chain: String, number: UInt64)] {
        process.kill()
        var acknowledged: [(chain: String, number: UInt64)] = []
        // What is in the pipe stays there, up to the last whole line.
        while case .line(let line) = process.receive(within: Self.limit) {
            if let answer = MessageLine.decode(line, as: PeerAnswer.self),
                case .acknowledged(let chain, let number) = answer.result
            {
                acknowledged.append((chain, number))
            }
        }
        return acknowledged
    }

    private func ask(_ order: PeerOrder) throws -> PeerAnswer.Result {
        begin(order)
        return try answer()
    }

    private func answer() throws -> PeerAnswer.Result {
        switch process.receive(within: Self.limit) {
        case .line(let line):
            guard let answer = MessageLine.decode(line, as: PeerAnswer.self) else {
                throw Self.nonsense
            }
            for finding in answer.findings { test.findings.add("another process: \(finding)") }
            let output = process.takeOutput()
            if !output.isEmpty {
                test.fail("another process wrote to the standard streams: \(output)")
            }
            switch answer.result {
            case .failed(let failure): throw failure
            case .broken(let problem): throw PeerProblem(description: problem)
            case let result: return result
            }
        case .ended(let ending):
            throw PeerProblem(description: "another process: \(ending) \(process.takeOutput())")
        case .timedOut:
            process.kill()
            throw PeerProblem(
                description: "another process did not come back within \(Self.limit)")
        }
    }

    private func written(_ result: PeerAnswer.Result) throws -> [Written] {
        guard case .written(let written) = result else { throw Self.nonsense }
        return written
    }

    private static var nonsense: PeerProblem {
        PeerProblem(description: "another process answered nonsense")
    }
}

/// Why a peer is of no more use.
struct PeerProblem: Error, CustomStringConvertible { var description: String }
