import Glibc
import PluginLoader
import Secrets
import Testing

@Suite struct DatabaseTests {
    @Test func readsAnObject() async throws {
        let database = try await Fixture().open()

        let record = try await database.get("k")

        #expect(record.status == .ok && record.uid == "k" && record.owner == "alice")
        #expect(record.type == 2 && record.state == 3 && record.revision == 77)
        #expect(record.rights == 2, "the fixture counts the names in who")
        #expect(record.object?.text == "key bytes")
        #expect(record.attributes == Array("attributes".utf8))
        #expect(record.tags == ["blue", "green"] && !record.isUnchanged)
        await database.close()
    }

    @Test func missingAndDamagedObjectsAreRecords() async throws {
        let database = try await Fixture().open()

        let records = try await database.get(
            ["missing", "damaged", "k"].map { GetRequest(uid: $0, who: ["a"], parts: .all) },
            deadline: .none)

        #expect(records.map(\.status) == [.notFound, .corrupt, .ok])
        #expect(records.map(\.uid) == ["missing", "damaged", "k"])
        #expect(records.map(\.rights) == [1, 1, 1])
        await database.close()
    }

    @Test func aKnownRevisionIsUnchanged() async throws {
        let database = try await Fixture().open()

        let record = try await database.get(
            GetRequest(uid: "k", who: [], knownRevision: 77, parts: .all), deadline: .none)

        #expect(record.isUnchanged && record.object == nil && record.owner == "alice")
        await database.close()
    }

    @Test func splitsWhatIsLongerThanACallMayBe() async throws {
        let database = try await Fixture().open()
        let requests = (0..<600).map { GetRequest(uid: "k\($0)", who: [], parts: []) }

        let records = try await database.get(requests, deadline: .none)

        #expect(records.map(\.uid) == requests.map(\.uid))
        #expect(try await database.count("gets") == 3)
        await database.close()
    }

    @Test(arguments: [
        "odd-status", "odd-owner", "odd-tag", "null-object", "huge-object", "null-attributes",
        "long-owner", "other", "unchanged", "null-items", "odd-count", "odd-call",
    ])
    func whatADriverAnswersWronglyIsAnErrorThatNamesIt(_ uid: String) async throws {
        let database = try await Fixture().open()

        let error = try await failure { try await database.get(uid) }

        #expect(error.status == .internalError)
        #expect(error.message.contains("Fixture"))
        #expect(try await database.get("k").status == .ok)
        await database.close()
    }

    @Test func errorsCarryEverythingTheDriverSaid() async throws {
        let database = try await Fixture().open()

        let error = try await failure { try await database.get("fail") }

        #expect(error.status == .unavailable && error.isRetryable && !error.isInDoubt)
        #expect(error.nativeCode == -42 && error.nativeState == "08006")
        #expect(error.retryAfter == .milliseconds(1500))
        #expect(error.message == "gone\\nfor \u{FFFD} now")
        #expect(try await failure { try await database.migrate() }.status == .unavailable)
        await database.close()
    }

    @Test func everyResultIsReleasedOnce() async throws {
        let database = try await Fixture().open()
        for uid in ["k", "missing", "odd-owner", "null-items", "odd-count", "fail", "slow"] {
            _ = try? await database.get(uid)
        }
        _ = try? await database.grants(GrantsQuery(uid: "too-many", limit: 2), deadline: .none)
        _ = try await database.query(Query(filter: nil), deadline: .none)
        _ = try await database.plan()
        _ = try await database.changes(since: [1])

        // The statistics themselves are a result that is not yet released when it counts.
        let statistics = try await database.statistics()
        let counts = Dictionary(uniqueKeysWithValues: statistics.map { ($0.name, $0.value) })

        #expect(counts["made"] == counts["released"] && counts["made"] == 10)
        await database.close()
    }

