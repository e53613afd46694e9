import PluginABI
import PluginKit
import Synchronization

/// A device that answers what it is asked.
final class EchoHSM: HSMDriver {
    static let closed = Atomic<Int>(0)

    static let table: kms_hsm_driver = {
        let plugin = Plugin(
            describing: PluginDescription(
                id: "org.example.echo-hsm", name: "Echo", version: "0.1.0", vendor: "Example",
                url: "", license: "Apache-2.0", summary: "Answers", serves: ["echo"]),
            hsm: EchoHSM.self)
        return TestHost.hsmDriver(of: plugin)
    }()

    static func open(
        _ settings: Settings, host: Host, call: Call
    ) throws(DriverFailure) -> EchoHSM { EchoHSM() }

    func close() { Self.closed.wrappingAdd(1, ordering: .relaxed) }

    func slots(_ call: Call) throws(DriverFailure) -> [HSMSlotInfo] {
        var first = HSMSlotInfo(id: 4)
        first.label = "kms1"
        first.flags = [.tokenPresent, .tokenReady]
        return [first, HSMSlotInfo(id: 5)]
    }

    func openSlot(
        _ opening: HSMSlotOpening, _ call: Call
    ) throws(DriverFailure) -> any HSMSlot {
        guard Array(opening.pin) == Array("1234".utf8), opening.concurrency == 2 else {
            throw DriverFailure(.denied, "the PIN was refused")
        }
        return EchoSlot()
    }
}

final class EchoSlot: HSMSlot {
    func close() {}

    func generate(
        _ templates: HSMKeyTemplates, _ call: Call, into keys: inout HSMKeysBuilder
    ) throws(DriverFailure) {
        for template in templates {
            var record = HSMKeyRecord(id: Array(template.id))
            record.type = template.type ?? .any
            record.bits = template.bits
            record.flags = template.flags
            record.startDay = template.startDay
            record.endDay = template.endDay
            try Array("secret".utf8).withBorrowedBytes { (secret) throws(DriverFailure) in
                try keys.append(record, secret: secret)
            }
        }
    }

    func crypto(
        _ requests: CryptoRequests, _ call: Call, into results: inout CryptoResults
    ) throws(DriverFailure) {
        // Answers may come in any order.
        for position in requests.indices.reversed() {
            let request = requests[position]
            guard request.mechanism == .aesGCM else {
                try results.set(position, .unsupported)
                continue
            }
            try results.set(position, .ok, output: request.input)
        }
    }

    func destroy(
        _ ids: HSMKeyIDs, _ call: Call, into outcomes: inout HSMOutcomes
    ) throws(DriverFailure) {
        for (position, id) in ids.enumerated() {
            outcomes[position] = Array(id) == [0x78] ? .notFound : .ok
        }
    }

    func random(_ memory: FillableMemory, _ call: Call) throws(DriverFailure) {
        [UInt8](repeating: 9, count: memory.count).withBorrowedBytes { memory.fill(with: $0) }
    }
}
