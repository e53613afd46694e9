import PluginABI

/// Our copy of a plugin's table, and what its description says.
struct PluginTable: @unchecked Sendable {  // static memory and code of a resident library
    let path: String
    let table: kms_plugin

    /// Copies and checks the description.
    func describe() throws(PluginRefused) -> PluginInfo {
        guard let theirs = table.info, let info = Tables.copy(theirs) else {
            throw refusal("kms_plugin_info is missing or has no sensible struct_size")
        }
        guard let kind = PluginKind(rawValue: info.kind) else {
            throw PluginRefused(library: path, reason: .unknownKind(info.kind))
        }
        guard table.`init` != nil, table.deinit != nil, table.get_interface != nil else {
            throw refusal("init, deinit or get_interface is missing")
        }
        guard let serves = Tables.texts(info.serves) else {
            throw refusal("serves is not a list of texts")
        }
        return PluginInfo(
            id: try text(info.id, "id"), name: try text(info.name, "name"),
            version: try text(info.version, "version"),
            vendor: try text(info.vendor, "vendor", .mayBeMissing),
            url: try text(info.url, "url", .mayBeMissing),
            license: try text(info.license, "license", .mayBeMissing),
            summary: try text(info.summary, "summary", .mayBeMissing),
            serves: serves, kind: kind, options: try options(info),
            abiMajor: Int(table.abi_major), abiMinor: Int(table.abi_minor),
            isVolatile: info.flags & UInt32(KMS_PLUGIN_VOLATILE) != 0,
            isSingleProcess: info.flags & UInt32(KMS_PLUGIN_SINGLE_PROCESS) != 0)
    }

    func start(_ host: HostTable, _ mark: DriverMark) throws(DriverError) {
        guard let start = table.`init` else { return }
        let failure: DriverError? = withUnsafeTemporaryAllocation(
            byteCount: 512, alignment: 1
        ) { message in
            var error: kms_error = Tables.empty()
            message[0] = 0
            error.message = message.baseAddress?.assumingMemoryBound(to: CChar.self)
            error.message_capacity = message.count
            let status = mark.running("init") { start(host.table, &error) }
            guard status != 0 else { return nil }
            return DriverError(status: DriverStatus(rawValue: status) ?? .internalError, error)
        }
        if let failure { throw failure }
    }

    func stop(_ mark: DriverMark) { mark.running("deinit") { table.deinit?() } }

    /// The database interface; throws `.unsupported` when it lacks what every driver has.
    func database(_ mark: DriverMark) throws(DriverError) -> DatabaseTable {
        let found = mark.running("get_interface") { table.get_interface?(KMS_DATABASE_INTERFACE) }
        func refusal(_ status: DriverStatus, _ problem: String) -> DriverError {
            DriverError(
                status: status, message: "\(mark.name) (\(path)): \(problem); ask its vendor")
        }
        guard let theirs = found else {
            throw refusal(.unsupported, "it has no interface \(KMS_DATABASE_INTERFACE)")
        }
        // The id of the interface fixes the type of its table.
        let typed = theirs.assumingMemoryBound(to: kms_database_driver.self)
        guard let mine = Tables.copy(typed) else {
            throw refusal(.internalError, "its kms_database_driver has no sensible struct_size")
        }
        guard let open = mine.open, let close = mine.close else {
            throw refusal(.unsupported, "it lacks open or close")
        }
        return DatabaseTable(driver: mine, open: open, close: close, mark: mark)
    }

    // MARK: Members of the description

    private enum Presence { case required, mayBeMissing }

    private func text(
        _ pointer: UnsafePointer<CChar>?, _ name: String, _ presence: Presence = .required
    ) throws(PluginRefused) -> String {
        if pointer == nil, presence == .mayBeMissing { return "" }
        guard let text = Tables.text(pointer) else {
            throw refusal("\(name) is missing or not UTF-8")
        }
        guard presence == .mayBeMissing || !text.isEmpty else { throw refusal("\(name) is empty") }
        return escapingControls(text)
    }

    private func options(
        _ info: kms_plugin_info
    ) throws(PluginRefused) -> [OptionDescription] {
        let count = Int(info.option_count)
        let stride = Int(info.option_stride)
        guard count > 0 else { return [] }
        guard let first = info.options, count <= 256 else {
            throw refusal("its options are missing")
        }
        // An option may have grown since; it never was shorter than in 1.0.
        guard stride >= MemoryLayout<kms_option>.size, stride <= 4096,
            stride.isMultiple(of: MemoryLayout<kms_option>.alignment)
        else { throw refusal("option_stride \(stride) is no size of an option") }
        var options: [OptionDescription] = []
        for index in 0..<count {
            let at = UnsafeRawPointer(first) + index * stride
            options.append(try option(at.load(as: kms_option.self)))
        }
        return options
    }

    private func option(_ option: kms_option) throws(PluginRefused) -> OptionDescription {
        let name = try text(option.name, "the name of an option")
        guard let type = OptionType(rawValue: option.type) else {
            throw refusal("option \(name) has the unknown type \(option.type)")
        }
        guard let choices = Tables.texts(option.choices),
            let environment = Tables.texts(option.environment)
        else { throw refusal("option \(name) has a list that is not text") }
        guard option.minimum <= option.maximum else {
            throw refusal("option \(name) has no value between its bounds")
        }
        var defaultValue: String?
        if option.default_value != nil {
            defaultValue = try text(option.default_value, "the default of \(name)", .mayBeMissing)
        }
        let isBounded = option.minimum != 0 || option.maximum != 0
        return OptionDescription(
            name: name, type: type, flags: OptionFlags(rawValue: option.flags),
            defaultValue: defaultValue, choices: choices,
            bounds: isBounded ? option.minimum...option.maximum : nil,
            environment: environment, help: try text(option.help, "the help of \(name)"))
    }

    private func refusal(_ problem: String) -> PluginRefused {
        PluginRefused(library: path, reason: .description(problem: problem))
    }
}
