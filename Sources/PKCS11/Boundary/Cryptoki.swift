import CPKCS11
import Glibc

/// The functions of a vendor's library that we use, all there. The library is never unloaded.
struct Cryptoki: @unchecked Sendable {  // code of a resident library
    let initialize: CK_C_Initialize, finalize: CK_C_Finalize, getInfo: CK_C_GetInfo
    let getSlotList: CK_C_GetSlotList, getSlotInfo: CK_C_GetSlotInfo
    let getTokenInfo: CK_C_GetTokenInfo
    let getMechanismList: CK_C_GetMechanismList, getMechanismInfo: CK_C_GetMechanismInfo
    let openSession: CK_C_OpenSession, closeSession: CK_C_CloseSession
    let getSessionInfo: CK_C_GetSessionInfo, login: CK_C_Login, logout: CK_C_Logout
    let destroyObject: CK_C_DestroyObject
    let getAttributeValue: CK_C_GetAttributeValue, setAttributeValue: CK_C_SetAttributeValue
    let findInit: CK_C_FindObjectsInit, find: CK_C_FindObjects, findFinal: CK_C_FindObjectsFinal
    let encryptInit: CK_C_EncryptInit, encrypt: CK_C_Encrypt
    let decryptInit: CK_C_DecryptInit, decrypt: CK_C_Decrypt
    let digestInit: CK_C_DigestInit, digest: CK_C_Digest
    let signInit: CK_C_SignInit, sign: CK_C_Sign
    let verifyInit: CK_C_VerifyInit, verify: CK_C_Verify
    let generateKey: CK_C_GenerateKey, generateKeyPair: CK_C_GenerateKeyPair
    let wrapKey: CK_C_WrapKey, unwrapKey: CK_C_UnwrapKey
    let seedRandom: CK_C_SeedRandom, generateRandom: CK_C_GenerateRandom

    /// Why a file is no PKCS#11 library that can be used.
    struct Unusable: Error { var problem: String }

    /// Opens a library that has been checked.
    ///
    /// - Throws: What the dynamic linker says, or which function is missing.
    init(path: String) throws(Unusable) {
        // Local: nothing of it replaces functions of ours. Now: what is missing shows at once.
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let problem = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw Unusable(problem: problem)
        }
        guard let symbol = dlsym(handle, "C_GetFunctionList") else {
            throw Unusable(problem: "it is no PKCS#11 library: it has no C_GetFunctionList")
        }
        // The standard gives this symbol this type.
        let getFunctionList = unsafeBitCast(symbol, to: CK_C_GetFunctionList.self)
        var list: UnsafeMutablePointer<CK_FUNCTION_LIST>?
        let code = getFunctionList(&list)
        guard code == CKR_OK, let functions = list?.pointee else {
            throw Unusable(
                problem: "C_GetFunctionList answered \(ReturnValue(rawValue: code).name)")
        }
        self = try Self(functions)
    }

    private init(_ list: CK_FUNCTION_LIST) throws(Unusable) {
        func need<F>(_ function: F?, _ name: StaticString) throws(Unusable) -> F {
            guard let function else { throw Unusable(problem: "it has no \(name)") }
            return function
        }
        initialize = try need(list.C_Initialize, "C_Initialize")
        finalize = try need(list.C_Finalize, "C_Finalize")
        getInfo = try need(list.C_GetInfo, "C_GetInfo")
        getSlotList = try need(list.C_GetSlotList, "C_GetSlotList")
        getSlotInfo = try need(list.C_GetSlotInfo, "C_GetSlotInfo")
        getTokenInfo = try need(list.C_GetTokenInfo, "C_GetTokenInfo")
        getMechanismList = try need(list.C_GetMechanismList, "C_GetMechanismList")
        getMechanismInfo = try need(list.C_GetMechanismInfo, "C_GetMechanismInfo")
        openSession = try need(list.C_OpenSession, "C_OpenSession")
        closeSession = try need(list.C_CloseSession, "C_CloseSession")
        getSessionInfo = try need(list.C_GetSessionInfo, "C_GetSessionInfo")
        login = try need(list.C_Login, "C_Login")
        logout = try need(list.C_Logout, "C_Logout")
        destroyObject = try need(list.C_DestroyObject, "C_DestroyObject")
        getAttributeValue = try need(list.C_GetAttributeValue, "C_GetAttributeValue")
        setAttributeValue = try need(list.C_SetAttributeValue, "C_SetAttributeValue")
        findInit = try need(list.C_FindObjectsInit, "C_FindObjectsInit")
        find = try need(list.C_FindObjects, "C_FindObjects")
        findFinal = try need(list.C_FindObjectsFinal, "C_FindObjectsFinal")
        encryptInit = try need(list.C_EncryptInit, "C_EncryptInit")
        encrypt = try need(list.C_Encrypt, "C_Encrypt")
        decryptInit = try need(list.C_DecryptInit, "C_DecryptInit")
        decrypt = try need(list.C_Decrypt, "C_Decrypt")
        digestInit = try need(list.C_DigestInit, "C_DigestInit")
        digest = try need(list.C_Digest, "C_Digest")
        signInit = try need(list.C_SignInit, "C_SignInit")
        sign = try need(list.C_Sign, "C_Sign")
        verifyInit = try need(list.C_VerifyInit, "C_VerifyInit")
        verify = try need(list.C_Verify, "C_Verify")
        generateKey = try need(list.C_GenerateKey, "C_GenerateKey")
        generateKeyPair = try need(list.C_GenerateKeyPair, "C_GenerateKeyPair")
        wrapKey = try need(list.C_WrapKey, "C_WrapKey")
        unwrapKey = try need(list.C_UnwrapKey, "C_UnwrapKey")
        seedRandom = try need(list.C_SeedRandom, "C_SeedRandom")
        generateRandom = try need(list.C_GenerateRandom, "C_GenerateRandom")
    }
}

