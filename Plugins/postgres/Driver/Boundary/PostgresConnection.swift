import CPostgreSQL
import Glibc
import PluginKit
import SQLStore

/// One connection to the server, used by one thread at a time.
///
/// It is in libpq's pipeline mode throughout: statements are sent as they come, and their answers
/// are read when somebody needs one. The socket never blocks, so that a deadline or a cancellation
/// ends every wait even when the server hangs. A connection whose answer nobody waited for is of no
/// more use: it is closed, and the server, which looks for lost clients, ends what it was doing.
/// (libpq's own PQcancel blocks without bound, and is sent in clear.)
package final class PostgresConnection: SQLConnection {
    package static let isPipelined = true

    // Owned: finished once, in `close`.
    let handle: OpaquePointer
    package let watch: CallWatch
    /// What went wrong with the connection itself.
    var loss: DriverFailure?
    private var isClosed = false

    enum Purpose {
        case prepare
        /// Its rows are read later.
        case rows
        case effect(Expectation)
        /// The end of a transaction, whose failure changes nothing.
        case ending
        case sync
    }

    private struct Ticket {
        var statement: PostgresStatement?
        var purpose: Purpose
        var epoch: UInt64
    }

    /// What is on its way, in order; those before `answered` are done.
    private var tickets: [Ticket] = []
    private var answered = 0
    /// Statements were sent behind the last sync.
    var isOpenEnded = false
    /// The first failure that nobody has heard of.
    var failure: DriverFailure?
    var epoch: UInt64 = 1

    private var statementCount = 0
    /// Prepared statements that nobody uses any more.
    private var forgotten: [String] = []
    var control: [Control: PostgresStatement] = [:]
    var mode = TransactionMode.read
    var timeout_ms: Int64 = -1
    let warnings: WarningCount
    var isListening = false
    /// As the server calls it: `15.6`.
    package var serverVersion = ""

    /// Answers to cancellations and deadlines are looked for that often.
    static let tick_ms: Int32 = 20

    /// - Parameter handle: Connected and idle; this object takes it over.
    init(connected handle: OpaquePointer, host: Host) {
        self.handle = handle
        watch = CallWatch(host: host)
        warnings = WarningCount()
        warnings.attach(to: handle)
        PQsetnonblocking(handle, 1)
        PQenterPipelineMode(handle)
    }

    deinit { close() }

    /// Ends the connection. The server rolls back what is not committed.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        if loss == nil { loss = PostgresFailure.lost("it is closed") }
        tickets = []
        PQfinish(handle)
    }

    package var isSpent: Bool { loss != nil }

    package var isUsable: Bool {
        guard loss == nil else { return false }
        // What the server says unasked is its farewell; the end of the stream comes behind it.
        for _ in 0..<3 where isReadable {
            if PQconsumeInput(handle) == 0 { return false }
        }
        return PQstatus(handle) == CONNECTION_OK
    }

    private var isReadable: Bool {
        var waited = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        return poll(&waited, 1, 0) > 0
    }

    package func prepare(_ sql: String) throws(DriverFailure) -> PostgresStatement {
        statementCount += 1
        return PostgresStatement(sql, name: "s\(statementCount)", on: self)
    }

    package func execute(_ sql: String) throws(DriverFailure) {
        try prepare(sql).run()
    }

    func forget(_ name: String, isPrepared: Bool) {
        if isPrepared, !isClosed { forgotten.append(name) }
    }
}

// Sending.
extension PostgresConnection {
    /// Sends a statement with its parameters, and prepares it first where need be.
    func send(
        _ statement: PostgresStatement, _ parameters: [PostgresStatement.Parameter],
        _ purpose: Purpose
    ) throws(DriverFailure) {
        if let loss { throw loss }
        while let name = forgotten.popLast() {
            try push(Ticket(statement: nil, purpose: .ending, epoch: epoch)) {
                PQsendQueryParams(handle, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 1)
            }
        }
        if !statement.isPrepared {
            try push(Ticket(statement: statement, purpose: .prepare, epoch: epoch)) {
                PQsendPrepare(handle, statement.name, statement.text, 0, nil)
            }
            statement.isPrepared = true
        }
        try push(Ticket(statement: statement, purpose: purpose, epoch: epoch)) {
            Self.withArrays(parameters) { values, lengths, formats in
                PQsendQueryPrepared(
                    handle, statement.name, Int32(parameters.count), values, lengths, formats, 1)
            }
        }
    }

    private func push(_ ticket: Ticket, _ sending: () -> Int32) throws(DriverFailure) {
        guard sending() == 1 else { throw lose() }
        tickets.append(ticket)
        isOpenEnded = true
    }

