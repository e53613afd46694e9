import Glibc
import Host
import PluginLoader

/// The folder that `kmsd plugin new` writes: templates of `Templates/` with their marks filled in.
enum Scaffold {
    struct File {
        /// Below the folder.
        var path: String
        var text: String
    }

    static func files(of plugin: NewPlugin) -> [File] {
        let marks = ScaffoldMarks(plugin)
        let isDatabase = plugin.kind == .database
        let module = "Sources/\(marks.module)"
        typealias Templates = PackageResources
        let sources: [(path: String, template: [UInt8])] =
            switch plugin.language {
            case .c:
                [
                    isDatabase
                        ? ("database.c", Templates.c_database_c_in)
                        : ("hsm.c", Templates.c_hsm_c_in),
                    ("plugin.c", Templates.c_plugin_c_in), ("driver.h", Templates.c_driver_h_in),
                    ("Makefile", Templates.c_makefile_in),
                ]
            case .swift:
                [
                    isDatabase
                        ? ("\(module)/Driver.swift", Templates.swift_database_swift_in)
                        : ("\(module)/Driver.swift", Templates.swift_hsm_swift_in),
                    ("\(module)/Entry.swift", Templates.swift_entry_swift_in),
                    ("Package.swift", Templates.swift_package_swift_in),
                    ("exports.map", Templates.exports_map_in),
                    ("Makefile", Templates.swift_makefile_in),
                ]
            }
        let rest = [
            ("kms-\(plugin.name).toml", Templates.manifest_toml_in),
            // In a folder of their own: a plugin folder's own *.toml files are manifests.
            ("check/options.toml", Templates.options_toml_in),
            ("check/quirks.toml", Templates.quirks_toml_in),
            ("README.md", Templates.readme_md_in), (".gitignore", Templates.gitignore_in),
            (".github/workflows/check.yml", Templates.workflow_yml_in),
        ]
        return (sources + rest).map { path, template in
            File(path: path, text: marks.filled(in: String(decoding: template, as: UTF8.self)))
        }
    }

    /// Makes the folder, which must not exist, and everything in it.
    static func write(_ files: [File], into directory: String) throws(ScaffoldFailure) {
        if mkdir(directory, 0o755) != 0 {
            let hint = errno == EEXIST ? ": nothing was written; choose another --directory" : ""
            throw ScaffoldFailure("cannot make the folder \(directory)", errno, hint)
        }
        for file in files {
            let steps = file.path.split(separator: "/").dropLast()
            for count in 0..<steps.count {
                let folder = directory + "/" + steps[...count].joined(separator: "/")
                if mkdir(folder, 0o755) != 0, errno != EEXIST {
                    throw ScaffoldFailure("cannot make the folder \(folder)", errno)
                }
            }
            try write(Array(file.text.utf8), to: directory + "/" + file.path)
        }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(ScaffoldFailure) {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw ScaffoldFailure("cannot make \(path)", errno) }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(file, Array(rest), rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ScaffoldFailure("cannot write \(path)", errno) }
            rest = rest.dropFirst(count)
        }
    }
}

/// What could not be made, and what the system says.
struct ScaffoldFailure: Error, CustomStringConvertible {
    let description: String

    init(_ what: String, _ code: Int32, _ hint: String = "") {
        description = "\(what): \(String(cString: strerror(code)))\(hint)"
    }
}
