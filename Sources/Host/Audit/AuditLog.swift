import Cryptography
import KMIP
import Logging
import PluginLoader
import Synchronization

/// What to do while the audit log cannot be written.
public enum AuditFailure: String, CaseIterable, Sendable {
    /// Nothing that would have to be recorded is done.
    case refuse
    /// The server goes on, `/health` is red, and the log says how much is missing.
    case `continue`
}

/// The record of what was done: one line for each operation, each bound to the one before by a hash.
///
/// Thread-safe. A line is written before the operation is answered, so that what a client knows to have
/// happened is in it also when the process is killed.
package final class AuditLog: Sendable {
    private struct State {
        var file: AuditFile?
        var sequence: UInt64 = 0
        var previous = AuditLine.origin
        /// Events that are missing since the log could last be written.
        var lost: UInt64 = 0
        var failedAt: Deadline?
    }

    private let path: String
    private let server: String
    private let policy: AuditFailure
    private let logger: Logger
    private let state: Mutex<State>
    private let broken = Atomic<Bool>(false)

    /// How long a failure is believed before writing is tried again.
    private static let pause = Duration.seconds(1)

    /// - Parameter server: What the lines call this server.
    package init(
        path: String, server: String, policy: AuditFailure, logger: Logger
    ) throws(AuditError) {
        self.path = path
        self.server = server
        self.policy = policy
        self.logger = logger
        let (file, tail) = try AuditFile.open(path)
        var initial = State(file: file)
        initial.sequence = tail.line?.sequence ?? 0
        initial.previous = tail.line?.hash ?? AuditLine.origin
        if !tail.torn.isEmpty { try Self.recover(tail.torn, &initial, server) }
        state = Mutex(initial)
    }

    /// Whether every event so far could be written.
    package var isWell: Bool { !broken.load(ordering: .relaxed) }

    /// Before an operation: whether it may be done at all.
    func admit() throws(Failure) {
        guard policy == .refuse, !isWell, !retry() else { return }
        throw Self.unavailable
    }

    /// Writes a line.
    ///
    /// - Throws: When it cannot be written and the policy is to refuse.
    package func record(_ record: AuditRecord) throws(Failure) {
        let isWritten = state.withLock { state in
            if state.lost > 0, !resume(&state) {
                state.lost += 1
                return false
            }
            do throws(AuditError) { try append(record, &state) } catch {
                fail(error, &state)
                return false
            }
            return true
        }
        guard isWritten || policy == .continue else { throw Self.unavailable }
    }

    /// Ends the file and goes on in a new one, after the old one was moved away.
    package func reopen() throws(AuditError) {
        let result: Result<Void, AuditError> = state.withLock { state in
            do throws(AuditError) {
                // What the lock is on may be the same file still.
                state.file = nil
                let (file, tail) = try AuditFile.open(path)
                if let line = tail.line {
                    state.sequence = line.sequence
                    state.previous = line.hash
                }
                state.file = file
                if !tail.torn.isEmpty { try Self.recover(tail.torn, &state, server) }
                return .success(())
            } catch {
                fail(error, &state)
                return .failure(error)
            }
        }
        try result.get()
    }

    /// Tries again whether lines can be written; true when they can.
    private func retry() -> Bool { state.withLock { resume(&$0) } }

    /// After failures: says how much is missing, and goes on if that can be written.
    private func resume(_ state: inout State) -> Bool {
        guard state.lost > 0 else { return true }
        if let failedAt = state.failedAt, !failedAt.hasPassed { return false }
        var record = AuditRecord("Recover")
        record.detail = "\(state.lost) events could not be written"
        do throws(AuditError) {
            if state.file == nil { state.file = try AuditFile.open(path).file }
            try append(record, &state)
        } catch {
            state.failedAt = .after(Self.pause)
            return false
        }
        state.lost = 0
        broken.store(false, ordering: .relaxed)
        logger.notice("the audit log can be written again")
        return true
    }

    private func fail(_ error: AuditError, _ state: inout State) {
        state.lost += 1
        state.failedAt = .after(Self.pause)
        broken.store(true, ordering: .relaxed)
        logger.critical("the audit log cannot be written", metadata: ["error": "\(error)"])
    }

    private func append(_ record: AuditRecord, _ state: inout State) throws(AuditError) {
        try Self.append(record, &state, server)
    }

    private static func append(
        _ record: AuditRecord, _ state: inout State, _ server: String
    ) throws(AuditError) {
        let (bytes, hash) = AuditLine.encode(
            sequence: state.sequence + 1, body: record.encoded(at: Timestamp.now(), server: server),
            previous: state.previous)
        guard state.file != nil else { throw AuditError("the audit log is not open") }
        try state.file?.append(bytes)
        state.sequence += 1
        state.previous = hash
    }

    /// Ends a line that a power failure cut, and says what it was.
    private static func recover(
        _ torn: [UInt8], _ state: inout State, _ server: String
    ) throws(AuditError) {
        try state.file?.append([UInt8(ascii: "\n")])
        var record = AuditRecord("Recover")
        record.detail = tornDetail(torn)
        try append(record, &state, server)
    }

    /// What the line after a torn one says, by which verification knows it.
    static func tornDetail(_ torn: [UInt8]) -> String {
        "the line before was cut: SHA-256 \(AuditLine.hex(Digest.sha256(torn)))"
    }

    private static let unavailable = Failure(
        .unavailable, .generalFailure, "the audit log cannot be written; the server's log says why")
}