    /// The parameters as libpq takes them: all binary. The arrays and what they point to live for the
    /// call of `body`, in which libpq copies them; borrowed parameters live until the driver returns.
    private static func withArrays(
        _ parameters: [PostgresStatement.Parameter],
        _ body: (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Int32
    ) -> Int32 {
        // One buffer for what has no memory of its own; a byte in front, so that it has an address.
        var buffer: [UInt8] = [0]
        var places: [(offset: Int, count: Int)] = []
        for parameter in parameters {
            let start = buffer.count
            switch parameter {
            case .integer(let number):
                for shift in stride(from: 56, through: 0, by: -8) {
                    buffer.append(UInt8(truncatingIfNeeded: number >> Int64(shift)))
                }
            case .owned(let bytes): buffer += bytes
            case .null, .borrowed: break
            }
            places.append((start, buffer.count - start))
        }
        return buffer.withUnsafeBytes { raw in
            var values: [UnsafePointer<CChar>?] = []
            var lengths: [Int32] = []
            for (parameter, place) in zip(parameters, places) {
                // Within the buffer, whose first byte stands in for what is empty.
                let base = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
                switch parameter {
                case .null:
                    values.append(nil)
                    lengths.append(0)
                case .borrowed(let bytes) where !bytes.isEmpty:
                    bytes.withUnsafeBytes {
                        values.append($0.baseAddress?.assumingMemoryBound(to: CChar.self))
                    }
                    lengths.append(Int32(clamping: bytes.count))
                default:
                    values.append(place.count > 0 ? base.map { $0 + place.offset } : base)
                    lengths.append(Int32(clamping: place.count))
                }
            }
            return body(values, lengths, Array(repeating: 1, count: parameters.count))
        }
    }

    /// Marks the end of a stretch: an error skips what follows up to here.
    func sync() throws(DriverFailure) {
        guard PQpipelineSync(handle) == 1 else { throw lose() }
        tickets.append(Ticket(statement: nil, purpose: .sync, epoch: epoch))
        isOpenEnded = false
    }
}

// Waiting.
extension PostgresConnection {
    package func settle() throws(DriverFailure) {
        if let loss { throw loss }
        if isOpenEnded { try sync() }
        while answered < tickets.count {
            try read(tickets[answered])
            answered += 1
        }
        tickets.removeAll(keepingCapacity: true)
        answered = 0
        if let failure {
            self.failure = nil
            throw failure
        }
    }

    private func read(_ ticket: Ticket) throws(DriverFailure) {
        if case .sync = ticket.purpose {
            guard let answer = try next(), answer.outcome == .sync else { throw lose() }
            return
        }
        // The answers to a statement end with none.
        while let answer = try next() { try take(answer, for: ticket) }
    }

    private func take(_ answer: PostgresResult, for ticket: Ticket) throws(DriverFailure) {
        switch answer.outcome {
        case .sync:
            throw lose()
        case .skipped:
            if case .prepare = ticket.purpose { ticket.statement?.isPrepared = false }
        case .error:
            if case .prepare = ticket.purpose { ticket.statement?.isPrepared = false }
            let state = answer.state
            guard !state.isEmpty else { throw lose() }
            let failure = PostgresFailure.make(state: state, message: answer.message)
            if PostgresFailure.endsConnection(state) { loss = failure }
            if case .ending = ticket.purpose { return }
            note(failure, ticket)
        case .done:
            switch ticket.purpose {
            case .rows:
                if ticket.epoch == epoch { ticket.statement?.deliver(answer) }
            case .effect(let expectation):
                do throws(DriverFailure) {
                    try expectation.check(
                        rows: answer.affectedRows,
                        number: answer.rowCount > 0 ? answer.integer(0, 0) : nil)
                } catch {
                    note(error, ticket)
                }
            case .prepare, .ending, .sync:
                break
            }
        }
    }

    private func note(_ failure: DriverFailure, _ ticket: Ticket) {
        if self.failure == nil, ticket.epoch == epoch { self.failure = failure }
    }

    /// The next answer, waited for; nil between the answers to two statements.
    private func next() throws(DriverFailure) -> PostgresResult? {
        while true {
            let rest = PQflush(handle)
            guard rest >= 0 else { throw lose() }
            if PQisBusy(handle) == 0 { break }
            try wait(toWrite: rest > 0, for: Self.tick_ms)
        }
        return PQgetResult(handle).map { PostgresResult($0) }
    }

    /// Waits until the server can be heard, or written to; gives up with the call.
    func wait(toWrite: Bool, for milliseconds: Int32) throws(DriverFailure) {
        if let reason = watch.reasonToStop {
            loss = PostgresFailure.lost("an answer was not waited for")
            throw reason
        }
        var limit = milliseconds
        if let rest = watch.remaining_ns {
            limit = min(limit, Int32(clamping: rest / 1_000_000 + 1))
        }
        let events = toWrite ? POLLIN | POLLOUT : POLLIN
        var waited = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
        guard poll(&waited, 1, limit) > 0 else { return }
        // Also after a hang-up, which shows as input.
        if waited.revents & ~Int16(POLLOUT) != 0, PQconsumeInput(handle) == 0 { throw lose() }
    }

    /// The connection has failed, for the reason that libpq gives.
    func lose() -> DriverFailure {
        if let loss { return loss }
        let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        let line =
            text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "no reason given"
        // The server may have said farewell before it hung up.
        let reason = failure ?? PostgresFailure.lost(line)
        loss = reason
        return reason
    }
}
