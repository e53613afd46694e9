/// What waits for a handle and what is in flight on it, without threads or clocks.
///
/// Requests are served in the order they came, except that gets and applies which wait together
/// go into one call. An idle handle gets a single item at once; nothing waits for company.
struct CallQueue {
    /// A call in flight, and who still waits for it.
    final class Flight: Sendable {
        let state = CallState()
        let tickets: [any Ticket]
        let line: CallLine

        init(_ tickets: [any Ticket], _ line: CallLine) {
            self.tickets = tickets
            self.line = line
        }

        /// The latest deadline of its requests and the trace id of the first.
        var plan: CallPlan {
            var deadline = tickets[0].deadline
            for ticket in tickets.dropFirst() { deadline = deadline.later(than: ticket.deadline) }
            return CallPlan(state: state, deadline: deadline, traceID: tickets[0].traceID)
        }
    }

    enum Refusal: Equatable {
        case closed, full, answered
        /// Calls that do not return leave no room for it; the oldest of them is in this function.
        case hung(function: String, since: UInt64)
    }

    /// What became of a request that gave up.
    enum Departure {
        /// It was answered before, or never came.
        case none
        /// It left the line: nothing happened to it.
        case left
        /// Its call goes on for others.
        case inFlight
        /// Nobody waits for the call any more: it is to be cancelled.
        case last(Flight)
    }

    private struct Place {
        var number: UInt64
        var ticket: any Ticket
    }

    private struct InFlight {
        let flight: Flight
        /// When the last of those who waited for it gave up and the driver was told.
        var givenUpAt: UInt64?
        /// Whether the driver went on regardless for longer than it may.
        var hangs = false
    }

    /// Calls that may be in flight at once.
    let slots: Int
    /// `apply` calls among them; 0: as many as there are slots.
    let writers: Int
    private(set) var isClosed = false
    private var lines = [[Place]](repeating: [], count: CallLine.allCases.count)
    private var flights: [InFlight] = []
    private var writersBusy = 0
    /// Of the calls in flight, those that do not return.
    private(set) var hangs = 0
    private var nextNumber: UInt64 = 0
    private(set) var waiting = 0

    init(slots: Int, writers: Int) {
        self.slots = slots
        self.writers = writers
    }

    var isIdle: Bool { flights.isEmpty }

    mutating func add(_ ticket: any Ticket) -> Refusal? {
        if isClosed { return .closed }
        if ticket.isAnswered { return .answered }
        guard waiting < Limits.waiting else { return .full }
        if let refusal = obstacle(for: ticket.line) { return refusal }
        lines[ticket.line.rawValue].append(Place(number: nextNumber, ticket: ticket))
        nextNumber += 1
        waiting += 1
        return nil
    }

    /// How many free threads would find something to do.
    var ready: Int {
        let writes = lines[CallLine.applies.rawValue].count
        return waiting - (writers > 0 ? max(0, writes - (writers - writersBusy)) : 0)
    }

    /// The line whose first request came first, among those that may go.
    private var nextLine: CallLine? {
        var best: (line: CallLine, number: UInt64)?
        for line in CallLine.allCases {
            guard let number = lines[line.rawValue].first?.number else { continue }
            if line == .applies && writers > 0 && writersBusy >= writers { continue }
            if number < best?.number ?? .max { best = (line, number) }
        }
        return best?.line
    }

    /// The next call: the oldest request and what can be gathered with it.
    mutating func take() -> Flight? {
        guard let line = nextLine else { return nil }
        var tickets: [any Ticket] = []
        var items = 0
        var bytes = 0
        for place in lines[line.rawValue] {
            items += place.ticket.items
            bytes += place.ticket.bytes
            let fits = items <= Limits.gathered && bytes <= Limits.call && line != .alone
            guard tickets.isEmpty || fits else { break }
            tickets.append(place.ticket)
        }
        lines[line.rawValue].removeFirst(tickets.count)
        waiting -= tickets.count
        let flight = Flight(tickets, line)
        flights.append(InFlight(flight: flight))
        if line == .applies { writersBusy += 1 }
        return flight
    }

    /// Ends a call. Tells when it was given up, if it was then said to hang.
    mutating func finish(_ flight: Flight) -> UInt64? {
        guard let place = flights.firstIndex(where: { $0.flight === flight }) else { return nil }
        let ended = flights.remove(at: place)
        if ended.hangs { hangs -= 1 }
        if flight.line == .applies { writersBusy -= 1 }
        return ended.hangs ? ended.givenUpAt : nil
    }

