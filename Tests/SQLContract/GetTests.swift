import PluginABI
import Testing

@Suite struct GetTests {
    let store: TestStore
    let database: TestDatabase

    init() throws {
        store = try TestStore()
        database = try store.ready()
    }

    @Test func returnsWhatWasCreated() throws {
        let key = TestObject(
            uid: "key", owner: "alice", type: 2, state: 1, revision: .max, object: [1, 2, 3],
            attributes: [9], tags: ["b", "a", "é"])

        #expect(try database.apply([.create(key)]) == [0])

        #expect(try database.get("key") == key)
    }

    @Test func answersInTheOrderAskedAndTwice() throws {
        try database.apply(["a", "b", "c"].map { .create(TestObject(uid: $0)) })

        let items = try database.get(["c", "missing", "a", "c"].map { TestGet(uid: $0) })

        #expect(items.map(\.uid) == ["c", "missing", "a", "c"])
        #expect(items.map(\.status) == [0, Int(KMS_NOT_FOUND), 0, 0])
    }

    @Test func answersNothingForNothing() throws {
        #expect(try database.get([]) == [])
        #expect(try database.apply([]) == [])
    }

    @Test func joinsRightsOfAllNames() throws {
        try database.apply([
            .create(TestObject(uid: "key")), .grant("key", to: "bob", 1),
            .grant("key", to: "*", 2), .grant("key", to: "carol", 4),
            .grant("key", to: "top", 1 << 63),
        ])

        #expect(try database.get("key", who: []).rights == 0)
        #expect(try database.get("key", who: ["bob"]).rights == 1)
        #expect(try database.get("key", who: ["bob", "*"]).rights == 3)
        #expect(try database.get("key", who: ["bob", "*", "carol"]).rights == 7)
        #expect(try database.get("key", who: ["nobody", "top"]).rights == 1 << 63)
        let many = (0..<63).map { "g\($0)" } + ["carol"]
        #expect(try database.get("key", who: many).rights == 4)
    }

    @Test func returnsRightsOfUIDsWithoutObject() throws {
        try database.apply([.grant("hsm::1::k", to: "bob", 6)])

        let item = try database.get("hsm::1::k", who: ["bob"])

        #expect(item.status == Int(KMS_NOT_FOUND))
        #expect(item.rights == 6)
        #expect(item.uid == "hsm::1::k")
    }

    @Test func leavesOutPartsOfTheKnownRevision() throws {
        let key = TestObject(
            uid: "key", revision: 77, object: [1], attributes: [2], tags: ["t"])
        try database.apply([.create(key), .grant("key", to: "bob", 5)])

        let known = try database.get("key", who: ["bob"], known: 77)
        let other = try database.get("key", known: 78)

        #expect(known.isUnchanged)
        #expect(known.object.isEmpty && known.attributes.isEmpty && known.tags.isEmpty)
        #expect(
            (known.owner, known.state, known.type, known.revision, known.rights) == (
                "alice", 2, 2, 77, 5
            ))
        #expect(other == key)
    }

    @Test func returnsARecreatedObjectWhole() throws {
        try database.apply([.create(TestObject(uid: "key", revision: 5, object: [1]))])
        try database.apply([
            .delete("key"), .create(TestObject(uid: "key", revision: 6, object: [2])),
        ])

        let item = try database.get("key", known: 5)

        #expect(!item.isUnchanged)
        #expect(item.object == [2])
    }

    @Test(arguments: [KMS_PART_OBJECT, KMS_PART_ATTRIBUTES, KMS_PART_TAGS, 0, KMS_PART_STATE])
    func returnsOnlyThePartsAskedFor(_ part: Int) throws {
        try database.apply([
            .create(TestObject(uid: "key", object: [1], attributes: [2], tags: ["t"]))
        ])

        let item = try database.get([TestGet(uid: "key", parts: part)])[0]

        #expect(item.object == (part == KMS_PART_OBJECT ? [1] : []))
        #expect(item.attributes == (part == KMS_PART_ATTRIBUTES ? [2] : []))
        #expect(item.tags == (part == KMS_PART_TAGS ? ["t"] : []))
        #expect((item.owner, item.state) == ("alice", 2))
    }

    @Test(arguments: ["Key", "key ", "kéy", "k'ey", "k\"ey", "k%y", "🔑", "null", "1", "k\ty"])
    func tellsNamesApartByteForByte(_ name: String) throws {
        try database.apply([
            .create(TestObject(uid: name, owner: name, tags: [name])), .grant(name, to: name, 1),
            .create(TestObject(uid: "key", owner: "key", tags: ["key"])),
        ])

        let item = try database.get(name, who: [name])

        #expect(item.owner == name)
        #expect(item.rights == 1)
        #expect(item.tags == [name])
        #expect(try database.get("key", who: [name]).rights == 0)
        #expect(try database.query(TestQuery(filter: .tag(name))).uids == [name])
        #expect(try database.query(TestQuery(filter: .owner(name))).uids == [name])
    }

    @Test func holdsTheLargestOfEverything() throws {
        let uid = String(repeating: "u", count: 255)
        let owner = String(repeating: "ö", count: 127)
        let tag = String(repeating: "t", count: 255)
        let key = TestObject(
            uid: uid, owner: owner, type: .max, state: .max, revision: .max,
            object: Array(repeating: 0xA5, count: 15 << 20),
            attributes: Array(repeating: 1, count: 1 << 20), tags: [tag])

        #expect(try database.apply([.create(key)]) == [0])

        #expect(try database.get(uid) == key)
    }

    @Test func refusesCallsThatAreTooLateOrCancelled() throws {
        #expect { try database.get([TestGet(uid: "k")], .init(deadline: 1)) } throws: {
            ($0 as? TestFailure)?.status == Int(KMS_DEADLINE)
        }
        #expect {
            try database.apply([.create(TestObject(uid: "k"))], .init(isCancelled: { _ in true }))
        } throws: { ($0 as? TestFailure)?.status == Int(KMS_CANCELLED) }
        #expect(try database.get("k").status == Int(KMS_NOT_FOUND))
    }
}
