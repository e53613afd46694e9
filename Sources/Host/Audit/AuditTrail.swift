import KMIP
import Synchronization

/// The audit log as one request sees it: who it is from, and which objects it was let through to.
package final class AuditTrail: Sendable {
    private let log: AuditLog
    private let template: AuditRecord
    private let seen = Mutex<[String]>([])

    /// - Parameter template: Who, from where, in which request.
    init(_ log: AuditLog, _ template: AuditRecord) {
        self.log = log
        self.template = template
    }

    /// Remembers an object that the gate let through.
    func note(_ uid: String) {
        seen.withLock { if $0.count < 1000, $0.last != uid { $0.append(uid) } }
    }

    /// Runs an operation and records how it ended, before anybody learns of it.
    ///
    /// - Parameters:
    ///   - subject: The object that the client asks for, recorded when none was let through.
    ///   - detail: What else is asked for.
    ///   - made: The object that the operation made.
    func record<Result>(
        _ operation: String, subject: String?, detail: String = "", made: (Result) -> String? = { _ in nil },
        _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try log.admit()
        seen.withLock { $0 = [] }
        let result: Swift.Result<Result, Failure>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        var record = template
        record.operation = operation
        record.detail = detail
        record.objects = seen.withLock { $0 }
        switch result {
        case .success(let value):
            if let uid = made(value), !record.objects.contains(uid) { record.objects.append(uid) }
        case .failure(let failure):
            record.result = Cosmian422.name(of: failure.reason)
        }
        if record.objects.isEmpty, let subject { record.objects = [subject] }
        try log.record(record)
        return try result.get()
    }
}
