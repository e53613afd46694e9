/// Makes relative paths absolute.
struct PathBase: Sendable, Equatable {
    /// Absolute.
    var folder: String

    /// `path` below the folder unless it is absolute. Empty steps and `.` go; `..` stays, because
    /// what it means depends on symbolic links.
    func absolute(_ path: String) -> String {
        let joined = path.hasPrefix("/") ? path : folder + "/" + path
        let steps = joined.split(separator: "/").filter { $0 != "." }
        return "/" + steps.joined(separator: "/")
    }
}
