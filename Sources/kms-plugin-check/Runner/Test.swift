import FoundationEssentials
import PluginLoader
import Synchronization

/// What a case has at hand while it runs: databases, expectations, the host that the driver sees.
/// Its threads may share it.
final class Test: Sendable {
    let driver: Driver
    /// A folder of this case alone, which `{{scratch}}` stands for. Gone afterwards.
    let scratch: String
    let findings = Findings()
    private let handles = Mutex<[Handle]>([])
    private let proxies = Mutex<[Proxy]>([])
    let hsmHandles = HSMHandles()

    init(_ driver: Driver, scratch: String) {
        self.driver = driver
        self.scratch = scratch
    }

    /// The services that the driver uses: what it holds, logged and did wrong, and faults for it.
    var host: KitHost { driver.library.host }

    /// How often a case repeats what chance decides: `ROUNDS` of the environment.
    func rounds(_ standard: Int) -> Int {
        ProcessInfo.processInfo.environment["ROUNDS"].flatMap(Int.init).map { max(1, $0) }
            ?? standard
    }

    // MARK: Databases

    /// A database that is ready and holds nothing. Once in a case; more handles on it come from
    /// ``open(_:concurrency:)``. All are closed when the case ends.
    func database(concurrency: Int = 16) throws -> Database {
        let database = try open(concurrency: concurrency)
        try database.migrate()
        if !driver.hasOwnDatabases { try database.clear(force: true) }
        return database
    }

    /// Another handle on the database of this case, as it is.
    func open(
        _ flags: Opening.Flags = [], concurrency: Int = 16, options: CallOptions = CallOptions(),
        _ change: (inout Opening) -> Void = { _ in }
    ) throws -> Database {
        var opening = Opening(
            settings: try driver.settings(scratch: scratch), flags: flags,
            concurrency: concurrency)
        change(&opening)
        return try open(opening, options)
    }

    /// What opens a backend that the configuration provides in this state. Once in a case.
    func opening(prepared state: Preparation) throws -> Opening {
        Opening(settings: try driver.settings(prepared: state, scratch: scratch))
    }

    /// A handle on a database that the configuration provides in this state. Once in a case.
    func prepared(_ state: Preparation, _ flags: Opening.Flags = []) throws -> Database {
        var opening = try opening(prepared: state)
        opening.flags = flags
        return try open(opening)
    }

    func open(
        _ opening: Opening, _ options: CallOptions = CallOptions()
    ) throws -> Database {
        let handle = try driver.library.open(opening, options, findings)
        handles.withLock { $0.append(handle) }
        return Database(handle: handle)
    }

    /// A proxy before the backend, for cases that need one. It ends with the case.
    func proxy() throws -> Proxy {
        guard let backend = driver.backend else { throw skip("the backend's place is unknown") }
        let proxy = try Proxy(to: backend)
        proxies.withLock { $0.append(proxy) }
        return proxy
    }

    /// Closes what the case left open.
    func finish() {
        for handle in handles.withLock({ $0 }) { handle.close() }
        for proxy in proxies.withLock({ $0 }) { proxy.close() }
        hsmHandles.close()
        for problem in host.takeMisuse() { findings.add(problem) }
    }

    // MARK: Expectations

    /// Notes a deviation unless the condition holds. The case goes on.
    func check(
        _ condition: Bool, _ what: @autoclosure () -> String, _ file: StaticString = #fileID,
        _ line: UInt = #line
    ) {
        if !condition { fail(what(), file, line) }
    }

    /// Notes a deviation unless both are equal.
    func expect<T: Equatable>(
        _ found: T, _ wanted: T, _ what: @autoclosure () -> String = "",
        _ file: StaticString = #fileID, _ line: UInt = #line
    ) {
        guard found != wanted else { return }
        let what = what()
        fail(
            (what.isEmpty ? "" : what + ": ") + "\(shown(found)), expected \(shown(wanted))", file,
            line)
    }

    /// Notes a deviation unless the body fails with one of these statuses. Returns the failure.
    @discardableResult
    func expectFailure(
        _ wanted: Status..., of what: String = "", _ file: StaticString = #fileID,
        _ line: UInt = #line, _ body: () throws -> Void
    ) throws -> CallFailed? {
        let names = wanted.map(\.description).joined(separator: " or ")
        let prefix = what.isEmpty ? "" : what + ": "
        do {
            try body()
            fail("\(prefix)KMS_OK, expected \(names)", file, line)
            return nil
        } catch let failure as CallFailed {
            if !wanted.contains(failure.status) {
                fail("\(prefix)\(failure), expected \(names)", file, line)
            }
            return failure
        }
    }

    func fail(_ what: String, _ file: StaticString = #fileID, _ line: UInt = #line) {
        let name = "\(file)".split(separator: "/").last ?? ""
        findings.add("\(what) [\(name):\(line)]")
    }

    /// The case cannot be tried here, for a reason that shows only now.
    func skip(_ reason: String) -> any Error { NotApplicable(reason: reason) }

    private func shown<T>(_ value: T) -> String {
        let text = (value as? [UInt8]).map { "\($0.count) bytes \($0.prefix(24))" } ?? "\(value)"
        return text.count > 300 ? text.prefix(300) + "..." : text
    }
}

struct NotApplicable: Error { var reason: String }
