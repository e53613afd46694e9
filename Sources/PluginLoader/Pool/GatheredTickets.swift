/// Objects to read, in a call of their own or together with others'.
final class GetTicket: AnsweredTicket {
    let reply = Reply<[ObjectRecord]>()
    let line = CallLine.gets
    let function: StaticString = "get"
    let bytes: Int
    let deadline: Deadline
    let traceID = TraceID.current
    private let requests: [GetRequest]
    private let handle: OpenHandle

    var items: Int { requests.count }

    init(_ requests: [GetRequest], _ handle: OpenHandle, _ deadline: Deadline) throws(DriverError) {
        bytes = try OpenHandle.size(of: requests)
        self.requests = requests
        self.handle = handle
        self.deadline = deadline
    }

    func run(_ tickets: [any Ticket], _ plan: CallPlan) {
        let tickets = tickets.compactMap { $0 as? GetTicket }
        do throws(DriverError) {
            var records = try handle.get(tickets.flatMap(\.requests), plan)[...]
            for ticket in tickets {
                let mine = records.prefix(ticket.requests.count)
                records = records.dropFirst(ticket.requests.count)
                ticket.reply.deliver(
                    Result { () throws(DriverError) in
                        var objects: [ObjectRecord] = []
                        for record in mine { objects.append(try record.get()) }
                        return objects
                    })
            }
        } catch {
            for ticket in tickets { ticket.abandon(error) }
        }
    }

    func cancelCall(_ id: UInt64) { handle.cancel(id) }
}

/// An atomic batch of writes, in a call of its own or together with others.
final class ApplyTicket: AnsweredTicket {
    let reply = Reply<Void>()
    let line = CallLine.applies
    let function: StaticString = "apply"
    let bytes: Int
    let deadline: Deadline
    let traceID = TraceID.current
    private let batch: [Write]
    private let handle: OpenHandle

    var items: Int { batch.count }

    init(_ batch: [Write], _ handle: OpenHandle, _ deadline: Deadline) throws(DriverError) {
        bytes = try OpenHandle.size(of: batch)
        self.batch = batch
        self.handle = handle
        self.deadline = deadline
    }

    func run(_ tickets: [any Ticket], _ plan: CallPlan) {
        let tickets = tickets.compactMap { $0 as? ApplyTicket }
        do throws(DriverError) {
            let outcomes = try handle.apply(tickets.map(\.batch), plan)
            for (ticket, outcome) in zip(tickets, outcomes) { ticket.reply.deliver(outcome) }
        } catch {
            for ticket in tickets { ticket.abandon(error) }
        }
    }

    func cancelCall(_ id: UInt64) { handle.cancel(id) }
}
