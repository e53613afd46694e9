/// Why a file with certificates or keys cannot be used, for the operator. Holds no key material.
package struct TLSFileError: Error, Equatable, CustomStringConvertible {
    /// The option that named the file, and the file.
    var option: String
    var path: String
    var reason: String

    package var description: String { "\(option): \(path): \(reason)" }
}
