import PluginKit

/// Why something was not done.
enum Trouble: Error {
    /// It alone: the next may succeed.
    case item(TokenFailure)
    /// Nothing can be done now.
    case call(DriverFailure)

    /// - Parameter what: What was attempted, for the message.
    func failure(_ what: String) -> DriverFailure {
        switch self {
        case .item(let failure): failure.failure(what)
        case .call(let failure): failure
        }
    }

    var status: Status {
        switch self {
        case .item(let failure): failure.status
        case .call(let failure): failure.status
        }
    }

    var nativeCode: UInt32 {
        switch self {
        case .item(let failure): failure.nativeCode
        case .call(let failure): UInt32(truncatingIfNeeded: failure.nativeCode)
        }
    }
}

/// Runs what fails as a whole.
func inTrouble<R>(_ body: () throws(DriverFailure) -> R) throws(Trouble) -> R {
    do throws(DriverFailure) {
        return try body()
    } catch {
        throw .call(error)
    }
}
