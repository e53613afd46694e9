import KMIP
import PluginLoader

extension Failure {
    /// What a client learns of a driver's failure: never the driver's own text.
    /// Source: driver guide, "Errors".
    init(_ error: DriverError) {
        self =
            switch error.status {
            case .notFound: Failure(.itemNotFound, "no such object")
            case .exists:
                Failure(.database, .objectAlreadyExists, "an object with this identifier exists")
            case .conflict:
                Failure(.database, .generalFailure, "the object kept changing; send the request again")
            case .unsupported:
                Failure(.notSupported, .operationNotSupported, "the database cannot do this")
            case .unavailable, .wouldBlock:
                Failure(.unavailable, .generalFailure, "the database is out of reach; try again later")
            case .upgrading:
                Failure(
                    .unavailable, .generalFailure, "the database is being upgraded; try again later")
            case .cancelled:
                Failure(.unavailable, .operationCanceledByRequester, "the request was cancelled")
            case .deadline:
                Failure(.unavailable, .generalFailure, "the request took too long; try again later")
            case .exhausted:
                Failure(
                    .unavailable, .generalFailure,
                    "the database has no room or no connection left; ask the operator")
            case .corrupt:
                Failure(.database, .generalFailure, "stored data is damaged; ask the operator")
            default:
                Failure(.database, .generalFailure, "the database failed; see the server's log")
            }
    }

    /// The answer for an object whose stored bytes do not pass their checks.
    static func damaged(_ uid: String) -> Failure {
        Failure(.database, .generalFailure, "the stored object \(uid) is damaged; ask the operator")
    }
}
