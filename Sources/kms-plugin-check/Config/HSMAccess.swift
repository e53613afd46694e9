import FoundationEssentials
import TOML

/// The token on which the cases for HSM drivers make keys, and remove them again.
///
/// ```toml
/// [check.hsm]
/// slot = "kms1"       # the label of the token, or the number of the slot
/// pin-file = "pin"    # or pin = "1234"
/// ```
struct HSMAccess {
    enum Slot {
        case number(UInt64)
        case label(String)
    }

    var slot: Slot
    var pin: [UInt8]

    init(_ table: Table, _ config: CheckConfig) throws(FileProblem) {
        var slot: Slot?
        var pin: [UInt8]?
        for (key, node) in table.entries {
            switch (key.replacing("_", with: "-"), node.value) {
            case ("slot", .integer(let number)) where number >= 0: slot = .number(UInt64(number))
            case ("slot", .string(let label)): slot = .label(label)
            case ("pin", .string(let text)): pin = Array(text.utf8)
            case ("pin-file", .string(let path)):
                let path = path.hasPrefix("/") ? path : config.folder + "/" + path
                guard let data = FileManager.default.contents(atPath: path) else {
                    throw config.problem(node, "pin-file cannot be read")
                }
                pin = Array(data.last == 0x0A ? data.dropLast() : data[...])
            case (let name, _):
                throw config.problem(node, "check.hsm.\(name) is unknown or of another type")
            }
        }
        guard let slot, let pin else {
            throw FileProblem(
                path: config.path, line: nil, reason: "[check.hsm] needs slot and pin or pin-file")
        }
        self.slot = slot
        self.pin = pin
    }
}
