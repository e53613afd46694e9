import CPKCS11
import PluginKit

/// A session of a token. One thread uses it at a time: the standard allows no more, and a library
/// that is asked for more may corrupt its memory.
final class Session: @unchecked Sendable {  // whoever holds the lane, or the login, uses it alone
    let handle: CK_SESSION_HANDLE
    let library: Cryptoki

    init(_ handle: CK_SESSION_HANDLE, _ library: Cryptoki) {
        self.handle = handle
        self.library = library
    }

    func check(_ code: CK_RV, _ function: StaticString) throws(TokenFailure) {
        if code != CKR_OK { throw TokenFailure(ReturnValue(rawValue: code), in: function) }
    }

    /// What it answers is of no interest: it is not used again.
    func close() { _ = library.closeSession(handle) }

    /// Logs in all sessions of the process on this token.
    func login(_ pin: BorrowedBytes) throws(TokenFailure) {
        let code = pin.withUnsafeBytes { bytes in
            // The library reads `count` bytes of the PIN and keeps no pointer. An empty PIN is not
            // a missing one, so there is always a pointer.
            var nothing: UInt8 = 0
            return withUnsafeMutablePointer(to: &nothing) { nothing in
                let base = bytes.baseAddress.map {
                    UnsafeMutableRawPointer(mutating: $0).assumingMemoryBound(to: UInt8.self)
                }
                return library.login(handle, CKU_USER, base ?? nothing, CK_ULONG(bytes.count))
            }
        }
        // Another session of the process was first, which is all we wanted.
        if ReturnValue(rawValue: code) == .alreadyLoggedIn { return }
        try check(code, "C_Login")
    }

    func logout() { _ = library.logout(handle) }

    /// Whether the user is logged in.
    func isLoggedIn() throws(TokenFailure) -> Bool {
        var info = CK_SESSION_INFO()
        try check(library.getSessionInfo(handle, &info), "C_GetSessionInfo")
        return info.state == CKS_RW_USER_FUNCTIONS || info.state == CKS_RO_USER_FUNCTIONS
    }

    func random(_ count: Int) throws(TokenFailure) -> SecretBuffer {
        let bytes = try SecretBuffer(count: count)
        try check(
            library.generateRandom(handle, bytes.base, CK_ULONG(count)), "C_GenerateRandom")
        return bytes
    }

    func seed(_ seed: SecretBuffer) throws(TokenFailure) {
        try check(
            library.seedRandom(handle, seed.base, CK_ULONG(seed.count)), "C_SeedRandom")
    }

    // MARK: Objects

    /// Handles of objects, at most `limit`.
    func find(
        _ template: [Attribute], limit: Int, batch: Int
    ) throws(TokenFailure) -> [CK_OBJECT_HANDLE] {
        let begun = template.withTemplate { library.findInit(handle, $0, $1) }
        try check(begun, "C_FindObjectsInit")
        // On every way out: a session has one search at a time.
        defer { _ = library.findFinal(handle) }
        var found: [CK_OBJECT_HANDLE] = []
        var some = [CK_OBJECT_HANDLE](repeating: 0, count: max(1, min(batch, limit)))
        while found.count < limit {
            var count: CK_ULONG = 0
            let code = library.find(handle, &some, CK_ULONG(some.count), &count)
            try check(code, "C_FindObjects")
            if count == 0 { break }
            // No more than there was room for, whatever the library says.
            found += some.prefix(Int(clamping: count))
        }
        return Array(found.prefix(limit))
    }

    func getAttributeValue(
        _ object: CK_OBJECT_HANDLE, _ template: inout [CK_ATTRIBUTE]
    ) -> ReturnValue {
        ReturnValue(
            rawValue: library.getAttributeValue(
                handle, object, &template, CK_ULONG(template.count)))
    }

    func set(_ attributes: [Attribute], of object: CK_OBJECT_HANDLE) throws(TokenFailure) {
        let code = attributes.withTemplate { library.setAttributeValue(handle, object, $0, $1) }
        try check(code, "C_SetAttributeValue")
    }

    func destroy(_ object: CK_OBJECT_HANDLE) throws(TokenFailure) {
        try check(library.destroyObject(handle, object), "C_DestroyObject")
    }

    func generate(
        _ mechanism: UInt, _ template: [Attribute]
    ) throws(TokenFailure) -> CK_OBJECT_HANDLE {
        var key: CK_OBJECT_HANDLE = 0
        let code = TokenMechanism(mechanism).withMechanism { mechanism in
            template.withTemplate { library.generateKey(handle, mechanism, $0, $1, &key) }
        }
        try check(code, "C_GenerateKey")
        return key
    }

    func generatePair(
        _ mechanism: UInt, publicKey: [Attribute], privateKey: [Attribute]
    ) throws(TokenFailure) -> (publicKey: CK_OBJECT_HANDLE, privateKey: CK_OBJECT_HANDLE) {
        var handles: (CK_OBJECT_HANDLE, CK_OBJECT_HANDLE) = (0, 0)
        let code = TokenMechanism(mechanism).withMechanism { mechanism in
            publicKey.withTemplate { publicItems, publicCount in
                privateKey.withTemplate { privateItems, privateCount in
                    library.generateKeyPair(
                        handle, mechanism, publicItems, publicCount, privateItems, privateCount,
                        &handles.0, &handles.1)
                }
            }
        }
        try check(code, "C_GenerateKeyPair")
        return handles
    }
}
