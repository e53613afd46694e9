import PluginKit
import RedisFindexDriver
import Testing

struct RedisURLTests {
    private static func parse(_ text: String) throws -> RedisURL {
        try text.withBorrowedText { (text) throws(DriverFailure) in
            try RedisURL(text, host: hostForVectors())
        }
    }

    @Test(
        arguments: [
            ("redis://h", Place.tcp(host: "h", port: 6379), "", "", 0),
            ("redis://h:1/", .tcp(host: "h", port: 1), "", "", 0),
            ("redis://:pw@h:1/7", .tcp(host: "h", port: 1), "", "pw", 7),
            ("redis://user:p%40%3Aw@h/0", .tcp(host: "h", port: 6379), "user", "p@:w", 0),
            ("redis://u:a@b@[::1]:9/3", .tcp(host: "::1", port: 9), "u", "a@b", 3),
            ("rediss://h:2", .tcp(host: "h", port: 2), "", "", 0),
            ("redis+unix:///run/r.sock", .unix(path: "/run/r.sock"), "", "", 0),
            (
                "redis+unix:///run/r%20s?db=2&user=u&pass=x%26y", .unix(path: "/run/r s"), "u",
                "x&y", 2
            ),
        ] as [(String, Place, String, String, Int)])
    func understands(
        text: String, place: Place, user: String, password: String, database: Int
    ) throws {
        let url = try Self.parse(text)

        #expect(url.place == place)
        #expect(url.user == user)
        #expect(
            (url.password?.withExposedBytes { Array($0) } ?? []) == Array(password.utf8))
        #expect(url.database == database)
        #expect(url.usesTLS == text.hasPrefix("rediss:"))
    }

    @Test func understandsSentinels() throws {
        let url = try Self.parse("redis-sentinel://u:p@one,two:7,[::1]:8/my%20set/3")

        #expect(
            url.sentinels == [
                .tcp(host: "one", port: 26379), .tcp(host: "two", port: 7),
                .tcp(host: "::1", port: 8),
            ])
        #expect(url.service == "my set")
        #expect(url.user == "u")
        #expect(url.database == 3)
        #expect(try Self.parse("redis-sentinel://one/set").database == 0)
    }

    @Test(arguments: [
        "redis-sentinel://one", "redis-sentinel://one/", "redis-sentinel:///set",
        "redis-sentinel://one,/set", "redis-sentinel://one/set/x", "redis-sentinel://one/set/0/1",
        "", "redis:/h", "http://h", "redis://", "redis://h:0", "redis://h:99999", "redis://h/x",
        "redis://h/-1", "redis://:%zz@h", "redis://:%0", "redis://u:%00@h", "redis://a:b:c",
        "redis+unix://relative", "redis+unix:///p?what=1", "redis+unix:///p?db=x",
    ])
    func refusesWithoutRepeatingIt(text: String) {
        let failure = #expect(throws: DriverFailure.self) { _ = try Self.parse(text) }

        #expect(failure?.status == .invalid)
        #expect(failure?.message.contains("%zz") == false)
    }
}
