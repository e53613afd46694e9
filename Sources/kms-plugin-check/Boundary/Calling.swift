import PluginABI
import PluginLoader
import Synchronization

/// How a call is made; cases change what matters to them.
struct CallOptions: Sendable {
    /// On the host's clock, in nanoseconds; 0: none.
    var deadline: UInt64 = 0
    /// The caller's thread must not wait (`KMS_CALL_INLINE`).
    var isInline = false
    var traceID = ""
    var cancellation: Cancellation?
    /// Room for a message of the driver, terminator included.
    var messageCapacity = 512
    /// Notes how long the driver took.
    var stopwatch: Stopwatch?

    /// With a deadline that passed long ago.
    static let late = CallOptions(deadline: 1)
}

/// Whether somebody still wants the answer of a call, and the id by which `cancel` names it.
final class Cancellation: Sendable {
    let id = Calling.nextID()
    private let isSet = Atomic(false)
    private let asked = Atomic(0)
    private let limit: Int?

    /// - Parameter limit: The call is cancelled when the driver asks for the n-th time.
    init(atPoll limit: Int? = nil) { self.limit = limit }

    func set() { isSet.store(true, ordering: .sequentiallyConsistent) }
    /// How often the driver asked.
    var polls: Int { asked.load(ordering: .relaxed) }

    fileprivate func poll() -> Bool {
        let count = asked.wrappingAdd(1, ordering: .relaxed).newValue
        if let limit, count >= limit { set() }
        return isSet.load(ordering: .sequentiallyConsistent)
    }
}

/// Makes calls as the contract has them, and checks what holds for each of them.
struct Calling {
    let findings: Findings

    private static let counter = Atomic<UInt64>(0)
    static func nextID() -> UInt64 { counter.wrappingAdd(1, ordering: .relaxed).newValue }

    /// Calls of `is_cancelled` with something that is not the call.
    private static let strays = Atomic(0)

    private static let guardSize = 16
    private static let guardByte: UInt8 = 0xE7

    /// Calls `body` with a `kms_call` and a `kms_error`; throws when it does not answer `KMS_OK`.
    ///
    /// - Parameter inputs: What the call is lent besides. Read-only from here on.
    func perform(
        _ function: Function, _ options: CallOptions, _ inputs: Inputs,
        _ body: (UnsafePointer<kms_call>, UnsafeMutablePointer<kms_error>) -> kms_status
    ) throws {
        let call = try frame(options, inputs)
        inputs.seal()
        var buffer = [UInt8](
            repeating: Self.guardByte, count: options.messageCapacity + Self.guardSize)
        if options.messageCapacity > 0 { buffer[0] = 0 }
        var error: kms_error = Tables.empty()
        let status = buffer.withUnsafeMutableBytes { bytes in
            // The driver may write `messageCapacity` bytes of the buffer; the rest is a guard.
            error.message = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            error.message_capacity = options.messageCapacity
            return withExtendedLifetime((inputs, options.cancellation)) {
                guard let stopwatch = options.stopwatch else {
                    return Status(rawValue: body(call, &error))
                }
                return Status(rawValue: stopwatch.measure { body(call, &error) })
            }
        }
        check(error, buffer, options, function)
        if Self.strays.exchange(0, ordering: .relaxed) > 0 {
            findings.add("\(function) gave is_cancelled a copy of its call")
        }
        guard status != .ok else {
            let isTouched =
                error.flags != 0 || error.native_code != 0
                || (options.messageCapacity > 0 && buffer[0] != 0)
            if isTouched { findings.add("\(function) succeeded and yet filled in its error") }
            return
        }
        let message = String(
            decoding: buffer.prefix(options.messageCapacity).prefix { $0 != 0 }, as: UTF8.self)
        var failure = CallFailed(
            function: function, status: status, flags: error.flags,
            nativeCode: error.native_code, retryAfter_ns: error.retry_after_ns, message: message)
        check(failure, options)
        // Reports quote failures.
        if Canaries.ofThisProcess.areFound(in: message) { failure.message = "(a secret)" }
        throw failure
    }

    /// Lends a zeroed struct to be filled, and looks at what must not have changed.
    func fill<Out: ForeignTable>(
        _ function: Function, _ options: CallOptions, _ inputs: Inputs, as type: Out.Type,
        _ body: (
            UnsafePointer<kms_call>, UnsafeMutablePointer<Out>, UnsafeMutablePointer<kms_error>
        ) -> kms_status
    ) throws -> Out {
        var out: Out = Tables.empty()
        let size = out.struct_size
        let before = withUnsafeBytes(of: out) { [UInt8]($0) }
        do {
            try perform(function, options, inputs) { call, error in body(call, &out, error) }
        } catch {
            if withUnsafeBytes(of: out, { [UInt8]($0) }) != before {
                findings.add("\(function) failed and yet wrote to its result")
            }
            throw error
        }
        if out.struct_size != size {
            findings.add("\(function) changed struct_size of its result to \(out.struct_size)")
        }
        return out
    }

