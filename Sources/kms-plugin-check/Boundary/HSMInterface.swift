import PluginABI
import PluginLoader
import Synchronization

/// The HSM interface of the library under test; found when the library starts.
final class HSMInterface: Sendable {
    static let id = KMS_HSM_INTERFACE

    private let tables = Mutex<kms_hsm_driver?>(nil)

    /// - Parameter theirs: What the plugin answered for the interface's id, which fixes its type.
    func find(_ theirs: UnsafeRawPointer?) throws {
        guard let theirs else {
            throw CouldNotRun("the library has no interface \(KMS_HSM_INTERFACE)")
        }
        guard let mine = Tables.copy(theirs.assumingMemoryBound(to: kms_hsm_driver.self)),
            mine.open != nil, mine.close != nil, mine.slot_open != nil, mine.slot_close != nil
        else { throw CouldNotRun("its HSM interface lacks what every driver has") }
        tables.withLock { $0 = mine }
    }

    /// Our copy of the table; nil before the library started.
    var table: kms_hsm_driver? { tables.withLock { $0 } }

    func has(_ function: Function) -> Bool {
        guard let table else { return false }
        return switch function {
        case .start, .open, .close, .slotOpen, .slotClose: true
        case .slots: table.slots != nil
        case .health: table.health != nil
        case .capabilities: table.capabilities != nil
        case .generate: table.generate != nil
        case .find: table.find != nil
        case .exportKeys: table.export_keys != nil
        case .update: table.update != nil
        case .destroy: table.destroy != nil
        case .crypto: table.crypto != nil
        case .random: table.random != nil
        case .seed: table.seed != nil
        case .statistics: table.statistics != nil
        default: false
        }
    }

    /// Opens the vendor library with these settings.
    func open(
        _ settings: [Setting], _ options: CallOptions, _ findings: Findings
    ) throws -> HSM {
        guard let table, let open = table.open else {
            throw CouldNotRun("the library is not started")
        }
        let inputs = Inputs()
        var request: kms_hsm_open = Tables.empty()
        request.settings = try inputs.settings(settings)
        request.setting_count = settings.count
        let lent = UnsafePointer(try inputs.copy(request))
        var handle: OpaquePointer?
        try Calling(findings: findings).perform(.open, options, inputs) {
            open(lent, $0, &handle, $1)
        }
        guard let handle else {
            throw CallFailed(function: .open, status: .internalError, message: "no handle")
        }
        return HSM(handle, table, findings)
    }
}
