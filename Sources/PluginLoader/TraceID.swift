/// The trace id that drivers find in `kms_call.trace_id` and that comes back with their log lines.
///
/// It is a task-local value, so no call has to carry it:
/// `TraceID.$current.withValue(id) { try await database.get(request, deadline: deadline) }`.
public enum TraceID {
    /// W3C trace id in hex; nil when the work belongs to no request.
    @TaskLocal public static var current: String?
}
