import PluginABI

/// Structs of the other side that may be shorter or longer than ours.
package enum Tables {
    /// No struct of the contract is anywhere near; a larger `struct_size` is no size.
    private static let sizeMax: UInt32 = 65_536

    /// Copies the smaller of both sizes into a zeroed struct of ours, as the contract has it: what
    /// the other side is too old to have is then NULL or 0. nil when `struct_size` makes no sense.
    ///
    /// - Parameter theirs: A struct of the contract that begins with `struct_size`, static in the
    ///   library, hence readable for that many bytes.
    package static func copy<Table: ForeignTable>(_ theirs: UnsafePointer<Table>) -> Table? {
        let raw = UnsafeRawPointer(theirs)
        let size = raw.load(as: UInt32.self)
        guard size >= 8, size <= sizeMax else { return nil }
        var mine = Table()
        withUnsafeMutableBytes(of: &mine) { bytes in
            bytes.copyMemory(
                from: UnsafeRawBufferPointer(start: raw, count: min(Int(size), bytes.count)))
        }
        mine.struct_size = UInt32(MemoryLayout<Table>.size)
        return mine
    }

    /// A zeroed struct to be filled by a driver, with the size that may be written.
    package static func empty<Table: ForeignTable>(_ type: Table.Type = Table.self) -> Table {
        var table = Table()
        table.struct_size = UInt32(MemoryLayout<Table>.size)
        return table
    }

    /// A NUL-terminated text of a description; nil for NULL, for what is no UTF-8 and for what has
    /// no end within 4096 bytes.
    package static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
        guard let pointer else { return nil }
        let most = 4096
        var count = 0
        while count < most, pointer[count] != 0 { count += 1 }
        guard count < most else { return nil }
        let bytes = UnsafeRawBufferPointer(start: pointer, count: count)
        return String(validating: bytes, as: UTF8.self)
    }

    /// A NULL-terminated list of such texts; nil when one of them is wrong or there are too many.
    static func texts(_ list: UnsafePointer<UnsafePointer<CChar>?>?) -> [String]? {
        guard let list else { return [] }
        let most = 256
        var texts: [String] = []
        while texts.count < most, let pointer = list[texts.count] {
            guard let text = text(pointer) else { return nil }
            texts.append(text)
        }
        return texts.count < most ? texts : nil
    }
}

/// A struct of the contract that begins with `struct_size` and is zero when made.
package protocol ForeignTable {
    init()
    var struct_size: UInt32 { get set }
}

extension kms_plugin: ForeignTable {}
extension kms_plugin_info: ForeignTable {}
extension kms_database_driver: ForeignTable {}
extension kms_database_open: ForeignTable {}
extension kms_objects: ForeignTable {}
extension kms_grants: ForeignTable {}
extension kms_grants_query: ForeignTable {}
extension kms_query: ForeignTable {}
extension kms_changes: ForeignTable {}
extension kms_texts: ForeignTable {}
extension kms_statistics: ForeignTable {}
extension kms_context: ForeignTable {}
extension kms_error: ForeignTable {}
extension kms_call: ForeignTable {}
extension kms_host: ForeignTable {}
extension kms_hsm_driver: ForeignTable {}
extension kms_hsm_open: ForeignTable {}
extension kms_hsm_slot_open: ForeignTable {}
extension kms_hsm_keys: ForeignTable {}
extension kms_crypto_results: ForeignTable {}
