/// In what a vendor's library differs from others: data, so that no code asks whose library it is.
package struct Quirks: Sendable {
    /// Who runs the calls of a slot.
    package enum Threads: Sendable {
        /// A thread for each session: a call that the device never answers holds that session and
        /// not its caller.
        case ofSessions
        /// The caller: for a library that computes in this process, where a change of threads costs
        /// as much as a quarter of an encryption, and where nothing far away can hang.
        case ofCallers
    }

    /// Hashes that RSA-OAEP takes.
    package enum OAEPHash: Sendable { case sha1, sha256 }

    /// The `hsm-model` that it serves; begins the names of its options.
    package var model: StaticString
    package var threads = Threads.ofSessions
    /// Handles that one `C_FindObjects` asks for.
    package var findBatch = 64
    /// Bytes that one AES-CBC operation takes; longer data is chained. Nil: no limit.
    package var chunkMax: Int?
    /// Whether new keys get their id as `CKA_ID` too. `CKA_LABEL` always has it.
    package var setsID = true
    package var oaepHashes: [OAEPHash] = [.sha1, .sha256]
    /// Codes besides those of the standard that mean "this ciphertext does not fit" when a
    /// decryption answers them twice and the token is well.
    package var damagedData: [ReturnValue] = [.generalError, .functionFailed]
    /// Codes that a generation answers now and then, and that are worth another try.
    package var generateAgain: [ReturnValue] = [.generalError, .functionFailed]
    /// Whether dates can be set after a key was made, and read again.
    package var keepsDates = true
    /// The variable by which the library finds its own configuration.
    package var configurationVariable: String?

    package init(model: StaticString) { self.model = model }
}
