import CPKCS11
import PluginKit

/// Whose library a driver speaks to.
package protocol Vendor: Sendable {
    static var quirks: Quirks { get }
    /// The option that names the library, and the one that names its configuration.
    static var libraryOption: StaticString { get }
    static var configurationOption: StaticString? { get }
    /// The quirks of this installation, where options tell more than the vendor's name does.
    static func quirks(_ settings: Settings) -> Quirks
}

extension Vendor {
    package static func quirks(_ settings: Settings) -> Quirks { quirks }
}

/// An HSM driver over PKCS#11: all but the vendor's name, paths and quirks.
package final class PKCS11Driver<Brand: Vendor>: HSMDriver {
    private let library: Library
    private let host: Host
    private let quirks: Quirks
    private let name: String

    private init(_ library: Library, _ quirks: Quirks, _ host: Host) {
        self.library = library
        self.quirks = quirks
        self.host = host
        name = "\(quirks.model)"
    }

    package static func open(
        _ settings: Settings, host: Host, call: Call
    ) throws(DriverFailure) -> PKCS11Driver {
        try call.check(host)
        guard let path = settings.text(Brand.libraryOption), !path.isEmpty else {
            throw .invalid("\(Brand.libraryOption) is missing: it names the vendor's library")
        }
        let file = try TrustedLibrary(String(path))
        let quirks = Brand.quirks(settings)
        if let option = Brand.configurationOption, let variable = quirks.configurationVariable,
            let configuration = settings.text(option)
        {
            Variable.set(variable, to: String(configuration))
        }
        return PKCS11Driver(try Library.acquire(file), quirks, host)
    }

    package func close() { library.release() }

    package func slots(_ call: Call) throws(DriverFailure) -> [HSMSlotInfo] {
        try call.check(host)
        do throws(TokenFailure) {
            return try library.gate.shared { () throws(TokenFailure) in
                var slots: [HSMSlotInfo] = []
                for id in try library.functions.slots() {
                    slots.append(HSMSlotInfo(try describe(id)))
                }
                return slots
            }
        } catch {
            throw error.failure("\(name): listing slots")
        }
    }

    /// A slot whose token cannot be asked is one without.
    private func describe(_ slot: CK_SLOT_ID) throws(TokenFailure) -> TokenDescription {
        do throws(TokenFailure) {
            return try library.functions.describe(slot)
        } catch  where error.function == "C_GetTokenInfo" {
            return TokenDescription(id: slot)
        }
    }

    package func openSlot(
        _ opening: HSMSlotOpening, _ call: Call
    ) throws(DriverFailure) -> any HSMSlot {
        try call.check(host)
        guard opening.concurrency > 0 else { throw .invalid("\(name): no concurrency") }
        let id = CK_SLOT_ID(opening.slot)
        let name = "\(name), slot \(opening.slot)"
        let token = try usableToken(id, name, isWithoutLogin: opening.isWithoutLogin)
        guard library.claim(id) else {
            throw DriverFailure(.exists, "\(name): it is open already")
        }
        do throws(DriverFailure) {
            // Given back by the slot.
            let held = try library.joined()
            do throws(DriverFailure) {
                let pin = opening.isWithoutLogin ? nil : try host.secureMemory(copying: opening.pin)
                let login = Login(held, slot: id, name: name, pin: pin, host: host)
                try login.open()
                let most = token.sessionsMax > 1 ? token.sessionsMax - 1 : Int.max
                return PKCS11Slot(
                    login, quirks: quirks, concurrency: min(opening.concurrency, most),
                    host: host)
            } catch {
                held.release()
                throw error
            }
        } catch {
            library.giveBack(id)
            throw error
        }
    }

    private func usableToken(
        _ id: CK_SLOT_ID, _ name: String, isWithoutLogin: Bool
    ) throws(DriverFailure) -> TokenDescription {
        let token: TokenDescription
        do throws(TokenFailure) {
            token = try library.gate.shared { () throws(TokenFailure) in
                guard try library.functions.slots().contains(id) else {
                    throw TokenFailure(.slotInvalid, in: "C_GetSlotList")
                }
                return try library.functions.describe(id)
            }
        } catch {
            throw error.failure(name)
        }
        guard token.isPresent, token.has(CKF_TOKEN_INITIALIZED) else {
            throw DriverFailure(
                .unavailable,
                "\(name): " + (token.isPresent ? "its token is not initialised" : "it has no token")
            )
        }
        if isWithoutLogin { return token }
        // Trying would not help, and says so less clearly.
        guard !token.has(CKF_USER_PIN_LOCKED) else {
            throw DriverFailure(
                .denied, "\(name): the PIN is locked: an officer has to unlock it",
                nativeCode: Int64(ReturnValue.pinLocked.rawValue))
        }
        if token.has(CKF_USER_PIN_FINAL_TRY) {
            host.log(.warning, "\(name): one more wrong PIN locks the token")
        }
        return token
    }
}

extension HSMSlotInfo {
    fileprivate init(_ token: TokenDescription) {
        self.init(id: UInt64(token.id))
        label = token.label
        model = token.model
        serial = token.serial
        firmware = token.firmware
        sessionsMax = UInt32(clamping: token.sessionsMax)
        guard token.isPresent else { return }
        flags.insert(.tokenPresent)
        if token.has(CKF_TOKEN_INITIALIZED) && token.has(CKF_USER_PIN_INITIALIZED) {
            flags.insert(.tokenReady)
        }
        if token.has(CKF_LOGIN_REQUIRED) { flags.insert(.loginNeeded) }
        if token.has(CKF_USER_PIN_LOCKED) { flags.insert(.pinLocked) }
        if token.has(CKF_USER_PIN_FINAL_TRY) { flags.insert(.pinLastTry) }
    }
}
