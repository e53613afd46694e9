/// A request that waits for a call, or is in one.
protocol Ticket: AnyObject, Sendable {
    var line: CallLine { get }
    /// Of the driver, which it calls.
    var function: StaticString { get }
    /// What it adds to a gathered call.
    var items: Int { get }
    var bytes: Int { get }
    var deadline: Deadline { get }
    var traceID: String? { get }
    var isAnswered: Bool { get }

    /// Makes the call, for itself and for those of the same line that were gathered with it, and
    /// answers all. Called on the first of them.
    func run(_ tickets: [any Ticket], _ plan: CallPlan)
    /// Answers without a result, unless it is answered already.
    func abandon(_ error: DriverError)
    /// Interrupts the driver's call that this is a part of.
    func cancelCall(_ id: UInt64)
}

/// Requests of one line may share a call, except those of `alone`.
enum CallLine: Int, CaseIterable, Sendable { case gets, applies, alone }

/// A request that waits for an answer of one type.
protocol AnsweredTicket<Answer>: Ticket {
    associatedtype Answer: Sendable
    var reply: Reply<Answer> { get }
}

extension AnsweredTicket {
    var isAnswered: Bool { reply.isAnswered }
    func abandon(_ error: DriverError) { reply.deliver(.failure(error)) }
}

/// Any call that is not gathered.
final class LoneTicket<Answer: Sendable>: AnsweredTicket {
    typealias Call = @Sendable (CallState, Deadline) throws(DriverError) -> Answer

    let reply = Reply<Answer>()
    let line = CallLine.alone
    let items = 1
    let bytes = 0
    let deadline: Deadline
    let traceID: String?
    let function: StaticString
    private let call: Call
    private let discard: @Sendable (Answer) -> Void
    private let cancel: @Sendable (UInt64) -> Void

    /// - Parameter discard: Ends an answer that came after everybody gave up.
    init(
        _ function: StaticString, deadline: Deadline, traceID: String? = TraceID.current,
        cancel: @escaping @Sendable (UInt64) -> Void = { _ in },
        call: @escaping Call,
        discard: @escaping @Sendable (Answer) -> Void = { _ in }
    ) {
        self.function = function
        self.deadline = deadline
        self.traceID = traceID
        self.call = call
        self.cancel = cancel
        self.discard = discard
    }

    func run(_ tickets: [any Ticket], _ plan: CallPlan) {
        guard let state = plan.state else { preconditionFailure("pool calls have a state") }
        let result = Result { () throws(DriverError) in try call(state, plan.deadline) }
        if !reply.deliver(result), case .success(let answer) = result { discard(answer) }
    }

    func cancelCall(_ id: UInt64) { cancel(id) }
}
