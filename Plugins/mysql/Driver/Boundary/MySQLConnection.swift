import CMariaDB
import COpenSSL
import CPlatform
import Glibc
import PluginKit
import SQLStore

/// One connection to the server, used by one thread at a time.
///
/// It goes through the client library's non-blocking functions: each returns what it waits for, and
/// we wait, so that a deadline or a cancellation ends every wait even when the server hangs. A
/// connection whose answer nobody waited for is of no more use: it is closed, and the server rolls
/// back.
package final class MySQLConnection: SQLConnection {
    // Owned: closed once, in `close`.
    private let handle: UnsafeMutablePointer<MYSQL>
    package let watch: CallWatch
    /// What went wrong with the connection itself.
    private var loss: DriverFailure?
    private var isClosed = false
    /// Statements that nobody uses any more.
    private var forgotten: [UnsafeMutablePointer<MYSQL_STMT>] = []
    /// From here on the library leaves the socket as it is.
    var isConnected = false
    /// The server, for messages, to which nothing is said before it has offered TLS.
    var mustOfferTLS: String?
    private var mode = TransactionMode.read
    private var isolation: Isolation?
    private var timeout_s: Int64 = 0
    package private(set) var lastInsertedID: Int64?

    /// `MariaDB 10.11.6`, or `MySQL 8.0.36`.
    package var serverVersion = ""
    var isMariaDB = true
    /// The largest packet that the server takes.
    var packetMax = Int.max

    /// Answers to cancellations and deadlines are looked for that often.
    private static let tick_ms: Int32 = 20

    /// Not yet connected.
    init(host: Host) throws(DriverFailure) {
        guard let handle = mysql_init(nil) else { throw .outOfMemory }
        self.handle = handle
        watch = CallWatch(host: host)
    }

    deinit { close() }

    /// Ends the connection. The server rolls back what is not committed.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        // The library would say farewell, and wait for a peer that does not read.
        if loss != nil, hasSocket { hangUp() }
        loss = loss ?? MySQLFailure.lost("it is closed")
        for statement in forgotten { mysql_stmt_close(statement) }
        forgotten = []
        mysql_close(handle)
    }

    package var isSpent: Bool { loss != nil }

    /// False once the library has closed the connection by itself: asked for the socket then, it
    /// looks at memory that it freed, and the number may be another connection's by now.
    private var hasSocket: Bool { handle.pointee.net.pvio != nil }

    package var isUsable: Bool {
        guard loss == nil, hasSocket else { return false }
        // The server says nothing unasked but its farewell.
        var waited = pollfd(fd: mysql_get_socket(handle), events: Int16(POLLIN), revents: 0)
        return poll(&waited, 1, 0) == 0
    }

    /// Runs `body` with the library's handle, which must not leave it.
    func withHandle<R>(
        _ body: (UnsafeMutablePointer<MYSQL>) throws(DriverFailure) -> R
    ) throws(DriverFailure) -> R { try body(handle) }

    package func prepare(_ sql: String) throws(DriverFailure) -> MySQLStatement {
        MySQLStatement(sql, on: self)
    }

    package func execute(_ sql: String) throws(DriverFailure) { try prepare(sql).run() }

    /// Takes over a statement that is to be closed.
    func forget(_ statement: UnsafeMutablePointer<MYSQL_STMT>) {
        // Without a connection it is memory only.
        if isClosed { mysql_stmt_close(statement) } else { forgotten.append(statement) }
    }

    func noteInsertedID(_ id: UInt64) {
        if id != 0 { lastInsertedID = Int64(bitPattern: id) }
    }
}

// Waiting.
extension MySQLConnection {
    /// Goes through one operation of the library.
    ///
    /// - Parameters:
    ///   - start: Begins it; returns what it waits for, 0 when it is done.
    ///   - proceed: Goes on after that has happened.
    func complete(_ start: () -> Int32, _ proceed: (Int32) -> Int32) throws(DriverFailure) {
        if let loss { throw loss }
        // An answer may be there before anybody waits for it.
        try watch.check()
        // What went wrong with another connection on this thread stays in OpenSSL's queue, where
        // the library would take it for a failure of this one.
        ERR_clear_error()
        var awaited = start()
        while awaited != 0 {
            if !isConnected { keepFromBlocking() }
            do throws(DriverFailure) {
                let happened = try wait(for: awaited)
                ERR_clear_error()
                if !isConnected { try requireOfferOfTLS() }
                awaited = proceed(happened)
            } catch {
                loss = MySQLFailure.lost("an answer was not waited for")
                giveUp(awaited, proceed)
                throw error
            }
        }
    }

