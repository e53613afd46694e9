import Logging

/// The keys of one issuer: fetched, kept, and fetched again when a token names an unknown one.
actor KeySet {
    private let address: KeySetAddress
    private let fetch: KeySetFetch
    private let logger: Logger
    private var keys: [String: VerificationKey] = [:]
    private var fetchedAt: ContinuousClock.Instant?
    private var triedAt: ContinuousClock.Instant?
    private var running: Task<Void, Never>?
    /// Counts the sets, so that what an older one let in can be told apart.
    private(set) var generation: UInt64 = 0

    /// Tokens with made-up key ids make the issuer be asked no more often than this.
    private static let pause = Duration.seconds(10)
    /// A set is looked at again after this time, so that keys taken back do not live on.
    private static let freshness = Duration.seconds(300)
    /// For so long the last set serves while the issuer does not answer.
    private static let endurance = Duration.seconds(24 * 3600)

    init(_ address: KeySetAddress, fetch: KeySetFetch, logger: Logger) {
        self.address = address
        self.fetch = fetch
        self.logger = logger
    }

    /// The key of that id and the number of its set; nil when the issuer has none.
    func key(_ id: String) async -> (key: VerificationKey, generation: UInt64)? {
        let age = fetchedAt.map { ContinuousClock.now - $0 }
        if keys[id] == nil || age ?? .seconds(Int64.max >> 1) > Self.freshness { await refresh() }
        guard let fetchedAt, ContinuousClock.now - fetchedAt < Self.endurance, let key = keys[id]
        else { return nil }
        return (key, generation)
    }

    /// Fetches the set, unless that was tried just now; waits for who does so already.
    ///
    /// - Parameter isForced: Whether the operator asks for it.
    func refresh(isForced: Bool = false) async {
        if let running { return await running.value }
        if !isForced, let triedAt, ContinuousClock.now - triedAt < Self.pause { return }
        triedAt = .now
        let task = Task { await load() }
        running = task
        await task.value
        running = nil
    }

    private func load() async {
        do throws(KeySetError) {
            let found = try await VerificationKey.set(fromJSON: try await fetch.get(address))
            keys = found
            fetchedAt = .now
            generation += 1
        } catch {
            logger.warning(
                "a key set cannot be fetched: the last one stays in use",
                metadata: ["address": "\(address)", "error": "\(error)"])
        }
    }
}
