import PluginABI

/// One unit of work of the host (`kms_call`), valid until the driver's function returns.
public struct Call {
    // The host's struct; the contract keeps it alive for the call.
    let pointer: UnsafePointer<kms_call>

    init(_ pointer: UnsafePointer<kms_call>) { self.pointer = pointer }

    /// What `cancel` is given.
    public var id: UInt64 { pointer.pointee.id }
    /// On ``Host/monotonic_ns``; 0 means none.
    public var deadline_ns: UInt64 { pointer.pointee.deadline_ns }
    /// The thread must not wait: answer from what is at hand or throw ``DriverFailure/wouldBlock``.
    public var isInline: Bool { pointer.pointee.flags & UInt32(KMS_CALL_INLINE) != 0 }
    /// Cheap enough to poll between round trips and every few thousand rows.
    public var isCancelled: Bool { pointer.pointee.is_cancelled?(pointer) ?? false }
    /// W3C trace id in hex; may be empty.
    public var traceID: BorrowedText { BorrowedText(pointer.pointee.trace_id) }

    /// Throws when the call was cancelled or is too late.
    public func check(_ host: Host) throws(DriverFailure) {
        if isCancelled { throw .cancelled }
        if deadline_ns != 0, host.monotonic_ns >= deadline_ns { throw .deadline }
    }
}
