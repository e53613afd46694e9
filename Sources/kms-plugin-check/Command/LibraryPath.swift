import FoundationEssentials

enum LibraryPath {
    /// The loader takes absolute paths only; on a command line, people mean the current folder.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }
}
