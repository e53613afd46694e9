import PluginABI
import Testing

/// Servers know of each other by their leases, and clearing waits for those of others.
@Suite struct LeaseTests {
    let store: TestStore

    init() throws { store = try TestStore() }

    private func holders() throws -> Set<String> {
        Set(try store.raw().run("SELECT holder FROM leases").map { $0[0] })
    }

    /// All leases as if they had been renewed so much earlier.
    private func age(seconds: Int) throws {
        try store.raw().run("UPDATE leases SET expires = expires - \(seconds)000")
    }

    private func expectConflict(_ body: () throws -> Void) {
        #expect { try body() } throws: {
            ($0 as? TestFailure)?.status == Int(KMS_CONFLICT)
        }
    }

    @Test func healthTakesALeaseAndCloseGivesItBack() throws {
        let database = try store.ready()
        #expect(try holders().isEmpty)

        try database.health()
        try database.health()
        #expect(try holders().count == 1)

        let other = try store.open()
        try other.health()
        #expect(try holders().count == 2)
        other.close()
        #expect(try holders().count == 1)
        database.close()
        #expect(try holders().isEmpty)
    }

    @Test func aLeaseRunsOutOnTheClockOfTheServer() throws {
        let database = try store.ready()
        try database.health()

        let left = try store.raw().run("SELECT (expires - \(TestStore.now)) / 1000 FROM leases")

        let seconds = try #require(left.first?.first.flatMap { Double($0) })
        #expect((27...30).contains(seconds))
    }

    @Test func healthIsWellBeforeThereIsAPlaceForLeases() throws {
        let database = try store.open()

        try database.health()
        try database.migrate()
        try database.health()

        #expect(try holders().count == 1)
    }

    @Test func whoOnlyReadsHasNoLease() throws {
        _ = try store.ready()

        let reader = try store.open(flags: KMS_OPEN_READ_ONLY)
        try reader.health()

        #expect(try holders().isEmpty)
    }

    @Test func clearsOnlyWhenAloneOrForced() throws {
        let database = try store.ready()
        let other = try store.open()
        try database.health()
        try other.health()
        try database.apply([.create(TestObject(uid: "k", tags: ["t"])), .grant("k", to: "b", 1)])

        expectConflict { try database.clear() }
        #expect(try database.get("k").status == 0)
        try database.clear(force: true)
        #expect(try other.get("k", who: ["b"]).status == Int(KMS_NOT_FOUND))
        #expect(try database.grants().items.isEmpty)
        other.close()
        try database.clear()
    }

    @Test func clearingSaysHowLongADeadServerCounts() throws {
        let database = try store.ready()
        try database.health()
        try store.raw().run("INSERT INTO leases VALUES ('dead/1/2', \(TestStore.now) + 20000)")

        #expect {
            try database.clear()
        } throws: {
            guard let failure = $0 as? TestFailure else { return false }
            return failure.status == Int(KMS_CONFLICT) && failure.message.contains("dead/1/2")
                && (15_000_000_000...20_000_000_000).contains(failure.retryAfter_ns)
        }
        try age(seconds: 31)  // both, but its own lease is no obstacle
        try database.clear()
    }

    @Test func whoTakesALeaseSweepsTheDead() throws {
        let database = try store.ready()
        try store.raw().run("INSERT INTO leases VALUES ('dead/1/2', \(TestStore.now) - 1000)")

        try database.health()

        #expect(try holders().count == 1)
    }

    @Test func closingWhileTheServerIsAwayWaitsForNothing() throws {
        let database = try store.ready()
        try database.health()
        try store.killSessions()

        let start = monotonic()
        database.close()

        #expect(monotonic() - start < 2_000_000_000)
    }
}
