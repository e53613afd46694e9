import KMIP

/// An operation on an object that exists.
///
/// The dispatcher finds the object by the identifier of the request and takes it through the gate
/// with the declared requirement; `run` gets it authorised. There are no defaults: an operation
/// that does not declare what it demands does not compile.
protocol ObjectOperation {
    associatedtype Payload: Sendable

    static var requirement: Gate.Requirement { get }
    static func identifier(of payload: Payload) -> Identifier?

    /// What the client reads when the gate refused the object.
    static func failure(for refusal: Gate.Refusal, of uid: String) -> Failure
    /// What the client reads when no object with those tags passed.
    static func failure(forTags identifier: String) -> Failure
    /// Whether an authorised object is of a kind that the operation can use; a tag query goes on to
    /// the next one when it is not.
    static func accepts(_ object: AuthorizedObject) throws(Failure) -> Bool
    /// What the client reads when the one named object is not accepted.
    static func failure(forUnaccepted uid: String) -> Failure

    static func run(
        _ payload: Payload, on object: AuthorizedObject, in context: OperationContext
    ) async throws(Failure) -> Response
}

/// An operation that acts on every object its identifier names: Revoke and Destroy.
protocol EveryObjectOperation {
    associatedtype Payload: Sendable

    static var requirement: Gate.Requirement { get }
    static func identifier(of payload: Payload) -> Identifier?

    /// What the client reads when nothing was done.
    static func failure(for identifier: String) -> Failure

    /// - Parameter identifier: As received, for the answer.
    static func run(
        _ payload: Payload, on objects: [AuthorizedObject], identifier: String,
        in context: OperationContext
    ) async throws(Failure) -> Response
}

/// An operation without an object to begin with: Create, Import, Locate.
protocol OpenOperation {
    associatedtype Payload: Sendable

    /// Who may run it. Objects met on the way still pass the gate.
    static var access: OpenAccess { get }

    static func run(
        _ payload: Payload, in context: OperationContext
    ) async throws(Failure) -> Response
}

/// Who may run an operation that needs no object.
enum OpenAccess {
    /// Every user whom the server let in.
    case everyUser
    /// Those who may make objects.
    case creators
}
