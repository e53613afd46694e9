import PluginABI
import PluginLoader
import Synchronization

/// An open vendor library. Closed once, at the latest when its case ends.
final class HSM: Sendable {
    // The driver's, usable from any thread until `close`.
    private nonisolated(unsafe) let pointer: OpaquePointer
    private let table: kms_hsm_driver
    private let findings: Findings
    private let isClosed = Atomic(false)

    init(_ pointer: OpaquePointer, _ table: kms_hsm_driver, _ findings: Findings) {
        self.pointer = pointer
        self.table = table
        self.findings = findings
    }

    /// No call may be in flight and no slot open. A second call does nothing.
    func close() {
        guard !isClosed.exchange(true, ordering: .sequentiallyConsistent) else { return }
        table.close(pointer)
    }

    func slots(_ options: CallOptions = CallOptions()) throws -> [SlotInfo] {
        guard let slots = table.slots else {
            throw CallFailed(function: .slots, status: .unsupported, message: "there is none")
        }
        let reader = ResultReader(function: .slots, findings: findings)
        // Asked twice, as a host does: how many, then which.
        var count = 0
        try Calling(findings: findings).perform(.slots, options, Inputs()) {
            slots(pointer, $0, nil, 0, &count, $1)
        }
        var infos = [kms_hsm_slot_info](repeating: kms_hsm_slot_info(), count: count)
        var found = 0
        try Calling(findings: findings).perform(.slots, options, Inputs()) { call, error in
            infos.withUnsafeMutableBufferPointer {
                slots(pointer, call, $0.baseAddress, $0.count, &found, error)
            }
        }
        return infos.prefix(found).map {
            SlotInfo(id: $0.id, label: reader.fixed($0.label, "label"), flags: $0.flags)
        }
    }

    func openSlot(
        _ slot: UInt64, pin: [UInt8]?, concurrency: UInt32 = 8,
        options: CallOptions = CallOptions()
    ) throws -> Slot {
        let inputs = Inputs()
        var request: kms_hsm_slot_open = Tables.empty()
        request.flags = pin == nil ? UInt32(KMS_SLOT_OPEN_NO_LOGIN) : 0
        request.slot = slot
        request.pin = try inputs.bytes(pin ?? [])
        request.concurrency = concurrency
        let lent = UnsafePointer(try inputs.copy(request))
        var handle: OpaquePointer?
        do {
            try Calling(findings: findings).perform(.slotOpen, options, inputs) {
                table.slot_open(pointer, lent, $0, &handle, $1)
            }
        } catch {
            if handle != nil { findings.add("slot_open failed and yet gave a handle") }
            throw error
        }
        guard let handle else {
            throw CallFailed(function: .slotOpen, status: .internalError, message: "no handle")
        }
        return Slot(handle: SlotHandle(handle, table, findings))
    }
}

/// A slot that is open.
final class SlotHandle: Sendable {
    nonisolated(unsafe) let pointer: OpaquePointer
    let table: kms_hsm_driver
    let findings: Findings
    private let isClosed = Atomic(false)

    init(_ pointer: OpaquePointer, _ table: kms_hsm_driver, _ findings: Findings) {
        self.pointer = pointer
        self.table = table
        self.findings = findings
    }

    var isOpen: Bool { !isClosed.load(ordering: .sequentiallyConsistent) }

    func close() {
        guard !isClosed.exchange(true, ordering: .sequentiallyConsistent) else { return }
        table.slot_close(pointer)
    }
}
