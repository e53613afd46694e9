import Host
import PluginLoader

/// What takes the place of `@NAME@` and the other marks of a template.
struct ScaffoldMarks {
    /// The Swift module: `redis-findex` is RedisFindexPlugin, so that no two drivers have the same.
    let module: String
    private let values: [String: String]

    init(_ plugin: NewPlugin) {
        let words = plugin.name.split(separator: "-")
        let module = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Plugin"
        self.module = module
        let isDatabase = plugin.kind == .database
        values = [
            "NAME": plugin.name,
            "MODULE": module,
            "KIND": plugin.kind.description,
            "SELECTOR": isDatabase ? "database-type" : "hsm-model",
            "HEADER": isDatabase ? "kms/database.h" : "kms/hsm.h",
            "TABLE": isDatabase ? "kms_database_driver" : "kms_hsm_driver",
            "KIND_CONSTANT": isDatabase ? "KMS_DATABASE" : "KMS_HSM",
            "INTERFACE": isDatabase ? "KMS_DATABASE_INTERFACE" : "KMS_HSM_INTERFACE",
            "OPTION": isDatabase ? "path" : "library",
            "OPTION_HELP": isDatabase ? "Where the database is" : "PKCS#11 library of the vendor",
            "OPTION_VALUE": isDatabase ? "{{scratch}}" : "/usr/lib/vendor/pkcs11.so",
            "DRIVER": isDatabase
                ? "database: Driver.self" : "hsm: Driver.self",
            "TOOLS": plugin.language == .c
                ? "cc, make and pkg-config" : "Swift, make and pkg-config",
            "SOURCES": Self.sources(plugin, module),
            "NOTES": Self.notes(plugin),
        ]
    }

    /// The template with every mark replaced.
    func filled(in template: String) -> String {
        // Between two `@` stands a mark, or else text that has them for itself, as in `uses: a@v4`.
        let parts = template.split(separator: "@", omittingEmptySubsequences: false)
        var text = String(parts.first ?? "")
        var isBehindMark = false
        for part in parts.dropFirst() {
            if !isBehindMark, let value = values[String(part)] {
                text += value
                isBehindMark = true
            } else {
                text += (isBehindMark ? "" : "@") + part
                isBehindMark = false
            }
        }
        return text
    }

    /// Rows of the table in the README.
    private static func sources(_ plugin: NewPlugin, _ module: String) -> String {
        let rows =
            switch (plugin.language, plugin.kind) {
            case (.c, _):
                [
                    ("\(plugin.kind).c", "what the driver does: its functions"),
                    ("plugin.c", "who it is, its options, its entry"),
                    ("driver.h", "what both share"),
                ]
            case (.swift, _):
                [
                    ("Sources/\(module)/Driver.swift", "what the driver does: its functions"),
                    ("Sources/\(module)/Entry.swift", "who it is, its options, its entry"),
                ]
            }
        return rows.map { "| `\($0.0)` | \($0.1) |" }.joined(separator: "\n")
    }

    private static func notes(_ plugin: NewPlugin) -> String {
        var notes = ""
        if plugin.kind == .hsm {
            notes += """

                The kit tries a driver for HSMs on a token: name its slot and its PIN in `check/options.toml`, in
                a table `[check.hsm]`, and say `make run`. Until there is one, `make check` is `make inspect`.

                """
        }
        if plugin.language == .swift {
            notes += """

                Build it with the Swift that the server was built with: one process has one Swift runtime. PluginKit
                is compiled into the library, from the sources that Claviger installs.

                """
        }
        return notes
    }
}
