import Glibc
import PluginKit
import SQLStore
import SQLiteDriver
import Testing

/// Leases are every engine's; here they run on SQLite, whose driver has locks instead.
@Suite struct LeaseTests {
    typealias Session = StoreSession<SQLiteConnection>
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func session() throws -> Session {
        let file = try DatabaseFile(directory: directory.path, isReadOnly: false)
        return StoreSession(
            try SQLiteConnection(file, .writer, settings: [], host: .forTests), dialect: .sqlite,
            schema: Schema(.sqlite))
    }

    private func readySession() throws -> Session {
        _ = try TestDatabase.ready(directory.path)
        return try session()
    }

    private func rows() throws -> [[String]] {
        try RawDatabase(directory.path).run("SELECT holder, expires FROM leases ORDER BY holder")
    }

    /// All leases as if they had been renewed so much earlier.
    private func age(seconds: Int) throws {
        try RawDatabase(directory.path).run("UPDATE leases SET expires = expires - \(seconds)000")
    }

    @Test func aLeaseIsOneRowUntilItIsReleased() throws {
        let session = try readySession()
        let lease = try Lease(host: .forTests)
        #expect(lease.isDue)

        try lease.renew(in: session)
        try lease.renew(in: session)

        #expect(!lease.isDue)
        #expect(try rows().map { $0[0] } == [String(decoding: lease.holder, as: UTF8.self)])
        lease.release(in: session)
        #expect(try rows().isEmpty)
        #expect(lease.isDue)
    }

    @Test func aLeaseRunsOutOnTheClockOfTheDatabase() throws {
        let session = try readySession()
        try Lease(host: .forTests).renew(in: session)

        let left = try RawDatabase(directory.path).run(
            "SELECT expires / 1000 - strftime('%s', 'now') FROM leases")

        let seconds = try #require(left.first?.first.flatMap { Int($0) })
        #expect((28...30).contains(seconds))
    }

    @Test func renewingDoesNothingBeforeTheSchemaIsReady() throws {
        let session = try session()
        let lease = try Lease(host: .forTests)

        try lease.renew(in: session)

        #expect(lease.isDue)
        lease.release(in: session)
    }

    @Test func clearingWaitsForTheLeasesOfOthers() throws {
        let session = try readySession()
        let mine = try Lease(host: .forTests)
        let other = try Lease(host: .forTests)
        try mine.renew(in: session)
        try other.renew(in: session)
        try TestDatabase(directory.path).apply([.create(TestObject(uid: "k"))])

        #expect {
            try session.clear(unlessOthersThan: mine)
        } throws: {
            guard let failure = $0 as? DriverFailure else { return false }
            let name = String(decoding: other.holder, as: UTF8.self)
            return failure.status == .conflict && failure.message.contains(name)
                && failure.flags == .retryable
                && (20_000_000_000...30_000_000_000).contains(failure.retryAfter_ns)
        }
        #expect(try TestDatabase(directory.path).get("k").status == 0)

        try age(seconds: 31)  // both, but its own lease is no obstacle
        try session.clear(unlessOthersThan: mine)
        #expect(try TestDatabase(directory.path).get("k").status == 1)
    }

    @Test func clearingByForceAsksNobody() throws {
        let session = try readySession()
        try Lease(host: .forTests).renew(in: session)

        try session.clear()

        #expect(try rows().count == 1)
    }

    @Test func aServerThatWasAwayComesBackAndTheDeadAreSwept() throws {
        let session = try readySession()
        let mine = try Lease(host: .forTests)
        try mine.renew(in: session)
        try Lease(host: .forTests).renew(in: session)
        try age(seconds: 40)
        try RawDatabase(directory.path).run(
            "DELETE FROM leases WHERE holder = '\(String(decoding: mine.holder, as: UTF8.self))'")

        try mine.renew(in: session)

        #expect(try rows().map { $0[0] } == [String(decoding: mine.holder, as: UTF8.self)])
    }
}
