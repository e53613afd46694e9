import KMIP

extension OperationContext {
    /// Runs what is no operation of KMIP, and records it where there is an audit log.
    func audited<Result>(
        _ name: String, _ subject: String? = nil, detail: String = "",
        _ body: () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard let audit else { return try await body() }
        return try await audit.record(name, subject: subject, detail: detail, body)
    }
}

extension GrantedRights.Change {
    /// What is changed for whom, as the audit log has it.
    var auditDetail: String { "for \(user): \(rights.namesHeld.joined(separator: " "))" }
}