    /// The library's TLS reads and writes as the socket lets it, and it leaves sockets blocking.
    func keepFromBlocking() {
        let socket = mysql_get_socket(handle)
        let flags = fcntl(socket, F_GETFL)
        if flags >= 0, flags & O_NONBLOCK == 0 { _ = fcntl(socket, F_SETFL, flags | O_NONBLOCK) }
    }

    /// Looks at the greeting before the library reads it.
    private func requireOfferOfTLS() throws(DriverFailure) {
        guard let place = mustOfferTLS else { return }
        var bytes = [UInt8](repeating: 0, count: Greeting.sizeMax)
        let leavingThem = Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)
        while true {
            // Copies at most that many bytes.
            let count = recv(mysql_get_socket(handle), &bytes, bytes.count, leavingThem)
            if count < 0, errno == EAGAIN {
                _ = try wait(for: MYSQL_WAIT_READ)
                continue
            }
            // It is not connected, or no more: the library finds out.
            guard count > 0 else { return }
            switch Greeting(bytes.prefix(count)) {
            case .incomplete:
                try pause(milliseconds: 1)
            case .offersNone:
                throw MySQLFailure.withoutTLS(place)
            case .offersTLS, .other:
                mustOfferTLS = nil
                return
            }
        }
    }

    /// Waits until the socket is ready; gives up with the call.
    private func wait(for awaited: Int32) throws(DriverFailure) -> Int32 {
        var events: Int32 = 0
        if awaited & MYSQL_WAIT_READ != 0 { events |= POLLIN }
        if awaited & MYSQL_WAIT_WRITE != 0 { events |= POLLOUT }
        if awaited & MYSQL_WAIT_EXCEPT != 0 { events |= POLLPRI }
        var waited = pollfd(fd: mysql_get_socket(handle), events: Int16(events), revents: 0)
        while true {
            if let reason = watch.reasonToStop { throw reason }
            var limit = Self.tick_ms
            if let rest = watch.remaining_ns {
                limit = min(limit, Int32(clamping: rest / 1_000_000 + 1))
            }
            // A hang-up shows as what is waited for, and the library finds out.
            if poll(&waited, 1, limit) > 0 {
                return awaited & (MYSQL_WAIT_READ | MYSQL_WAIT_WRITE | MYSQL_WAIT_EXCEPT)
            }
        }
    }

    /// Does nothing for a while; gives up with the call.
    private func pause(milliseconds: Int32) throws(DriverFailure) {
        var rest = milliseconds
        while rest > 0 {
            try watch.check()
            usleep(UInt32(min(rest, Self.tick_ms)) * 1000)
            rest -= Self.tick_ms
        }
    }

    /// Lets the operation fail, so that the library frees what it holds for it.
    private func giveUp(_ awaited: Int32, _ proceed: (Int32) -> Int32) {
        hangUp()
        var awaited = awaited
        // On a socket that is shut nothing waits for long; the bound is for what we do not know.
        for _ in 0..<100 where awaited != 0 { awaited = proceed(MYSQL_WAIT_TIMEOUT) }
    }

    private func hangUp() {
        let socket = mysql_get_socket(handle)
        if socket >= 0 { shutdown(socket, Int32(SHUT_RDWR)) }
    }

    /// The failure that the library reports for the connection.
    func failure() -> DriverFailure {
        failed(
            MySQLFailure.make(
                code: mysql_errno(handle), state: String(cString: mysql_sqlstate(handle)),
                message: String(cString: mysql_error(handle))))
    }

    /// The failure that the library reports for a statement.
    func failure(of statement: UnsafeMutablePointer<MYSQL_STMT>) -> DriverFailure {
        failed(
            MySQLFailure.make(
                code: mysql_stmt_errno(statement),
                state: String(cString: mysql_stmt_sqlstate(statement)),
                message: String(cString: mysql_stmt_error(statement))))
    }

    private func failed(_ failure: DriverFailure) -> DriverFailure {
        if MySQLFailure.endsConnection(UInt32(clamping: failure.nativeCode)) { loss = failure }
        return failure
    }

    /// Closes what nobody uses any more. The server does not answer.
    func closeForgotten() throws(DriverFailure) {
        while let statement = forgotten.popLast() {
            var result: my_bool = 0
            try complete({ mysql_stmt_close_start(&result, statement) }) {
                mysql_stmt_close_cont(&result, statement, $0)
            }
        }
    }

    /// Runs a text of ours that has neither parameters nor rows.
    private func run(_ text: StaticString) throws(DriverFailure) {
        var result: Int32 = 0
        let handle = handle
        // A literal lives as long as the library.
        let start = UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
        try complete({
            mysql_real_query_start(&result, handle, start, UInt(text.utf8CodeUnitCount))
        }) {
            mysql_real_query_cont(&result, handle, $0)
        }
        guard result == 0 else { throw failure() }
    }
}