/// A slot with its token, as the library describes it.
struct TokenDescription: Sendable {
    var id: CK_SLOT_ID
    var isPresent = false
    var label = "", model = "", serial = "", firmware = ""
    var flags: CK_FLAGS = 0
    /// 0: no limit known.
    var sessionsMax = 0

    func has(_ flag: CK_FLAGS) -> Bool { flags & flag != 0 }
}

extension Cryptoki {
    private func check(_ code: CK_RV, _ function: StaticString) throws(TokenFailure) {
        if code != CKR_OK { throw TokenFailure(ReturnValue(rawValue: code), in: function) }
    }

    /// For many threads, with the system's own locks.
    ///
    /// - Returns: False when somebody else in this process did it, who will also end it.
    func start() throws(TokenFailure) -> Bool {
        var arguments = CK_C_INITIALIZE_ARGS()
        arguments.flags = CKF_OS_LOCKING_OK
        let code = initialize(&arguments)
        if ReturnValue(rawValue: code) == .alreadyInitialized { return false }
        try check(code, "C_Initialize")
        return true
    }

    func stop() { _ = finalize(nil) }

    func slots() throws(TokenFailure) -> [CK_SLOT_ID] {
        // Slots may come between the two calls.
        for _ in 0..<3 {
            var count: CK_ULONG = 0
            try check(getSlotList(CK_BBOOL(0), nil, &count), "C_GetSlotList")
            let room = min(count, 4096)
            if room == 0 { return [] }
            var ids = [CK_SLOT_ID](repeating: 0, count: Int(room))
            count = room
            let code = getSlotList(CK_BBOOL(0), &ids, &count)
            if ReturnValue(rawValue: code) == .bufferTooSmall { continue }
            try check(code, "C_GetSlotList")
            return Array(ids.prefix(Int(min(count, room))))
        }
        throw TokenFailure(.bufferTooSmall, in: "C_GetSlotList")
    }

    func describe(_ slot: CK_SLOT_ID) throws(TokenFailure) -> TokenDescription {
        var description = TokenDescription(id: slot)
        var info = CK_SLOT_INFO()
        try check(getSlotInfo(slot, &info), "C_GetSlotInfo")
        guard info.flags & CKF_TOKEN_PRESENT != 0 else { return description }
        return try token(slot, &description)
    }

    /// Asks the token itself, which a device that is gone does not answer.
    func token(_ slot: CK_SLOT_ID) throws(TokenFailure) -> TokenDescription {
        var description = TokenDescription(id: slot)
        return try token(slot, &description)
    }

    private func token(
        _ slot: CK_SLOT_ID, _ description: inout TokenDescription
    ) throws(TokenFailure) -> TokenDescription {
        var token = CK_TOKEN_INFO()
        try check(getTokenInfo(slot, &token), "C_GetTokenInfo")
        description.isPresent = true
        description.label = Self.text(token.label)
        description.model = Self.text(token.model)
        description.serial = Self.text(token.serialNumber)
        description.firmware = "\(token.firmwareVersion.major).\(token.firmwareVersion.minor)"
        description.flags = token.flags
        // 0 is "without limit", all ones "not told".
        let most = token.ulMaxRwSessionCount
        description.sessionsMax = most == CK_ULONG.max ? 0 : Int(clamping: most)
        return description
    }

    /// Texts of the standard are padded with blanks and have no terminator.
    private static func text<Field>(_ field: Field) -> String {
        withUnsafeBytes(of: field) { bytes in
            let end = bytes.lastIndex { $0 != 0x20 && $0 != 0 }.map { $0 + 1 } ?? 0
            let printable = bytes[..<end].map { $0 < 0x20 || $0 == 0x7F ? 0x3F : $0 }
            return String(decoding: printable, as: UTF8.self)
        }
    }

    /// What the token can do: mechanism, sizes of keys in the token's own unit.
    func mechanisms(
        _ slot: CK_SLOT_ID
    ) throws(TokenFailure) -> [UInt: (minimum: UInt, maximum: UInt)] {
        var count: CK_ULONG = 0
        try check(getMechanismList(slot, nil, &count), "C_GetMechanismList")
        let room = min(count, 4096)
        if room == 0 { return [:] }
        var types = [CK_MECHANISM_TYPE](repeating: 0, count: Int(room))
        count = room
        try check(getMechanismList(slot, &types, &count), "C_GetMechanismList")
        var mechanisms: [UInt: (minimum: UInt, maximum: UInt)] = [:]
        for type in types.prefix(Int(min(count, room))) {
            var info = CK_MECHANISM_INFO()
            // One that cannot be described is not offered.
            guard getMechanismInfo(slot, type, &info) == CKR_OK else { continue }
            mechanisms[type] = (info.ulMinKeySize, info.ulMaxKeySize)
        }
        return mechanisms
    }

    func open(_ slot: CK_SLOT_ID) throws(TokenFailure) -> Session {
        var handle: CK_SESSION_HANDLE = 0
        let flags = CKF_SERIAL_SESSION | CKF_RW_SESSION
        try check(openSession(slot, flags, nil, nil, &handle), "C_OpenSession")
        return Session(handle, self)
    }
}
