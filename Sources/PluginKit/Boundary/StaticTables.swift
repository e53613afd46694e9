import PluginABI

// Descriptions are read by the host at any time and freed by nobody. They are made once for each
// plugin, from literals, and never given back.

/// The literal as a C string: literals are stored NUL-terminated.
func cString(_ literal: StaticString) -> UnsafePointer<CChar>? {
    guard literal.hasPointerRepresentation else { return nil }
    return UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// A NULL-terminated array of C strings; NULL for none.
private func immortalList(_ literals: [StaticString]) -> UnsafePointer<UnsafePointer<CChar>?>? {
    guard !literals.isEmpty else { return nil }
    return UnsafePointer(immortal(literals.map(cString) + [nil]))
}

/// A copy of the array that lives as long as the process.
func immortal<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let place = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    place.initialize(from: elements, count: elements.count)
    return place
}

extension PluginOption {
    fileprivate var table: kms_option {
        kms_option(
            name: cString(name), type: kind.rawValue, flags: flags.rawValue,
            default_value: defaultValue.flatMap(cString), choices: immortalList(choices),
            minimum: range?.lowerBound ?? 0, maximum: range?.upperBound ?? 0,
            environment: immortalList(environment), help: cString(help))
    }
}

extension PluginDescription {
    /// The description as the host reads it; lives as long as the process.
    func makeTable(_ kind: Kind) -> UnsafePointer<kms_plugin_info> {
        var info = kms_plugin_info()
        info.struct_size = UInt32(MemoryLayout<kms_plugin_info>.size)
        info.kind = kind.rawValue
        info.id = cString(id)
        info.name = cString(name)
        info.version = cString(version)
        info.vendor = cString(vendor)
        info.url = cString(url)
        info.license = cString(license)
        info.summary = cString(summary)
        info.serves = UnsafePointer(immortal(serves.map(cString) + [nil]))
        info.options = UnsafePointer(immortal(options.map(\.table)))
        info.option_count = UInt32(options.count)
        info.option_stride = UInt32(MemoryLayout<kms_option>.stride)
        info.flags = flags.rawValue
        return UnsafePointer(immortal([info]))
    }
}
