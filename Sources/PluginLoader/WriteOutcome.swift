/// What a driver says became of one write (`kms_written`).
struct WriteOutcome {
    var code: Int32
    /// `KMS_ERROR_*`.
    var flags: UInt32

    private static let retryable: UInt32 = 1 << 0
    private static let inDoubt: UInt32 = 1 << 1

    /// The outcome of an atomic batch: written, or the status of the first item at fault.
    static func ofBatch(_ items: [WriteOutcome], driver: String) -> Result<Void, DriverError> {
        if items.allSatisfy({ $0.code == DriverStatus.ok.rawValue }) { return .success(()) }
        let fault = items.firstIndex {
            $0.code != DriverStatus.ok.rawValue && $0.code != DriverStatus.aborted.rawValue
        }
        guard let fault, let status = DriverStatus(rawValue: items[fault].code),
            status != .wouldBlock, !items.contains(where: { $0.code == DriverStatus.ok.rawValue })
        else {
            // Some say written and some not, or nobody says why: the batch may be stored.
            return .failure(
                DriverError(
                    status: .internalError, isInDoubt: true,
                    message: "\(driver): apply answered wrongly: the outcomes of a batch are "
                        + items.map { "\($0.code)" }.joined(separator: ", ")))
        }
        let flags = items.reduce(0) { $0 | $1.flags }
        return .failure(
            DriverError(
                status: status, isRetryable: items[fault].flags & retryable != 0,
                isInDoubt: flags & inDoubt != 0, message: "\(driver): write refused",
                failedItem: fault))
    }
}
