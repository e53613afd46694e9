import PluginABI
import RedisFindexDriver
import Testing

/// What somebody with write access to Redis may do to the data: the specified error, never a shorter
/// answer.
struct DamageTests {
    let store: TestStore
    let database: TestDatabase
    let raw: RawRedis

    init() throws {
        store = try TestStore()
        database = try store.ready()
        raw = try store.raw()
        try database.apply([
            .create(
                TestObject(uid: "a", owner: "alice", object: [1, 2, 3], tags: ["one", "two"])),
            .create(TestObject(uid: "b", owner: "bob", object: [4], tags: ["two"])),
            .grant("a", to: "carol", 5), .grant("b", to: "dave", 3),
        ])
    }

    private func byTag(_ tag: String) throws -> [String] {
        try database.query(TestQuery(filter: .tag(tag))).uids.sorted()
    }

    private func failure(_ body: () throws -> Void) throws -> TestFailure {
        do {
            try body()
        } catch let failure as TestFailure {
            return failure
        }
        throw TestFailure(status: 0, message: "it did not fail")
    }

    private func flipEachBit(of key: [UInt8], _ body: () throws -> Void) throws {
        let value = try raw.value(key)
        defer { try? raw.set(key, value) }
        for place in [0, 1, 12, 13, 40, value.count - 17, value.count - 16, value.count - 1] {
            var changed = value
            changed[place] ^= 1 << UInt8(place % 8)
            try raw.set(key, changed)
            try body()
        }
        for shorter in [Array(value.dropLast()), Array(value.prefix(20)), []] where !shorter.isEmpty
        {
            try raw.set(key, shorter)
            try body()
        }
    }

