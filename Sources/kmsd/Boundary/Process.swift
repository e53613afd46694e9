import Glibc

/// The absolute path of the running executable, without symbolic links.
func executablePath() -> String {
    // With a NULL buffer `realpath` allocates one, which is then ours to free.
    guard let path = realpath("/proc/self/exe", nil) else { return "/" }
    defer { free(path) }
    return String(cString: path)
}

/// `path` as an absolute one without symbolic links; as it is when nothing is there.
func absolutePath(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
}

/// The variables of the process. The first of two with one name counts, as for `getenv`.
func processEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    // Read on the main thread before any other exists; nothing changes the environment meanwhile. The
    // list ends with NULL, even when it is empty.
    var entry = environ
    while let text = entry.pointee {
        let pair = String(cString: text)
        if let equals = pair.firstIndex(of: "=") {
            let name = String(pair[..<equals])
            let value = String(pair[pair.index(after: equals)...])
            if variables[name] == nil { variables[name] = value }
        }
        entry += 1
    }
    return variables
}