    /// The call, in memory that goes away with it, with what `is_cancelled` needs right behind.
    private func frame(
        _ options: CallOptions, _ inputs: Inputs
    ) throws -> UnsafePointer<kms_call> {
        var call: kms_call = Tables.empty()
        call.flags = options.isInline ? UInt32(KMS_CALL_INLINE) : 0
        call.id = options.cancellation?.id ?? Self.nextID()
        call.deadline_ns = options.deadline
        call.trace_id = try inputs.text(options.traceID)
        call.is_cancelled = { call in
            guard let call else { return false }
            // The driver passes the pointer that it was given, and only until it returns.
            // A copy of it has something else behind it, which is on the driver's stack or heap.
            let frame = UnsafeRawPointer(call).assumingMemoryBound(to: Frame.self)
            guard frame.pointee.mark == Frame.mark else {
                Calling.strays.wrappingAdd(1, ordering: .relaxed)
                return false
            }
            guard let target = frame.pointee.cancellation else { return false }
            return Unmanaged<Cancellation>.fromOpaque(target)._withUnsafeGuaranteedRef { $0.poll() }
        }
        // Not retained: `perform` keeps it alive until the driver returned.
        let target = options.cancellation.map { Unmanaged.passUnretained($0).toOpaque() }
        let frame = try inputs.copy(Frame(call: call, cancellation: target))
        return UnsafeRawPointer(frame).assumingMemoryBound(to: kms_call.self)
    }

    private struct Frame {
        static let mark: UInt64 = 0x6B6D_735F_6361_6C6C
        var call: kms_call
        var mark = Frame.mark
        var cancellation: UnsafeMutableRawPointer?
    }

    private func check(
        _ error: kms_error, _ buffer: [UInt8], _ options: CallOptions, _ function: Function
    ) {
        if buffer.suffix(Self.guardSize).contains(where: { $0 != Self.guardByte }) {
            findings.add("\(function) wrote its message beyond message_capacity")
        }
        if error.struct_size != UInt32(MemoryLayout<kms_error>.size) {
            findings.add("\(function) changed struct_size of its error")
        }
        if error.flags & ~UInt32(KMS_ERROR_RETRYABLE | KMS_ERROR_IN_DOUBT) != 0 {
            findings.add("\(function) set unknown flags in its error: \(error.flags)")
        }
        guard options.messageCapacity > 0 else { return }
        let message = buffer.prefix(options.messageCapacity)
        guard let end = message.firstIndex(of: 0) else {
            return findings.add("\(function) wrote a message without its terminator")
        }
        if String(validating: message[..<end], as: UTF8.self) == nil {
            findings.add("\(function) wrote a message that is not UTF-8")
        }
    }

    private func check(_ failure: CallFailed, _ options: CallOptions) {
        let function = failure.function
        if !failure.status.isKnown { findings.add("\(failure)") }
        if failure.status == .wouldBlock && !options.isInline {
            findings.add("\(function) answered KMS_WOULD_BLOCK to a call that may wait")
        }
        if !function.mayAnswer(failure.status) {
            findings.add("\(failure): not a status that \(function) may answer")
        }
        let explainsItself = failure.status == .wouldBlock || failure.status == .unsupported
        if failure.message.isEmpty && options.messageCapacity > 1 && !explainsItself {
            findings.add("\(function) answered \(failure.status) without a message")
        }
        if Canaries.ofThisProcess.areFound(in: failure.message) {
            findings.add("\(function) gave a secret away in its message")
        }
        if failure.isRetryable && failure.isInDoubt {
            findings.add("\(function) says that nothing was written and that it may be (flags)")
        }
    }
}

extension Function {
    /// Whether the contract lets the function answer so: a call as a whole, not an item of it.
    fileprivate func mayAnswer(_ status: Status) -> Bool {
        let always: Set<Status> = [
            .unavailable, .exhausted, .denied, .cancelled, .deadline, .internalError, .unsupported,
            .wouldBlock,
        ]
        if always.contains(status) || !status.isKnown { return true }
        return switch self {
        case .start: true
        case .open: [.denied, .corrupt, .notFound, .invalid].contains(status)
        case .clear: status == .conflict
        case .migrate, .get, .apply, .changes: status == .upgrading
        case .query, .grants: status == .upgrading || status == .invalid
        case .slotOpen: [.notFound, .exists, .invalid].contains(status)
        case .find: status == .invalid
        case .close, .health, .cancel, .context, .plan, .statistics: false
        case .slots, .slotClose, .capabilities, .generate, .exportKeys, .update, .destroy,
            .crypto, .random, .seed:
            false
        }
    }
}