    @Test func lowersFiltersToPrefixOrder() async throws {
        let database = try await Fixture().open()
        let filter = Filter.all([
            .equal(path: "Alg", .integer(3), .common),
            .any([.state(2), .not(.tag("prod"))]),
            .prefix(path: "Name", .bytes([65, 66])), .hasPath("Link"), .uid("u"), .owner("o"),
            .type(7), .hasBits(path: "Mask", 12), .atMost(path: "D", 9), .atLeast(path: "D", 1),
            .any([]),
        ])
        var query = Query(filter: filter, parts: [.tags], who: ["a"], rights: 6, scope: .granted)
        query.limit = 10
        query.cursor = [1, 2]
        query.countsTotal = true
        query.newestFirst = true

        let page = try await database.query(query, deadline: .none)

        let object = try #require(page.objects.first)
        #expect(
            String(decoding: object.attributes, as: UTF8.self)
                == "1/11//0/0/ 4/0/Alg/1/3/ 2/2//0/0/ 13/0//1/2/ 3/1//0/0/ 14/0//2/0/prod "
                + "7/0/Name/3/0/AB 9/0/Link/0/0/ 10/0//2/0/u 11/0//2/0/o 12/0//1/7/ "
                + "8/0/Mask/1/12/ 5/0/D/1/9/ 6/0/D/1/1/ 2/0//0/0/ ")
        #expect(object.rights == 6 && object.state == 10 && object.revision == 4)
        #expect(object.type == 2 | 4 | 8, "granted, count, newest")
        #expect(page.cursor == [2] && page.total == 41 && page.isInexact)
        await database.close()
    }

    @Test func aDeepFilterNeedsNoDeepStack() async throws {
        let database = try await Fixture().open()
        var filter = Filter.tag("t")
        for _ in 0..<200 { filter = .not(filter) }

        let page = try await database.query(Query(filter: filter), deadline: .none)

        #expect(page.objects.count == 1 && page.total == nil)
        await database.close()
    }

    @Test func readsGrants() async throws {
        let database = try await Fixture().open()

        let page = try await database.grants(
            GrantsQuery(uid: "k", who: ["bob"], cursor: [9, 8], limit: 4), deadline: .none)
        let wrong = try await failure {
            try await database.grants(GrantsQuery(uid: "too-many", limit: 4), deadline: .none)
        }

        let grant = try #require(page.grants.first)
        #expect(grant.uid == "k" && grant.user == "bob" && grant.owner == "alice")
        #expect(grant.rights == 5 && grant.state == 4 && grant.type == 2)
        #expect(page.cursor == [8])
        #expect(wrong.status == .internalError)
        await database.close()
    }

    @Test func readsTheRest() async throws {
        let database = try await Fixture().open()

        let context = try await database.context()
        #expect(context.state == .behind && context.version == "1.0.0" && context.schema == "")
        #expect(context.backend == String(repeating: "x", count: 64))
        #expect(try await database.plan() == ["CREATE TABLE a", "CREATE TABLE b"])
        #expect(try await failure { try await database.clear(force: false) }.status == .conflict)
        try await database.clear(force: true)
        try await database.health()
        let changes = try await database.changes(since: [])
        #expect(changes.uids == ["gone"] && changes.isLost)
        #expect(changes.token == Array("token-2".utf8))
        await database.close()
    }

    @Test func handsSettingsAndSecretsOver() async throws {
        let text = OptionDescription(name: "fixture-path", type: .path, help: "h")
        let size = OptionDescription(name: "fixture-size", type: .size, help: "h")
        let secret = OptionDescription(
            name: "fixture-password", type: .text, flags: .secret, help: "h")
        let database = try await Fixture().open([
            Setting(option: text, value: .text("/a")),
            Setting(option: secret, value: .secret(SecretBytes(copying: Array("s3cret".utf8)))),
            Setting(option: size, value: .number(5)),
            Setting(option: secret, value: .secret(SecretBytes(copying: Array("last".utf8)))),
        ])

        #expect(
            String(decoding: try await database.get("settings").attributes, as: UTF8.self)
                == "fixture-path=/a/0;fixture-password=s3cret/0;fixture-size=/5;"
                + "fixture-password=last/0;"
        )
        #expect(try await database.get("secret").object?.text == "last")
        await database.close()
    }

    @Test(arguments: [("refuse", DriverStatus.denied), ("nothing", .internalError)])
    func tellsWhyItCouldNotOpen(_ value: String, _ status: DriverStatus) async throws {
        let option = OptionDescription(name: "fixture-path", type: .path, help: "h")
        let fixture = try await Fixture()

        let error = try await failure {
            try await fixture.open([Setting(option: option, value: .text(value))])
        }

        #expect(error.status == status)
    }

    @Test(arguments: [
        GetRequest(uid: "", who: [], parts: []),
        GetRequest(uid: String(repeating: "u", count: 256), who: [], parts: []),
        GetRequest(uid: "a\0b", who: [], parts: []),
        GetRequest(uid: "k", who: [String(repeating: "w", count: 256)], parts: []),
        GetRequest(uid: "k", who: Array(repeating: "w", count: 65), parts: []),
    ])
    func keepsTheLimitsOfTheContract(_ request: GetRequest) async throws {
        let database = try await Fixture().open()

        let error = try await failure { try await database.get(request, deadline: .none) }

        #expect(error.status == .invalid)
        #expect(try await database.count("gets") == 0)
        await database.close()
    }

    @Test func acceptsRequestsAtTheLimits() async throws {
        let database = try await Fixture().open()
        let request = GetRequest(
            uid: String(repeating: "u", count: 255),
            who: Array(repeating: String(repeating: "w", count: 255), count: 64), parts: .all)

        #expect(try await database.get(request, deadline: .none).rights == 64)
        await database.close()
    }

    @Test(arguments: [0, 101])
    func refusesABatchOf(_ count: Int) async throws {
        let database = try await Fixture().open()
        let batch = (0..<count).map { Write(.delete(uid: "k\($0)")) }

        #expect(
            try await failure { try await database.apply(batch, deadline: .none) }.status
                == .invalid)
        await database.close()
    }

    @Test func closedDatabasesAnswerNothing() async throws {
        let database = try await Fixture().open()
        await database.close()
        await database.close()

        #expect(try await failure { try await database.get("k") }.status == .unavailable)
        #expect(try await failure { try await database.health() }.status == .unavailable)
        #expect(try await failure { try await database.changes(since: []) }.status == .unavailable)
    }
}

extension SecretBytes {
    var text: String {
        withExposedBytes { span in span.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
    }
}