    @Test func anObjectWithAnyBitFlippedIsCorrupt() throws {
        for key in try raw.keys(.object) {
            try flipEachBit(of: key) {
                let found = try database.get([TestGet(uid: "a"), TestGet(uid: "b")])
                #expect(
                    found.map(\.status).sorted() == [Int(KMS_OK), Int(KMS_CORRUPT)])
                #expect(found.contains { $0.status == Int(KMS_CORRUPT) && $0.object.isEmpty })
            }
        }
    }

    @Test func permissionsWithAnyBitFlippedGrantNothing() throws {
        for key in try raw.keys(.permissions) {
            try flipEachBit(of: key) {
                let found = try database.get([
                    TestGet(uid: "a", who: ["carol"]), TestGet(uid: "b", who: ["dave"]),
                ])
                let damaged = found.filter { $0.status == Int(KMS_CORRUPT) }
                #expect(damaged.map(\.rights) == [0])
            }
        }
    }

    @Test func anIndexEntryWithAnyBitFlippedFailsTheSearch() throws {
        for key in try raw.keys(.entry) {
            try flipEachBit(of: key) {
                let failures = try ["one", "two"].compactMap { tag -> TestFailure? in
                    do {
                        let found = try byTag(tag)
                        #expect(found == (tag == "one" ? ["a"] : ["a", "b"]))
                        return nil
                    } catch let failure as TestFailure {
                        return failure
                    }
                }
                for failure in failures {
                    #expect(failure.status == Int(KMS_CORRUPT))
                    #expect(failure.message.contains("index corrupted"))
                }
            }
        }
    }

    @Test func aLinkThatIsChangedOrMissingFailsTheSearch() throws {
        var failed = 0
        for key in try raw.keys(.link) {
            let value = try raw.value(key)
            for change in [Array(value.dropLast()) + [value[value.count - 1] ^ 1], nil] {
                if let change {
                    try raw.set(key, change)
                } else {
                    try raw.run([Array("DEL".utf8), key])
                }
                for tag in ["one", "two"] {
                    do {
                        let found = try byTag(tag)
                        #expect(found == (tag == "one" ? ["a"] : ["a", "b"]))
                    } catch let failure as TestFailure {
                        #expect(failure.status == Int(KMS_CORRUPT))
                        #expect(failure.message.contains("index corrupted"))
                        failed += 1
                    }
                }
                try raw.set(key, value)
            }
        }
        // Each of both tags has one link, and each was changed and deleted.
        #expect(failed == 4)
    }

    @Test func aValueMovedToAnotherKeyIsNotTakenForIt() throws {
        for table in [RecordKey.Table.object, .permissions] {
            let keys = try raw.keys(table)
            let (first, second) = (try raw.value(keys[0]), try raw.value(keys[1]))
            try raw.set(keys[0], second)
            try raw.set(keys[1], first)

            let found = try database.get([
                TestGet(uid: "a", who: ["carol"]), TestGet(uid: "b", who: ["dave"]),
            ])

            #expect(found.map(\.status) == [Int(KMS_CORRUPT), Int(KMS_CORRUPT)])
            try raw.set(keys[0], first)
            try raw.set(keys[1], second)
        }
    }

    @Test func anEntryMovedToAnotherKeyIsAMismatch() throws {
        let keys = try raw.keys(.entry)
        let values = try keys.map { try raw.value($0) }
        for (index, key) in keys.enumerated() { try raw.set(key, values[(index + 1) % keys.count]) }

        let failure = try failure { _ = try byTag("two") }

        #expect(failure.status == Int(KMS_CORRUPT))
        #expect(failure.message.contains("keyword hash mismatch"))
    }

    @Test func nothingIsWrittenOverALinkThatShouldNotBeThere() throws {
        // The entry of a time before the last link: a rollback of it alone.
        let before = try Dictionary(
            uniqueKeysWithValues: raw.keys(.entry).map { ($0, try raw.value($0)) })
        try database.apply([.create(TestObject(uid: "c", owner: "zoe", tags: ["two"]))])
        for (key, value) in before { try raw.set(key, value) }
        let everything = try raw.everything()

        let failure = try failure {
            try database.apply([.create(TestObject(uid: "d", owner: "yann", tags: ["two"]))])
        }

        #expect(failure.status == Int(KMS_CORRUPT))
        #expect(try raw.everything() == everything)
    }

    @Test func aRecordThatIsPutBackIsNoticedByWhoHasSeenTheNewerOne() throws {
        let old = try Dictionary(
            uniqueKeysWithValues: (raw.keys(.object) + raw.keys(.permissions)).map {
                ($0, try raw.value($0))
            })
        try database.apply([
            .update(
                TestObject(uid: "a", state: 5, revision: 2), parts: KMS_PART_OBJECT | KMS_PART_STATE
            ),
            .grant("a", to: "eve", 1), .revoke("a", from: "carol", 5),
        ])
        #expect(try database.get("a", who: ["eve"]).state == 5)

        for (key, value) in old { try raw.set(key, value) }

        let found = try database.get("a", who: ["carol"])
        #expect(found.status == Int(KMS_CORRUPT))
        #expect(found.rights == 0)
        #expect(try database.get("b", who: ["dave"]).rights == 3)
        // A server that has seen neither cannot tell: the page says so.
        #expect(try store.open().get("a", who: ["carol"]).rights == 5)
    }

    @Test func anObjectThatIsMadeAgainIsNotTakenForACopy() throws {
        let other = try store.open()
        for round in 0..<5 {
            let handle = round % 2 == 0 ? other : database
            try handle.apply([.delete("a")])
            try handle.apply([
                .create(TestObject(uid: "a", object: [9])), .grant("a", to: "carol", 1),
            ])
            for reader in [database, other] {
                #expect(try reader.get("a", who: ["carol"]).rights == 1)
            }
        }
    }

    @Test func aStaleIndexNeverShowsWhatNoLongerMatches() throws {
        let old = try Dictionary(
            uniqueKeysWithValues: raw.keys(.entry).map { ($0, try raw.value($0)) })
        try database.apply([
            .update(TestObject(uid: "a", revision: 2, tags: []), parts: KMS_PART_TAGS),
            .revoke("a", from: "carol", 5),
        ])
        for (key, value) in old { try raw.set(key, value) }

        #expect(try byTag("one") == [])
        #expect(try database.query(TestQuery(who: ["carol"])).uids == [])
        #expect(try database.get("a", who: ["carol"]).rights == 0)
    }
}