    /// Takes a request out of its line or of those that wait for a flight. To be called before it
    /// is answered.
    mutating func remove(_ ticket: any Ticket) -> Departure {
        if ticket.isAnswered { return .none }
        let line = ticket.line.rawValue
        if let place = lines[line].firstIndex(where: { $0.ticket === ticket }) {
            lines[line].remove(at: place)
            waiting -= 1
            return .left
        }
        let flights = flights.lazy.map(\.flight)
        guard let flight = flights.first(where: { $0.tickets.contains { $0 === ticket } }) else {
            return .none
        }
        let others = flight.tickets.contains { $0 !== ticket && !$0.isAnswered }
        return others ? .inFlight : .last(flight)
    }

    /// Requests whose time is over. Those in flight get `grace` more, because the driver knows
    /// the deadline too and its answer is better than ours.
    func expired(now: UInt64, grace: UInt64) -> [any Ticket] {
        var found: [any Ticket] = []
        for (ticket, extra) in pending(grace: grace)
        where ticket.deadline.nanoseconds &+ extra <= now {
            found.append(ticket)
        }
        return found
    }

    /// When ``expired(now:grace:)`` or ``newlyHung(now:patience:)`` finds something next; nil when
    /// nothing has a deadline and nothing was given up.
    func nextEvent(grace: UInt64, patience: UInt64) -> UInt64? {
        let expiry = pending(grace: grace).map { $0.0.deadline.nanoseconds &+ $0.1 }.min()
        let patience = flights.filter { !$0.hangs }.compactMap(\.givenUpAt).min().map {
            $0 &+ patience
        }
        return [expiry, patience].compactMap { $0 }.min()
    }

    private func pending(grace: UInt64) -> [(any Ticket, UInt64)] {
        var all: [(any Ticket, UInt64)] = []
        for line in CallLine.allCases {
            for place in lines[line.rawValue] { all.append((place.ticket, 0)) }
        }
        for place in flights {
            for ticket in place.flight.tickets { all.append((ticket, grace)) }
        }
        return all.filter { !$0.0.deadline.isNone && !$0.0.isAnswered }
    }

    // Calls that do not return.

    /// Notes that nobody waits for a call any more and that the driver knows it.
    mutating func giveUp(_ flight: Flight, now: UInt64) {
        guard let place = flights.firstIndex(where: { $0.flight === flight }) else { return }
        flights[place].givenUpAt = now
    }

    /// Calls that went on for `patience` after they were given up, each once.
    mutating func newlyHung(now: UInt64, patience: UInt64) -> [Flight] {
        var found: [Flight] = []
        for place in flights.indices where !flights[place].hangs {
            guard let since = flights[place].givenUpAt, since &+ patience <= now else { continue }
            flights[place].hangs = true
            hangs += 1
            found.append(flights[place].flight)
        }
        return found
    }

    /// Why a request of this line would wait in vain.
    func obstacle(for line: CallLine) -> Refusal? {
        guard hangs > 0 else { return nil }
        let hung = flights.filter(\.hangs)
        let writes = hung.count { $0.flight.line == .applies }
        let isBlocked =
            hung.count >= slots || (line == .applies && writers > 0 && writes >= writers)
        guard isBlocked, let oldest = hung.first, let since = oldest.givenUpAt else { return nil }
        return .hung(function: "\(oldest.flight.tickets[0].function)", since: since)
    }

    /// Takes out those who would wait in vain.
    mutating func drainBlocked() -> [(ticket: any Ticket, refusal: Refusal)] {
        var left: [(any Ticket, Refusal)] = []
        for line in CallLine.allCases {
            guard let refusal = obstacle(for: line) else { continue }
            left += lines[line.rawValue].map { ($0.ticket, refusal) }
            waiting -= lines[line.rawValue].count
            lines[line.rawValue].removeAll()
        }
        return left
    }

    /// Takes no more requests. Returns those that had not begun.
    mutating func close() -> [any Ticket] {
        isClosed = true
        return drain()
    }

    /// Empties the lines and returns who stood there.
    mutating func drain() -> [any Ticket] {
        let left = lines.flatMap { $0.map(\.ticket) }
        for line in lines.indices { lines[line].removeAll() }
        waiting = 0
        return left
    }
}
