/// An HSM driver in Swift: one instance is one `kms_hsm *`, a vendor library that is initialised.
///
/// The host calls from any thread, several at once. What each function promises is written above its
/// member in `kms/hsm.h`. Functions that a driver leaves out answer `KMS_UNSUPPORTED`.
public protocol HSMDriver: AnyObject, Sendable {
    /// Loads the vendor library; logs in nowhere.
    static func open(_ settings: Settings, host: Host, call: Call) throws(DriverFailure) -> Self

    /// Ends the use of the library: every slot is closed, no call is in flight, none follows.
    func close()

    /// What slots there are, with or without a token.
    func slots(_ call: Call) throws(DriverFailure) -> [HSMSlotInfo]

    /// Logs in, once; a wrong PIN is ``Status/denied``.
    func openSlot(_ opening: HSMSlotOpening, _ call: Call) throws(DriverFailure) -> any HSMSlot
}

/// A slot that is logged in (`kms_hsm_slot *`), with its own sessions.
public protocol HSMSlot: AnyObject, Sendable {
    /// Closes the sessions and zeroizes the PIN: no call is in flight, none follows.
    func close()

    /// Asks the device, heals lost sessions and logins. Called every few seconds.
    func health(_ call: Call) throws(DriverFailure)

    /// What the slot can do.
    func capabilities(_ call: Call) throws(DriverFailure) -> [HSMCapability]

    /// Generates keys: one item for each template, in their order; pairs are neighbours.
    func generate(
        _ templates: HSMKeyTemplates, _ call: Call, into keys: inout HSMKeysBuilder
    ) throws(DriverFailure)

    /// Metadata of some keys, one item for each id in their order, or a page of all of a type.
    func find(
        _ query: HSMKeyQuery, _ call: Call, into keys: inout HSMKeysBuilder
    ) throws(DriverFailure)

    /// Key material: one item for each id, in their order.
    func export(
        _ ids: HSMKeyIDs, _ call: Call, into keys: inout HSMKeysBuilder
    ) throws(DriverFailure)

    /// Writes label and dates of existing keys.
    func update(
        _ keys: HSMKeyTemplates, _ call: Call, into outcomes: inout HSMOutcomes
    ) throws(DriverFailure)

    /// Removes keys for good.
    func destroy(
        _ ids: HSMKeyIDs, _ call: Call, into outcomes: inout HSMOutcomes
    ) throws(DriverFailure)

    /// Encrypt, decrypt, sign, verify, wrap, unwrap, mixed.
    func crypto(
        _ requests: CryptoRequests, _ call: Call, into results: inout CryptoResults
    ) throws(DriverFailure)

    /// Fills the host's memory from the device's generator.
    func random(_ memory: FillableMemory, _ call: Call) throws(DriverFailure)

    /// Adds to the device's entropy.
    func seed(_ seed: BorrowedBytes, _ call: Call) throws(DriverFailure)

    /// Counters and gauges that are at hand.
    func statistics(_ call: Call) throws(DriverFailure) -> [Statistic]
}

extension HSMSlot {
    public func health(_ call: Call) throws(DriverFailure) { throw .unsupported }
    public func capabilities(_ call: Call) throws(DriverFailure) -> [HSMCapability] {
        throw .unsupported
    }
    public func generate(
        _ templates: HSMKeyTemplates, _ call: Call, into keys: inout HSMKeysBuilder
    ) throws(DriverFailure) { throw .unsupported }
    public func find(
        _ query: HSMKeyQuery, _ call: Call, into keys: inout HSMKeysBuilder
    ) throws(DriverFailure) { throw .unsupported }
    public func export(
        _ ids: HSMKeyIDs, _ call: Call, into keys: inout HSMKeysBuilder
    ) throws(DriverFailure) { throw .unsupported }
    public func update(
        _ keys: HSMKeyTemplates, _ call: Call, into outcomes: inout HSMOutcomes
    ) throws(DriverFailure) { throw .unsupported }
    public func destroy(
        _ ids: HSMKeyIDs, _ call: Call, into outcomes: inout HSMOutcomes
    ) throws(DriverFailure) { throw .unsupported }
    public func crypto(
        _ requests: CryptoRequests, _ call: Call, into results: inout CryptoResults
    ) throws(DriverFailure) { throw .unsupported }
    public func random(_ memory: FillableMemory, _ call: Call) throws(DriverFailure) {
        throw .unsupported
    }
    public func seed(_ seed: BorrowedBytes, _ call: Call) throws(DriverFailure) {
        throw .unsupported
    }
    public func statistics(_ call: Call) throws(DriverFailure) -> [Statistic] {
        throw .unsupported
    }
}
