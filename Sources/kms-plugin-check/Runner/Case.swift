/// One sentence of the contract, and how it is tried.
struct Case: Sendable {
    /// What a case cannot do without. Where the driver's description or the configuration says that
    /// it is not there, the case is not applicable.
    enum Need: Sendable {
        /// Data survive `close`: not for drivers that say they are volatile.
        case durable
        /// Several processes share a backend: not for drivers that say one is all they serve.
        case manyProcesses
        /// A database that nobody migrated yet.
        case emptyDatabase
        /// A backend in a state that only the configuration can provide.
        case prepared(Preparation)
        /// A function that the contract lets a driver leave out.
        case function(Function)
        /// A function that may be called inline.
        case quick(Function)
        /// A backend whose place the configuration names, so that a proxy can be put before it.
        case proxy
    }

    /// Where a case runs.
    enum Place: Sendable {
        /// In a process with other cases; the library is started and stays so.
        case shared
        /// In a process of its own, in which the library is loaded and not started.
        case own
        /// Nowhere: the runner tells what came of it.
        case runner
    }

    /// `group.what.how`; the first part is the group. Quirks name it, so it never changes.
    let id: String
    /// The sentence, as the report prints it when it does not hold.
    let title: String
    let needs: [Need]
    let place: Place
    /// Times the configured time limit.
    let patience: Int
    let body: @Sendable (Test) throws -> Void

    init(
        _ id: String, _ title: String, needs: [Need] = [], place: Place = .shared,
        patience: Int = 1, _ body: @escaping @Sendable (Test) throws -> Void
    ) {
        self.id = id
        self.title = title
        self.needs = needs
        self.place = place
        self.patience = patience
        self.body = body
    }

    /// Of the interface of HSM drivers, and not of that of databases.
    var isForHSM: Bool { group == "hsm" }

    var group: String { String(id.prefix { $0 != "." }) }

    /// Whether a name of `--only` means it: an id, or the beginning of one up to a dot.
    func isNamed(by name: some StringProtocol) -> Bool { id == name || id.hasPrefix(name + ".") }
}
