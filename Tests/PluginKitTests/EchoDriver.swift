import PluginKit
import Synchronization

/// A driver without a database: it answers what it is asked, to test what lies in between.
final class EchoDriver: DatabaseDriver {
    static let quick: QuickFunctions = [.get, .grants]
    static let writers: UInt32 = 3

    let host: Host
    private let isClosed: Closed
    private let log = Mutex<[String]>([])

    /// Outlives the driver, to be asked afterwards.
    final class Closed: Sendable { let value = Atomic<Bool>(false) }
    static let lastClosed = Mutex<Closed?>(nil)

    init(host: Host) {
        self.host = host
        isClosed = Closed()
        Self.lastClosed.withLock { $0 = isClosed }
    }

    static func open(
        _ options: OpenOptions, host: Host, call: Call
    ) throws(DriverFailure) -> EchoDriver {
        guard let path = options.text("echo-path"), path == "/tmp/ä" else {
            throw DriverFailure(
                .denied, "wrong path äöü", flags: .inDoubt, nativeCode: -7, nativeState: "28P01",
                retryAfter_ns: 9)
        }
        guard options.number("echo-number") == 42, options.text("missing") == nil,
            options.texts("echo-list").map({ String($0) }) == ["x", "y"],
            options.concurrency == 5, options.flags == .readOnly
        else { throw DriverFailure(.invalid) }
        return EchoDriver(host: host)
    }

    func close() { isClosed.value.store(true, ordering: .relaxed) }

    /// Each uid says what to do with it.
    func get(
        _ requests: GetRequests, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        if call.isInline { throw .wouldBlock }
        for request in requests {
            var record = ObjectRecord(uid: request.uid)
            record.rights = UInt64(request.who.count)
            record.revision = request.knownRevision
            record.state = request.parts.rawValue
            if request.uid == "missing" { record.status = .notFound }
            if request.uid == "known" { record.isUnchanged = true }
            if request.uid == "failure" { throw DriverFailure(.unavailable, "after some items") }
            if let first = request.who.first { record.owner = first }
            record.object = request.uid.utf8
            record.attributes = record.owner.utf8
            try objects.append(record)
            for name in request.who { try objects.appendTag(name) }
        }
    }

    func apply(
        _ writes: Writes, _ call: Call, into outcomes: inout Outcomes
    ) throws(DriverFailure) {
        var start = 0
        while start < writes.count {
            let batch = writes.batch(from: start)
            for index in batch {
                let write = writes[index]
                outcomes[index] =
                    write.operation == nil ? .unsupported : Status(rawValue: Int32(batch.count))
                if write.terms.count == 2, write.tags.isEmpty, write.terms[1].isUnique,
                    case .integer(-1) = write.terms[0].value.content
                {
                    outcomes.setInDoubt(index, .unavailable)
                }
            }
            start = batch.upperBound
        }
    }

    func context(_ call: Call) throws(DriverFailure) -> SchemaContext {
        var context = SchemaContext(state: .foreign)
        context.version = "1.2.3"
        context.format = String(repeating: "é", count: 40)
        return context
    }

    func plan(_ call: Call) throws(DriverFailure) -> [String] { ["CREATE ä", "", "third"] }

    func health(_ call: Call) throws(DriverFailure) {
        try call.check(host)
        host.log(.warning, call: call, "health \(call.id) \(String(call.traceID))")
        let secret = try [1, 2, 3].withBorrowedBytes { (bytes) throws(DriverFailure) in
            try host.secureMemory(copying: bytes)
        }
        guard secret.withExposedBytes({ Array($0) }) == [1, 2, 3],
            try host.random(4) == [7, 7, 7, 7]
        else { throw DriverFailure(.internal) }
    }

    func statistics(_ call: Call) throws(DriverFailure) -> [Statistic] {
        [Statistic("objects", "1", 3), Statistic("pool.waiting", "1", 0.5)]
    }

    func changes(
        since token: BorrowedBytes, _ call: Call, into changes: inout ChangesBuilder
    ) throws(DriverFailure) {
        changes.isLost = token.isEmpty
        for _ in 0..<token.count { try changes.append("uid") }
        try changes.setToken(token)
    }

    func query(
        _ query: Query, _ call: Call, into objects: inout ObjectsBuilder
    ) throws(DriverFailure) {
        for index in 0..<query.limit {
            try String(index).withBorrowedText { (uid) throws(DriverFailure) in
                try objects.append(ObjectRecord(uid: uid))
            }
        }
        objects.isInexact = query.filters.count == 2
        objects.total = 1 << 40
        try objects.setCursor(query.cursor)
    }
}

let echoPlugin = Plugin(
    describing: PluginDescription(
        id: "org.example.echo", name: "Echo", version: "0.1.0", vendor: "Example",
        url: "https://example.org", license: "Apache-2.0", summary: "Answers what it is asked",
        serves: ["echo", "parrot"],
        options: [
            PluginOption(
                "echo-path", .path, help: "Where", default: "./echo", flags: [.required],
                environment: ["ECHO_PATH", "ECHO"]),
            PluginOption("echo-mode", .choice, help: "How", choices: ["loud", "low"]),
            PluginOption("echo-number", .integer, help: "How often", range: -1...100),
        ]),
    database: EchoDriver.self)

/// A second driver in the same process, which must not be mixed up with the first.
final class SilentDriver: DatabaseDriver {
    static func open(
        _ options: OpenOptions, host: Host, call: Call
    ) throws(DriverFailure) -> SilentDriver { SilentDriver() }
    func close() {}
}

let silentPlugin = Plugin(
    describing: PluginDescription(
        id: "org.example.silent", name: "Silent", version: "0.1.0", vendor: "Example", url: "",
        license: "Apache-2.0", summary: "Says nothing", serves: ["silent"]),
    database: SilentDriver.self)
