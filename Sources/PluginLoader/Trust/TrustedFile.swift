import Glibc

/// A file that nobody but root and the user of this process can have written.
///
/// A plugin runs in the host's address space, so who can write it, or swap it by writing a folder
/// above it, is as powerful as the host.
struct TrustedFile {
    /// Without symbolic links.
    let path: String
    let file: FileSystem.File
    let size: Int

    /// Opens the file and checks it and the folders above it.
    init(path given: String, ancestry: PluginLocation.Ancestry) throws(PluginRefused) {
        guard given.hasPrefix("/") else {
            throw PluginRefused(library: given, reason: .notAbsolute)
        }
        let path: String
        let file: FileSystem.File
        let facts: FileSystem.Status
        do {
            path = try FileSystem.realPath(given)
            file = try FileSystem.File(path)
            facts = try file.status()
        } catch {
            throw PluginRefused(
                library: given, reason: .unreadable(path: given, problem: error.problem))
        }

        let trust = Trust(library: path)
        guard facts.isRegular else { throw PluginRefused(library: path, reason: .notRegular) }
        try trust.check(facts, at: path)
        switch ancestry {
        case .every: for folder in Self.ancestors(of: path) { try trust.checkFolder(folder) }
        case .folder:
            for folder in Self.ancestors(of: path).prefix(1) { try trust.checkFolder(folder) }
        }
        self.path = path
        self.file = file
        self.size = facts.size
    }

    /// All of it, from the descriptor that was checked.
    func contents(limit: Int) throws(PluginRefused) -> [UInt8] {
        guard size <= limit else {
            let problem = "it has \(size) bytes, at most \(limit) are read"
            throw PluginRefused(library: path, reason: .unreadable(path: path, problem: problem))
        }
        do {
            return try file.read(from: 0, count: size)
        } catch {
            throw PluginRefused(
                library: path, reason: .unreadable(path: path, problem: error.problem))
        }
    }

    /// The folders of an absolute path, innermost first: `/a/b`, `/a`, `/`.
    static func ancestors(of path: String) -> [String] {
        var parts = path.split(separator: "/").dropLast()
        var folders: [String] = []
        while !parts.isEmpty {
            folders.append("/" + parts.joined(separator: "/"))
            parts.removeLast()
        }
        return folders + ["/"]
    }
}

/// The rule for one file or folder.
private struct Trust {
    let library: String

    func checkFolder(_ path: String) throws(PluginRefused) {
        let facts: FileSystem.Status
        do {
            facts = try FileSystem.status(path)
        } catch {
            throw PluginRefused(
                library: library, reason: .unreadable(path: path, problem: error.problem))
        }
        guard facts.isFolder else {
            throw PluginRefused(library: library, reason: .notFolder(path: path))
        }
        // In a sticky folder of root's, such as /tmp, only the owner of an entry can replace it.
        if facts.isSticky && facts.owner == 0 { return }
        try check(facts, at: path)
    }

    func check(_ facts: FileSystem.Status, at path: String) throws(PluginRefused) {
        guard facts.owner == 0 || facts.owner == geteuid() else {
            throw PluginRefused(
                library: library, reason: .foreignOwner(path: path, user: facts.owner))
        }
        guard !facts.isWritableByOthers else {
            throw PluginRefused(library: library, reason: .writableByOthers(path: path))
        }
    }
}
