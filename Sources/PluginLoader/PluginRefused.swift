/// Why a plugin was not loaded. The description names the offending path and the fix.
public struct PluginRefused: Error, Sendable, Equatable {
    /// The library's path; the name asked for while none was found.
    public var library: String
    public var reason: Reason

    public enum Reason: Sendable, Equatable {
        case invalidName
        case notFound(kind: PluginKind, lookedIn: [String])
        case notPinned
        case notAbsolute
        case libtoolArchive
        case unreadable(path: String, problem: String)
        case notRegular
        case notFolder(path: String)
        case foreignOwner(path: String, user: UInt32)
        case writableByOthers(path: String)
        case malformedPin(String)
        case digest(expected: String, found: String)
        /// Not an ELF shared object for this machine, or not all of it.
        case notLibrary(problem: String)
        case unresolved(symbol: String)
        /// What the dynamic linker said.
        case cannotOpen(problem: String)
        case noEntry
        /// nil: the library did not answer to any of ours.
        case abi(speaks: UInt16?, wanted: UInt16)
        case kind(wanted: PluginKind)
        /// A number of `kms_plugin_kind` that is not ours.
        case unknownKind(UInt32)
        case manifest(path: String, problem: String)
        case serves(manifest: String, says: String, library: [String])
        case doesNotServe(wanted: String, serves: [String])
        /// The library describes itself in a way that the contract forbids.
        case description(problem: String)
        /// It declares an option of another active plugin differently.
        case option(name: String, difference: String, other: String)
    }

    public init(library: String, reason: Reason) {
        self.library = library
        self.reason = reason
    }
}

extension PluginRefused: CustomStringConvertible {
    public var description: String { "plugin \(library): not loaded: \(explanation)" }

    private var explanation: String {
        switch reason {
        case .invalidName:
            "a driver's name is made of a-z, 0-9 and '-'"
        case .notFound(let kind, let places):
            "no \(kind) driver of this name in \(Self.list(places)); install its package or name "
                + "the library in [[plugin]] path"
        case .notPinned:
            "require-pinned is set and no digest is configured; add sha256 to its [[plugin]] table"
        case .notAbsolute:
            "its path is not absolute; write it from the root, as in [[plugin]] path = \"/...\""
        case .libtoolArchive:
            "a .la file only points to a library; name the .so file itself"
        case .unreadable(let path, let problem):
            "cannot read \(path): \(problem); check the path and who may read it"
        case .notRegular:
            "it is not a regular file; name the library itself"
        case .notFolder(let path):
            "\(path) is not a folder; check the path"
        case .foreignOwner(let path, let user):
            "\(path) belongs to user \(user), neither root nor the user of this process; fix with "
                + "chown root \(path)"
        case .writableByOthers(let path):
            "\(path) can be written by others; fix with chmod go-w \(path)"
        case .malformedPin(let text):
            "sha256 = \"\(text)\" is not 64 hexadecimal digits; print it with sha256sum \(library)"
        case .digest(let expected, let found):
            "its SHA-256 is \(found), the configuration pins \(expected); reinstall the library or "
                + "pin the new digest"
        case .notLibrary(let problem):
            "\(problem); reinstall it"
        case .unresolved(let symbol):
            "needs \(symbol), which no library provides; install what it depends on"
        case .cannotOpen(let problem):
            "the dynamic linker says: \(problem); install what is missing, or reinstall it"
        case .noEntry:
            "no symbol kms_plugin_entry: not a kms plugin; name another library, or rebuild it with "
                + "the symbol visible"
        case .abi(let speaks?, let wanted):
            "speaks ABI \(speaks), this host speaks \(wanted); use a driver built for ABI \(wanted)"
        case .abi(nil, let wanted):
            "does not speak ABI \(wanted), as this host does; use a driver built for ABI \(wanted)"
        case .kind(let wanted):
            "is not a \(wanted) driver; name the library of one"
        case .unknownKind(let number):
            "is of kind \(number), which this version does not know; it serves databases (1) and "
                + "HSMs (2)"
        case .manifest(let path, let problem):
            "its manifest \(path) is wrong: \(problem); reinstall the package"
        case .serves(let manifest, let says, let library):
            "manifest \(manifest) says it serves \"\(says)\", the library says "
                + "\(Self.quoted(library)); reinstall the package"
        case .doesNotServe(let wanted, let serves):
            "serves \(Self.quoted(serves)), not \"\(wanted)\"; select one of these, or name another "
                + "library"
        case .description(let problem):
            "describes itself wrongly: \(problem); ask its vendor"
        case .option(let name, let difference, let other):
            "declares the option \(name) differently than \(other): \(difference); use versions that "
                + "agree, or only one of the two"
        }
    }

    private static func list(_ places: [String]) -> String {
        places.isEmpty ? "no folder at all" : places.joined(separator: ", ")
    }

    private static func quoted(_ names: [String]) -> String {
        names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}
