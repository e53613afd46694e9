/// Why a request is not let in: for the log alone, the client reads 401 whatever it was.
package struct Denied: Error, Equatable {
    /// Holds nothing of the credential but what names it.
    package var reason: String

    init(_ reason: String) { self.reason = reason }
}
