import PluginLoader

extension Inspection {
    /// What the file says before anything of it runs.
    init(file facts: LibraryFacts) {
        check(true, "whole: all that its headers speak of is there", or: "")
        check(
            facts.exports == ["kms_plugin_entry"], "exports kms_plugin_entry alone",
            or: "exports " + Self.shortened(facts.exports)
                + "; hide the rest with -fvisibility=hidden or a version script")
        check(facts.isRelocationReadOnly, "relocated data is read-only", or: "link with -z relro")
        check(facts.bindsNow, "symbols are bound when it is loaded", or: "link with -z now")
        check(!facts.hasExecutableStack, "no executable stack", or: "link with -z noexecstack")
        check(!facts.hasTextRelocations, "no text relocations", or: "compile with -fPIC")
        self.facts.append("     needs \(facts.needed.joined(separator: ", "))")
    }

    private static func shortened(_ names: [String]) -> String {
        let some = names.prefix(5).joined(separator: ", ")
        return names.count > 5
            ? "\(some) and \(names.count - 5) more" : (some.isEmpty ? "nothing" : some)
    }
}
