import PluginABI
import Secrets

/// A database driver's functions: our copy of its table, in which what is missing is NULL.
struct DatabaseTable: @unchecked Sendable {  // code of a resident library
    typealias Open =
        @convention(c) (
            UnsafePointer<kms_database_open>?, UnsafePointer<kms_call>?,
            UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<kms_error>?
        ) -> kms_status

    let driver: kms_database_driver
    let open: Open
    let close: @convention(c) (OpaquePointer?) -> Void
    let mark: DriverMark

    /// Most `apply` calls that are of use at once; 0: as many as calls in all.
    var writers: Int { Int(driver.writers) }

    func openHandle(
        _ opening: DatabaseOpening, _ plan: CallPlan
    ) throws(DriverError) -> OpenHandle {
        let settings = opening.settings
        let size = try Arena.measure { _ = $0.settings(settings) }
        let handle: OpaquePointer? = try Arena.lend(size, { $0.settings(settings) }) {
            items throws(DriverError) in
            try Self.lendSecrets(settings, items, from: 0) { () throws(DriverError) in
                var options: kms_database_open = Tables.empty()
                options.flags = opening.flags
                options.concurrency = UInt32(opening.concurrency)
                options.settings = UnsafePointer(items)
                options.setting_count = settings.count
                var handle: OpaquePointer?
                try plan.perform("open", of: mark) { open(&options, $0, &handle, $1) }
                return handle
            }
        }
        guard let handle else {
            throw DriverError(
                status: .internalError, message: "\(mark.name): open succeeded without a handle")
        }
        return OpenHandle(handle, of: self)
    }

    /// Points secret settings at their bytes for the duration of `body`. One level for each
    /// secret; a driver has a handful of options.
    private static func lendSecrets<R>(
        _ settings: [Setting], _ items: UnsafeMutablePointer<kms_setting>?, from index: Int,
        _ body: () throws(DriverError) -> R
    ) throws(DriverError) -> R {
        var index = index
        while index < settings.count {
            if case .secret(let secret) = settings[index].value {
                return try secret.withExposedBytes { span throws(DriverError) in
                    try span.withUnsafeBytes { bytes throws(DriverError) in
                        guard !bytes.contains(0) else {
                            let name = settings[index].option.name
                            throw DriverError(
                                status: .invalid, message: "\(name) contains U+0000")
                        }
                        items?[index].text = bytes.bindMemory(to: UInt8.self).asText
                        return try lendSecrets(settings, items, from: index + 1, body)
                    }
                }
            }
            index += 1
        }
        return try body()
    }
}

/// What `open` is asked for.
struct DatabaseOpening: Sendable {
    var settings: [Setting]
    var concurrency: Int
    var isReadOnly = false
    /// The database is another system's.
    var isForeign = false

    fileprivate var flags: UInt32 {
        (isReadOnly ? UInt32(KMS_OPEN_READ_ONLY) : 0)
            | (isForeign ? UInt32(KMS_OPEN_FOREIGN) : 0)
    }
}
