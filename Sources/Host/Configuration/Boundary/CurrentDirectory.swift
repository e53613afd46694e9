import Glibc

/// The absolute path of the working directory; `/` if it was deleted.
func currentDirectory() -> String {
    // With a NULL buffer the C library allocates one of the right size, which is then ours to free.
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
}
