import PluginLoader

/// Says what is wrong with a name that no option has in that place.
struct NameJudge {
    let options: [ConfigurationOption]
    /// Whether the driver's options are among them. If not, an unknown name may be one of those.
    let knowsDriver: Bool

    private func option(named name: String) -> ConfigurationOption? {
        options.first { $0.names.contains(name) || $0.fileNames.contains(name) }
    }

    private var flags: [String] {
        options.filter { !$0.description.flags.contains(.hidden) }.flatMap {
            $0.names + $0.fileNames
        }
    }

    private var keys: [String] {
        options.filter { !$0.restrictions.contains(.commandLineOnly) }
            .filter { !$0.description.flags.contains(.hidden) }
            .flatMap { $0.names + $0.fileNames }
    }

    func error(forFlag name: String) -> ConfigurationError? {
        if let reason = UnavailableOptions.reason(for: name) {
            return ConfigurationError(.flag(Spelling.flag(name)), "is \(reason)", option: name)
        }
        guard knowsDriver else { return nil }
        let hint = NearestName.hint(name, among: flags, as: Spelling.flag)
        return ConfigurationError(.flag(Spelling.flag(name)), "unknown option\(hint)", option: name)
    }

    func error(
        for entry: ConfigurationFile.Entry, in file: ConfigurationFile
    ) -> ConfigurationError? {
        let place = file.place(of: entry)
        if let option = option(named: entry.name) {
            if option.restrictions.contains(.commandLineOnly) {
                let message = "is an option of the command line: \(Spelling.flag(option.name))"
                return ConfigurationError(place, message, option: option.name)
            }
            guard option.section != entry.section else { return nil }
            let message = "belongs in \(option.section.title), not in \(entry.section.title)"
            return ConfigurationError(place, message, option: option.name)
        }
        if let reason = UnavailableOptions.reason(for: entry.name) {
            return ConfigurationError(place, "is \(reason)", option: entry.name)
        }
        // Drivers have options in [db] only, but one of theirs may stand in the wrong section.
        let meant = NearestName.to(entry.name, among: keys)
        guard knowsDriver || (entry.section != .database && meant != nil) else { return nil }
        let hint = meant.map { "; did you mean \(spelled($0, as: entry))?" } ?? ""
        return ConfigurationError(place, "unknown key\(hint)", option: meant ?? entry.name)
    }

    /// The error about an unknown key of the top level that was probably meant to select or restrict
    /// the driver, which is not opened then.
    func error(
        nearDriverSelection entry: ConfigurationFile.Entry, in file: ConfigurationFile
    ) -> ConfigurationError? {
        guard entry.section == .top, option(named: entry.name) == nil,
            let meant = NearestName.to(entry.name, among: Array(Settings.driverSelection))
        else { return nil }
        return ConfigurationError(
            file.place(of: entry), "unknown key; did you mean \(spelled(meant, as: entry))?",
            option: meant)
    }

    /// A name in the spelling of the file.
    private func spelled(_ name: String, as entry: ConfigurationFile.Entry) -> String {
        entry.key.contains("_") ? String(name.map { $0 == "-" ? "_" : $0 }) : name
    }

    /// Variables that look like a mistyped one of ours. Others may be meant for somebody else.
    func warnings(_ environment: [String: String]) -> [String] {
        let known = options.flatMap { $0.variables + $0.fileVariables }
        let ours = Set(known + ["KMS_CONF", "KMS_PLUGIN_PATH"])
        return environment.keys.sorted().compactMap { variable in
            guard variable.hasPrefix("KMS_"), !ours.contains(variable),
                let near = NearestName.to(variable, among: known),
                NearestName.distance(variable, near) <= 2
            else { return nil }
            return "\(variable): no setting has this variable; did you mean \(near)?"
        }
    }
}
