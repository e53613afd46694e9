import CPostgreSQL
import PluginKit
import SQLStore

extension PostgresConnection {
    /// Statements of ours without a place in the store.
    enum Control: String {
        case beginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        case beginWrite = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
        case commit = "COMMIT"
        case rollback = "ROLLBACK"
        case savepoint = "SAVEPOINT batch"
        case release = "RELEASE batch"
        case rollbackTo = "ROLLBACK TO batch"
        case shareGate = "SELECT pg_advisory_xact_lock_shared(7040371, hashtext(current_schema()))"
        case closeGate = "SELECT pg_advisory_xact_lock(7040371, hashtext(current_schema()))"
        case tryLock = "SELECT pg_try_advisory_lock(7040372, hashtext(current_schema()))"
        case unlock = "SELECT pg_advisory_unlock(7040372, hashtext(current_schema()))"
        case setTimeout = "SELECT set_config('statement_timeout', $1, false)"
        case writeNothing = "SELECT pg_logical_emit_message(true, 'claviger', '')"
        case listen = "LISTEN claviger_changes"
        case countOthers = """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
            AND application_name LIKE 'claviger % ' || to_hex(hashtext(current_schema())) \
            AND application_name <> current_setting('application_name')
            """
    }

    func statement(_ which: Control) throws(DriverFailure) -> PostgresStatement {
        if let statement = control[which] { return statement }
        let statement = try prepare(which.rawValue)
        control[which] = statement
        return statement
    }

    private func post(_ which: Control) throws(DriverFailure) {
        try statement(which).post(.none)
    }

    package func begin(_ mode: TransactionMode) throws(DriverFailure) {
        self.mode = mode
        // What was sent before would be part of the transaction.
        if isOpenEnded { try sync() }
        switch mode {
        case .read:
            try post(.beginRead)
        case .write:
            try post(.beginWrite)
            try post(.shareGate)
        case .exclusive:
            try post(.beginWrite)
            try post(.closeGate)
        }
    }

    package func commit() throws(DriverFailure) {
        guard mode != .read else {
            // Nobody needs the answer: whoever uses the connection next reads it.
            try settle()
            return try end(.commit)
        }
        try settle()
        let before = warnings.count
        do throws(DriverFailure) {
            try post(.commit)
            try settle()
        } catch {
            var failure = error
            // An answer of the server says that it did not commit, unless it was leaving.
            let isAnswer = !failure.nativeState.isEmpty && !isSpent && failure.status != .deadline
            guard !isAnswer else { throw failure }
            failure.flags = .inDoubt
            throw failure
        }
        // The server warns when it gave up waiting for its standby: the commit may yet be lost.
        guard warnings.count == before else {
            var failure = Self.unconfirmed
            failure.flags = .inDoubt
            throw failure
        }
    }

    /// Waits until all that was committed before is where the server's settings want it: a commit
    /// that waits for the standby waits for every earlier one.
    func confirmCommits() throws(DriverFailure) {
        let before = warnings.count
        let statement = try statement(.writeNothing)
        defer { statement.reset() }
        _ = try statement.step()
        guard warnings.count == before else { throw Self.unconfirmed }
    }

    private static var unconfirmed: DriverFailure {
        DriverFailure(
            .unavailable,
            "PostgreSQL: the commit was not confirmed by the standby that the server waits for",
            flags: .retryable)
    }

    package func rollback() {
        guard loss == nil else { return }
        // Whatever is unread belongs to nobody any more.
        epoch += 1
        failure = nil
        do throws(DriverFailure) {
            if isOpenEnded { try sync() }
            try end(.rollback)
        } catch {
            loss = loss ?? error
        }
    }

    /// Ends a transaction without waiting for the answer.
    private func end(_ which: Control) throws(DriverFailure) {
        try send(statement(which), [], .ending)
        try sync()
        if PQflush(handle) < 0 { throw lose() }
    }

    package func savepoint() throws(DriverFailure) { try post(.savepoint) }
    package func releaseSavepoint() throws(DriverFailure) { try post(.release) }
    package func rollbackToSavepoint() throws(DriverFailure) { try post(.rollbackTo) }

    /// In a pipeline the row is not known when the next statement is sent.
    package var lastInsertedID: Int64? { nil }
}
