import PluginKit

/// A PKCS#11 function that did not answer `CKR_OK`.
package struct TokenFailure: Error, Equatable {
    package var code: ReturnValue
    /// As the standard names it.
    package var function: String

    package init(_ code: ReturnValue, in function: StaticString) {
        self.code = code
        self.function = "\(function)"
    }

    /// Of one item of a call.
    var status: Status {
        if code.blamesData { return .cryptoFailed }
        if code.refusesKind { return .unsupported }
        return switch code.remedy {
        case .operatorActs: .denied
        case .lookUp: .notFound
        default:
            switch code {
            case .attributeSensitive, .unextractable: .notExtractable
            case .slotInvalid: .notFound
            case .deviceMemory, .hostMemory, .sessionCount: .exhausted
            default: .unavailable
            }
        }
    }

    var nativeCode: UInt32 { UInt32(truncatingIfNeeded: code.rawValue) }

    /// Of a call as a whole.
    ///
    /// - Parameter what: What was attempted, with the name of the driver and the slot.
    func failure(_ what: String) -> DriverFailure {
        let status = status
        let mayPass = status == .unavailable || status == .exhausted
        return DriverFailure(
            status == .cryptoFailed || status == .notExtractable ? .internal : status,
            "\(what): \(function): \(code.name)", flags: mayPass ? .retryable : [],
            nativeCode: Int64(nativeCode))
    }
}
