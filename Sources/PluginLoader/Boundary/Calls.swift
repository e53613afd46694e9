import PluginABI
import Synchronization

/// A call in flight on the pool, as its `kms_call.is_cancelled` sees it.
final class CallState: Sendable {
    let id: UInt64
    let isCancelled = Atomic(false)

    init() { id = CallState.nextID() }

    /// Unique in this process.
    static func nextID() -> UInt64 { counter.wrappingAdd(1, ordering: .relaxed).newValue }
    private static let counter = Atomic<UInt64>(0)
}

/// What a driver is told about one call.
struct CallPlan {
    /// nil: inline, on the thread of whoever asks; such a call is too short to be cancelled.
    var state: CallState?
    var deadline: Deadline
    var traceID: String?

    var isInline: Bool { state == nil }

    /// Calls `body` with a `kms_call` and a `kms_error`, and turns what it answers into a throw.
    ///
    /// - Parameter name: The function, for messages about a driver that breaks the contract.
    func perform(
        _ name: StaticString, of driver: DriverMark,
        _ body: (UnsafePointer<kms_call>, UnsafeMutablePointer<kms_error>) -> kms_status
    ) throws(DriverError) {
        var traceID = traceID ?? ""
        if traceID.utf8.count > TextLimit.traceID.most { traceID = "" }
        let error: DriverError? = traceID.withUTF8 { trace in
            withUnsafeTemporaryAllocation(byteCount: 512, alignment: 1) { message in
                var error: kms_error = Tables.empty()
                message[0] = 0
                error.message = message.baseAddress?.assumingMemoryBound(to: CChar.self)
                error.message_capacity = message.count
                var call: kms_call = Tables.empty()
                call.flags = isInline ? UInt32(KMS_CALL_INLINE) : 0
                call.id = state?.id ?? CallState.nextID()
                call.deadline_ns = deadline.nanoseconds
                call.trace_id = trace.asText
                // `state` is kept alive by the caller's copy until the driver returned.
                var frame = CallFrame(call, state)
                return frame.lend { call in
                    let status = driver.running(name, isInline: isInline) { body(call, &error) }
                    return status == 0 ? nil : failure(status, error, name, driver.name)
                }
            }
        }
        if let error { throw error }
    }

    private func failure(
        _ code: kms_status, _ details: kms_error, _ name: StaticString, _ driver: String
    ) -> DriverError {
        guard let status = DriverStatus(rawValue: code) else {
            return DriverError(
                status: .internalError, isInDoubt: true,
                message: "\(driver): \(name) returned \(code), which is no status")
        }
        if status == .wouldBlock && !isInline {
            return DriverError(
                status: .internalError,
                message: "\(driver): \(name) would block on a thread that may wait")
        }
        return DriverError(status: status, details)
    }
}

/// A `kms_call` with what its `is_cancelled` needs right behind it.
private struct CallFrame {
    /// The first member: the frame's address is its own.
    private var call: kms_call
    private var state: Unmanaged<CallState>?

    /// - Parameter state: Kept alive by the caller until `body` returned.
    init(_ call: kms_call, _ state: CallState?) {
        self.call = call
        self.state = state.map { .passUnretained($0) }
        self.call.is_cancelled = { call in
            // The driver passes the pointer that it was given, and only until it returns.
            guard let call else { return false }
            let frame = UnsafeRawPointer(call).assumingMemoryBound(to: CallFrame.self)
            return frame.pointee.state?._withUnsafeGuaranteedRef {
                $0.isCancelled.load(ordering: .relaxed)
            } ?? false
        }
    }

    mutating func lend<R>(to body: (UnsafePointer<kms_call>) -> R) -> R {
        withUnsafeMutablePointer(to: &self) { frame in
            body(UnsafeRawPointer(frame).assumingMemoryBound(to: kms_call.self))
        }
    }
}

extension DriverError {
    /// What the driver wrote into `details`; its message lies in the caller's buffer.
    init(status: DriverStatus, _ details: kms_error) {
        let state = withUnsafeBytes(of: details.native_state) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        var message = ""
        if let start = details.message {
            // The buffer is ours: never read beyond it, even if the terminator is missing.
            let bytes = UnsafeRawBufferPointer(start: start, count: details.message_capacity)
            message = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        self.init(
            status: status,
            isRetryable: details.flags & UInt32(KMS_ERROR_RETRYABLE) != 0,
            isInDoubt: details.flags & UInt32(KMS_ERROR_IN_DOUBT) != 0,
            nativeCode: details.native_code, nativeState: state,
            retryAfter: details.retry_after_ns == 0
                ? nil : .nanoseconds(Int64(clamping: details.retry_after_ns)),
            message: escapingControls(message))
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Borrowed for as long as the buffer is.
    var asText: kms_text {
        kms_text(
            data: UnsafeRawPointer(baseAddress)?.assumingMemoryBound(to: CChar.self), size: count)
    }
}
