import Glibc

/// Programs that tests run to their end.
enum ChildProcess {
    struct Failed: Error {
        var arguments: [String]
        var status: Int32
    }

    static func run(_ arguments: [String]) throws {
        var process: pid_t = 0
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        let error = posix_spawnp(&process, arguments[0], nil, nil, &pointers, environ)
        guard error == 0 else { throw Failed(arguments: arguments, status: error) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        guard status == 0 else { throw Failed(arguments: arguments, status: status) }
    }
}
