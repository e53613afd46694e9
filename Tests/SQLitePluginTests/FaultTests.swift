import Glibc
import PluginABI
import Testing

@Suite struct FaultTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Each batch makes two objects; whatever moment the process dies at, both are there or neither,
    /// and what was acknowledged is there.
    @Test(arguments: [1, 3, 10, 30] as [UInt32])
    func killedDuringApplyLeavesWholeBatches(_ milliseconds: UInt32) async throws {
        let path = directory.path
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, milliseconds = milliseconds as UInt32] in
            let database = try TestDatabase.ready(path)
            let log = open("\(path)/acknowledged", O_CREAT | O_WRONLY | O_APPEND, 0o600)
            var killer = pthread_t()
            nonisolated(unsafe) var delay = milliseconds
            _ = withUnsafeMutablePointer(to: &delay) { delay in
                pthread_create(
                    &killer, nil,
                    { delay in
                        let delay = delay.unsafelyUnwrapped.load(as: UInt32.self)
                        usleep(20_000 + delay * 1000)
                        kill(getpid(), SIGKILL)
                        return nil
                    }, delay)
            }
            for number in 0... {
                let writes = (0..<3).flatMap { batch in
                    ["a", "b"].map { half in
                        TestWrite.create(
                            TestObject(
                                uid: "\(number)-\(batch)-\(half)",
                                object: Array(repeating: 7, count: 3000), tags: ["t"]),
                            batch: UInt32(batch))
                    }
                }
                try database.apply(writes)
                _ = "\(number)\n".withCString { write(log, $0, strlen($0)) }
            }
        }

        let database = try TestDatabase.ready(directory.path)
        let items = try database.query(TestQuery(filter: .tag("t"), parts: Int(KMS_PART_OBJECT)))
            .items
        let uids = Set(items.map(\.uid))
        #expect(items.allSatisfy { $0.status == 0 && $0.object.count == 3000 })
        for uid in uids where uid.hasSuffix("-a") { #expect(uids.contains("\(uid.dropLast())b")) }
        #expect(uids.count(where: { $0.hasSuffix("a") }) * 2 == uids.count)
        let acknowledged = String(decoding: directory.contents("acknowledged"), as: UTF8.self)
            .split(separator: "\n")
        for number in acknowledged.prefix(100) { #expect(uids.contains("\(number)-2-b")) }
        #expect(try RawDatabase(directory.path).run("PRAGMA integrity_check") == [["ok"]])
        #expect(try database.apply([.create(TestObject(uid: "after"))]) == [0])
    }

    @Test func twoProcessesMakeOneSchema() async throws {
        let path = directory.path
        async let first: Void = {
            await #expect(processExitsWith: .success) { [path = path as String] in
                let database = try TestDatabase.ready(path)
                #expect(try database.apply([.create(TestObject(uid: "one"))]) == [0])
            }
        }()
        async let second: Void = {
            await #expect(processExitsWith: .success) { [path = path as String] in
                let database = try TestDatabase.ready(path)
                #expect(try database.apply([.create(TestObject(uid: "two"))]) == [0])
            }
        }()
        _ = await (first, second)

        let database = try TestDatabase(directory.path)
        #expect(Set(try database.query(TestQuery()).uids) == ["one", "two"])
    }

    @Test func fullDiskRefusesWritesAndReadsGoOn() async throws {
        let path = directory.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            let database = try TestDatabase.ready(path)
            try database.apply([.create(TestObject(uid: "k", object: [1]))])
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 300_000, rlim_max: rlim_t.max)
            getrlimit(__rlimit_resource_t(1), &limit)  // RLIMIT_FSIZE
            limit.rlim_cur = 300_000
            try #require(setrlimit(__rlimit_resource_t(1), &limit) == 0)

            var failure: TestFailure?
            var written = 0
            for number in 0..<100 where failure == nil {
                do {
                    try database.apply([
                        .create(
                            TestObject(
                                uid: "big\(number)", object: Array(repeating: 1, count: 50_000)))
                    ])
                    written += 1
                } catch let refused as TestFailure {
                    failure = refused
                }
            }

            #expect(failure?.status == Int(KMS_EXHAUSTED))
            #expect(failure?.message.contains("no space left") == true)
            #expect(failure?.flags == 0)
            #expect(try database.query(TestQuery()).items.count == written + 1)
            #expect(try database.get("k").object == [1])
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(1), &limit)
            #expect(try database.apply([.create(TestObject(uid: "again"))]) == [0])
        }
    }

    static let damages = [
        "uid = 'other'", "owner = 'mallory'", "otype = 9", "state = 9", "rev = 9", "head = 9",
        "osum = 9", "asum = 9", "tsum = 9", "object = x'00'", "attrs = x'00'", "tags = x'00'",
        "object = object || x'00'", "state = state + 256 * 256 * 256 * 128",
        "object = (SELECT object FROM objects WHERE uid = 'b')",
    ]

    @Test(arguments: damages)
    func aDamagedRowIsRefusedAlone(_ damage: String) throws {
        let database = try TestDatabase.ready(directory.path)
        try database.apply(
            ["a", "b", "c"].enumerated().map { index, uid in
                .create(
                    TestObject(
                        uid: uid, object: [UInt8(index), 1], attributes: [UInt8(index), 2],
                        tags: ["t", uid]))
            })
        try database.apply([.grant("a", to: "bob", 4)])
        try RawDatabase(directory.path).run("UPDATE objects SET \(damage) WHERE uid = 'a'")
        let parts = Int(KMS_PART_OBJECT | KMS_PART_ATTRIBUTES | KMS_PART_TAGS)

        let page = try database.query(TestQuery(filter: .tag("t"), parts: parts))
        #expect(page.items.map(\.status) == [Int(KMS_CORRUPT), 0, 0])
        #expect(page.items[0].object.isEmpty && page.items[0].owner.isEmpty)
        let items = try database.get(["a", "b"].map { TestGet(uid: $0, who: ["bob"]) })
        #expect(items[1].status == 0)
        #expect(items[0].uid == "a")
        #expect(items[0].rights == 4)
        if !damage.hasPrefix("uid") {
            #expect(page.items[0].uid == "a")
            #expect(items[0].status == Int(KMS_CORRUPT))
            // It can still be removed.
            #expect(try database.apply([.delete("a"), .create(TestObject(uid: "a"))]) == [0, 0])
            #expect(try database.get("a").status == 0)
        }
    }

    @Test func aDamagedHeadDecidesNoCondition() throws {
        let database = try TestDatabase.ready(directory.path)
        try database.apply([.create(TestObject(uid: "a")), .create(TestObject(uid: "b"))])
        try RawDatabase(directory.path).run("UPDATE objects SET owner = 'mallory' WHERE uid = 'a'")
        var grant = TestWrite.grant("a", to: "eve", 1, batch: 1)
        (grant.flags, grant.expectedOwner) = (KMS_IF_OWNER, "mallory")

        #expect(
            try database.apply([grant, .check("b", revision: 1, batch: 2)]) == [
                Int(KMS_CORRUPT), 0,
            ])
    }

    @Test func aDamagedPageIsFoundAndNamed() throws {
        var database = try TestDatabase.ready(directory.path)
        try database.apply(
            ["a", "b", "c"].map {
                .create(
                    TestObject(
                        uid: $0,
                        object: Array(
                            repeating: UInt8(ascii: $0.unicodeScalars.first ?? "x"), count: 20_000),
                        tags: ["t"]))
            })
        database.close()
        var bytes = directory.contents("kms.db")
        // A stretch in the middle of the overflow pages of "b".
        let start = try #require(
            bytes.firstRange(of: Array(repeating: UInt8(ascii: "b"), count: 4000))?.lowerBound)
        bytes.replaceSubrange((start + 100)..<(start + 600), with: Array(repeating: 0, count: 500))
        let file = fopen("\(directory.path)/kms.db", "r+")
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        database = try TestDatabase(directory.path)

        let page = try database.query(TestQuery(filter: .tag("t"), parts: Int(KMS_PART_OBJECT)))
        #expect(page.uids == ["a", "b", "c"])
        #expect(page.items.map(\.status) == [0, Int(KMS_CORRUPT), 0])
        #expect(try database.get([TestGet(uid: "b", parts: 0)])[0].status == 0)
        #expect(try database.get("b").status == Int(KMS_CORRUPT))
    }

    @Test func destroyedKeysLeaveNoBytesInTheFile() throws {
        let secret = (0..<9000).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) }
        let pattern = Array(secret[100..<160])
        let tail = Array(secret[8900..<8960])
        func holds(_ pattern: [UInt8]) -> Bool {
            ["kms.db", "kms.db-wal"].contains {
                directory.contents($0).firstRange(of: pattern) != nil
            }
        }
        var database = try TestDatabase.ready(directory.path)
        try database.apply([
            .create(TestObject(uid: "blanked", object: secret)),
            .create(TestObject(uid: "deleted", object: secret)),
            .create(TestObject(uid: "small", object: Array(secret[100..<164]))),
        ])
        database.close()
        #expect(holds(pattern) && holds(tail))

        database = try TestDatabase(directory.path)
        try database.apply([
            .update(
                TestObject(uid: "blanked", state: 5, revision: 2),
                parts: Int(KMS_PART_OBJECT | KMS_PART_STATE)),
            .delete("deleted"), .delete("small"),
        ])
        database.close()
        #expect(!holds(pattern) && !holds(tail))
    }

    @Test func closingLeavesOneFile() throws {
        let database = try TestDatabase.ready(directory.path)
        try database.apply([.create(TestObject(uid: "k"))])
        #expect(directory.mode("kms.db-wal") != nil)

        database.close()

        #expect(directory.mode("kms.db-wal") == nil)
        #expect(directory.mode("kms.db-shm") == nil)
    }
}
