import Glibc

/// A variable of the process's environment, by which a vendor's library finds its configuration.
enum Variable {
    /// Sets it before the library is initialised, when the server does not serve yet.
    static func set(_ name: String, to value: String) { setenv(name, value, 1) }
}