// Transactions.
extension MySQLConnection {
    private enum Isolation { case snapshot, committed }

    package func begin(_ mode: TransactionMode) throws(DriverFailure) {
        self.mode = mode
        switch mode {
        case .read:
            if isolation != .snapshot {
                try run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                isolation = .snapshot
            }
            try run("START TRANSACTION READ ONLY")
        case .write, .exclusive:
            // No locks on gaps, and each statement sees what was committed before it.
            if isolation != .committed {
                try run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
                isolation = .committed
            }
            try run("START TRANSACTION READ WRITE")
        }
    }

    package func commit() throws(DriverFailure) {
        try watch.check()
        do throws(DriverFailure) {
            try run("COMMIT")
        } catch {
            guard mode != .read else { throw error }
            // A node that lost against another has rolled back; all else may have been committed.
            if error.nativeCode == 1213 { throw error }
            var failure = error
            failure.flags = .inDoubt
            throw failure
        }
    }

    package func rollback() {
        guard loss == nil else { return }
        do throws(DriverFailure) {
            try run("ROLLBACK")
        } catch {
            loss = loss ?? error
        }
    }

    package func savepoint() throws(DriverFailure) { try run("SAVEPOINT batch") }
    package func releaseSavepoint() throws(DriverFailure) { try run("RELEASE SAVEPOINT batch") }
    package func rollbackToSavepoint() throws(DriverFailure) {
        try run("ROLLBACK TO SAVEPOINT batch")
    }
}

// The schema's lock, and what a call begins with.
extension MySQLConnection {
    /// How long and how often to try while another server holds the lock.
    private static let lockAttempts = 100
    private static let lockPause_us: UInt32 = 50_000

    // A lock of a name is the server's, so the name has the database in it; at most 64 characters.
    package func lockSchema() throws(DriverFailure) {
        for _ in 0..<Self.lockAttempts {
            let attempt = try prepare("SELECT GET_LOCK(CONCAT('claviger.', SHA1(DATABASE())), 0)")
            defer { attempt.reset() }
            if try attempt.step(), attempt.integer(0) == 1 { return }
            try watch.check()
            usleep(Self.lockPause_us)
        }
        throw DriverFailure(
            .upgrading, "MySQL: another server is changing the schema", flags: .retryable)
    }

    package func unlockSchema() {
        guard loss == nil else { return }
        do throws(DriverFailure) {
            try prepare("SELECT RELEASE_LOCK(CONCAT('claviger.', SHA1(DATABASE())))").run()
        } catch {
            loss = loss ?? error  // closing the connection unlocks, too
        }
    }

    package func beginCall() throws(DriverFailure) {
        let needed = Self.timeout(for: watch.remaining_ns)
        guard needed != timeout_s else { return }
        timeout_s = needed
        let statement = try prepare(
            isMariaDB
                ? "SET SESSION max_statement_time = ?" : "SET SESSION max_execution_time = ?")
        statement.bind(1, isMariaDB ? needed : needed * 1000)
        try statement.run()
    }

    /// The server's own bound for each statement: the deadline, raised to a step so that it rarely
    /// has to be told. 0: none.
    private static func timeout(for remaining_ns: UInt64?) -> Int64 {
        guard let remaining_ns else { return 0 }
        let steps: [Int64] = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 3600]
        let seconds = Int64(clamping: remaining_ns / 1_000_000_000)
        return steps.first { $0 > seconds } ?? 86_400
    }

    package func endCall() {}

    /// The server does not tell.
    package func listen() {}

    package func waitForNews() throws(DriverFailure) {
        try pause(milliseconds: Self.changesPause_ms)
    }
    private static let changesPause_ms: Int32 = 100
}

extension [UInt8] {
    /// Overwrites the bytes.
    mutating func wipe() {
        withUnsafeMutableBytes { bytes in
            if let base = bytes.baseAddress { platform_zeroize(base, bytes.count) }
        }
    }
}
