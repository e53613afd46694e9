import CPKCS11

/// A `CK_RV`.
package struct ReturnValue: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt
    package init(rawValue: UInt) { self.rawValue = rawValue }

    static let ok = ReturnValue(rawValue: CKR_OK)
    package static let generalError = ReturnValue(rawValue: CKR_GENERAL_ERROR)
    package static let functionFailed = ReturnValue(rawValue: CKR_FUNCTION_FAILED)
    package static let templateInconsistent = ReturnValue(rawValue: CKR_TEMPLATE_INCONSISTENT)
    static let sessionCount = ReturnValue(rawValue: CKR_SESSION_COUNT)
    static let bufferTooSmall = ReturnValue(rawValue: CKR_BUFFER_TOO_SMALL)
    static let notLoggedIn = ReturnValue(rawValue: CKR_USER_NOT_LOGGED_IN)
    static let alreadyLoggedIn = ReturnValue(rawValue: CKR_USER_ALREADY_LOGGED_IN)
    static let notInitialized = ReturnValue(rawValue: CKR_CRYPTOKI_NOT_INITIALIZED)
    static let alreadyInitialized = ReturnValue(rawValue: CKR_CRYPTOKI_ALREADY_INITIALIZED)
    static let attributeSensitive = ReturnValue(rawValue: CKR_ATTRIBUTE_SENSITIVE)
    static let attributeTypeInvalid = ReturnValue(rawValue: CKR_ATTRIBUTE_TYPE_INVALID)
    static let unextractable = ReturnValue(rawValue: CKR_KEY_UNEXTRACTABLE)
    static let slotInvalid = ReturnValue(rawValue: CKR_SLOT_ID_INVALID)
    static let pinLocked = ReturnValue(rawValue: CKR_PIN_LOCKED)
    static let deviceMemory = ReturnValue(rawValue: CKR_DEVICE_MEMORY)
    static let hostMemory = ReturnValue(rawValue: CKR_HOST_MEMORY)
    static let objectHandleInvalid = ReturnValue(rawValue: CKR_OBJECT_HANDLE_INVALID)
    static let argumentsBad = ReturnValue(rawValue: CKR_ARGUMENTS_BAD)
    static let mechanismInvalid = ReturnValue(rawValue: CKR_MECHANISM_INVALID)
    static let mechanismParamInvalid = ReturnValue(rawValue: CKR_MECHANISM_PARAM_INVALID)
    static let functionNotSupported = ReturnValue(rawValue: CKR_FUNCTION_NOT_SUPPORTED)

    /// What a failed call calls for.
    package enum Remedy {
        /// The session is gone.
        case newSession
        /// Nobody is logged in any more.
        case login
        /// The library forgot everything.
        case initialise
        /// The device, or the way to it.
        case reconnect
        /// What the handle meant is not there any more, or has another.
        case lookUp
        /// May pass.
        case again
        /// An officer or an operator has to act.
        case operatorActs
        case none
    }

    package var remedy: Remedy {
        switch rawValue {
        case CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED, CKR_OPERATION_ACTIVE,
            CKR_OPERATION_NOT_INITIALIZED:
            .newSession
        case CKR_USER_NOT_LOGGED_IN: .login
        case CKR_CRYPTOKI_NOT_INITIALIZED: .initialise
        case CKR_DEVICE_REMOVED, CKR_DEVICE_ERROR, CKR_TOKEN_NOT_PRESENT,
            CKR_TOKEN_NOT_RECOGNIZED:
            .reconnect
        case CKR_OBJECT_HANDLE_INVALID, CKR_KEY_HANDLE_INVALID, CKR_WRAPPING_KEY_HANDLE_INVALID,
            CKR_UNWRAPPING_KEY_HANDLE_INVALID:
            .lookUp
        case CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED: .again
        case CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_PIN_EXPIRED,
            CKR_PIN_LOCKED, CKR_USER_PIN_NOT_INITIALIZED, Self.pinTooWeak:
            .operatorActs
        default: .none
        }
    }

    /// Of Utimaco: the PIN was set by an officer and not changed since.
    private static let pinTooWeak: UInt = 0x1B8

    /// The cause lies in the data that was given.
    var blamesData: Bool {
        switch rawValue {
        case CKR_DATA_INVALID, CKR_DATA_LEN_RANGE, CKR_ENCRYPTED_DATA_INVALID,
            CKR_ENCRYPTED_DATA_LEN_RANGE, CKR_SIGNATURE_INVALID, CKR_SIGNATURE_LEN_RANGE,
            CKR_WRAPPED_KEY_INVALID, CKR_WRAPPED_KEY_LEN_RANGE, Self.aeadDecryptFailed:
            true
        default: false
        }
    }

    /// Of PKCS#11 3.0.
    private static let aeadDecryptFailed: UInt = 0x42

    /// The device cannot do that, or not with this key.
    var refusesKind: Bool {
        switch rawValue {
        case CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD,
            CKR_FUNCTION_NOT_SUPPORTED, CKR_KEY_TYPE_INCONSISTENT, CKR_KEY_SIZE_RANGE,
            CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_ATTRIBUTE_VALUE_INVALID,
            CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_READ_ONLY, CKR_TEMPLATE_INCONSISTENT,
            CKR_TEMPLATE_INCOMPLETE, CKR_DOMAIN_PARAMS_INVALID, CKR_KEY_NOT_WRAPPABLE,
            CKR_ACTION_PROHIBITED, CKR_CURVE_NOT_SUPPORTED, CKR_RANDOM_NO_RNG,
            CKR_RANDOM_SEED_NOT_SUPPORTED:
            true
        default: false
        }
    }

    /// `CKR_SESSION_CLOSED (0xb0)`.
    package var name: String {
        let code = "0x" + String(rawValue, radix: 16)
        return Self.names[rawValue].map { "\($0) (\(code))" } ?? "CK_RV \(code)"
    }

    private static let names: [UInt: String] = [
        CKR_HOST_MEMORY: "CKR_HOST_MEMORY", CKR_SLOT_ID_INVALID: "CKR_SLOT_ID_INVALID",
        CKR_GENERAL_ERROR: "CKR_GENERAL_ERROR", CKR_FUNCTION_FAILED: "CKR_FUNCTION_FAILED",
        CKR_ARGUMENTS_BAD: "CKR_ARGUMENTS_BAD", CKR_ACTION_PROHIBITED: "CKR_ACTION_PROHIBITED",
        CKR_ATTRIBUTE_READ_ONLY: "CKR_ATTRIBUTE_READ_ONLY",
        CKR_ATTRIBUTE_SENSITIVE: "CKR_ATTRIBUTE_SENSITIVE",
        CKR_ATTRIBUTE_TYPE_INVALID: "CKR_ATTRIBUTE_TYPE_INVALID",
        CKR_ATTRIBUTE_VALUE_INVALID: "CKR_ATTRIBUTE_VALUE_INVALID",
        CKR_DATA_INVALID: "CKR_DATA_INVALID", CKR_DATA_LEN_RANGE: "CKR_DATA_LEN_RANGE",
        CKR_DEVICE_ERROR: "CKR_DEVICE_ERROR", CKR_DEVICE_MEMORY: "CKR_DEVICE_MEMORY",
        CKR_DEVICE_REMOVED: "CKR_DEVICE_REMOVED",
        CKR_ENCRYPTED_DATA_INVALID: "CKR_ENCRYPTED_DATA_INVALID",
        CKR_ENCRYPTED_DATA_LEN_RANGE: "CKR_ENCRYPTED_DATA_LEN_RANGE",
        CKR_FUNCTION_NOT_SUPPORTED: "CKR_FUNCTION_NOT_SUPPORTED",
        CKR_KEY_FUNCTION_NOT_PERMITTED: "CKR_KEY_FUNCTION_NOT_PERMITTED",
        CKR_KEY_HANDLE_INVALID: "CKR_KEY_HANDLE_INVALID",
        CKR_KEY_SIZE_RANGE: "CKR_KEY_SIZE_RANGE",
        CKR_KEY_TYPE_INCONSISTENT: "CKR_KEY_TYPE_INCONSISTENT",
        CKR_KEY_UNEXTRACTABLE: "CKR_KEY_UNEXTRACTABLE",
        CKR_MECHANISM_INVALID: "CKR_MECHANISM_INVALID",
        CKR_MECHANISM_PARAM_INVALID: "CKR_MECHANISM_PARAM_INVALID",
        CKR_OBJECT_HANDLE_INVALID: "CKR_OBJECT_HANDLE_INVALID",
        CKR_OPERATION_ACTIVE: "CKR_OPERATION_ACTIVE",
        CKR_OPERATION_NOT_INITIALIZED: "CKR_OPERATION_NOT_INITIALIZED",
        CKR_PIN_INCORRECT: "CKR_PIN_INCORRECT", CKR_PIN_INVALID: "CKR_PIN_INVALID",
        CKR_PIN_LEN_RANGE: "CKR_PIN_LEN_RANGE", CKR_PIN_EXPIRED: "CKR_PIN_EXPIRED",
        CKR_PIN_LOCKED: "CKR_PIN_LOCKED", pinTooWeak: "CKR_PIN_TOO_WEAK",
        CKR_SESSION_CLOSED: "CKR_SESSION_CLOSED", CKR_SESSION_COUNT: "CKR_SESSION_COUNT",
        CKR_SESSION_HANDLE_INVALID: "CKR_SESSION_HANDLE_INVALID",
        CKR_SESSION_READ_ONLY: "CKR_SESSION_READ_ONLY",
        CKR_SIGNATURE_INVALID: "CKR_SIGNATURE_INVALID",
        CKR_SIGNATURE_LEN_RANGE: "CKR_SIGNATURE_LEN_RANGE",
        CKR_TEMPLATE_INCOMPLETE: "CKR_TEMPLATE_INCOMPLETE",
        CKR_TEMPLATE_INCONSISTENT: "CKR_TEMPLATE_INCONSISTENT",
        CKR_TOKEN_NOT_PRESENT: "CKR_TOKEN_NOT_PRESENT",
        CKR_TOKEN_NOT_RECOGNIZED: "CKR_TOKEN_NOT_RECOGNIZED",
        CKR_TOKEN_WRITE_PROTECTED: "CKR_TOKEN_WRITE_PROTECTED",
        CKR_USER_ALREADY_LOGGED_IN: "CKR_USER_ALREADY_LOGGED_IN",
        CKR_USER_NOT_LOGGED_IN: "CKR_USER_NOT_LOGGED_IN",
        CKR_USER_PIN_NOT_INITIALIZED: "CKR_USER_PIN_NOT_INITIALIZED",
        CKR_BUFFER_TOO_SMALL: "CKR_BUFFER_TOO_SMALL",
        CKR_CRYPTOKI_NOT_INITIALIZED: "CKR_CRYPTOKI_NOT_INITIALIZED",
        CKR_CRYPTOKI_ALREADY_INITIALIZED: "CKR_CRYPTOKI_ALREADY_INITIALIZED",
    ]
}
