import PluginABI
import RedisFindexDriver
import Testing

/// Redis is told nothing in the clear: not in keys, not in values, not in commands.
struct LeakTests {
    let store: TestStore

    init() throws { store = try TestStore() }

    private static let words = [
        "uid-Zanzibar-0001", "owner-Quixote", "user-Ophelia", "tag-Kilimanjaro", "Name-Xanadu",
        "path-Timbuktu", "material-Kryptonite", "attribute-Eldorado", TestStore.password,
    ]

    /// A word as it might be written.
    private static func forms(of word: String) -> [[UInt8]] {
        let bytes = Array(word.utf8)
        var forms = [bytes, Array(word.lowercased().utf8), Array(word.uppercased().utf8)]
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        forms += [Array(digits.utf8), Array(digits.uppercased().utf8)]
        forms += [bytes.flatMap { [$0, 0] }, bytes.flatMap { [0, $0] }]
        forms += (0..<3).map { base64(bytes, from: $0) }
        return forms
    }

    /// The digits that stand for the bytes at this alignment, whatever stands beside them.
    private static func base64(_ bytes: [UInt8], from start: Int) -> [UInt8] {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        var rest = bytes.dropFirst(start)
        while rest.count >= 3 {
            let word = rest.prefix(3).reduce(0) { $0 << 8 | Int($1) }
            text += [18, 12, 6, 0].map { digits[word >> $0 & 63] }
            rest = rest.dropFirst(3)
        }
        return text
    }

    private func exercise() throws {
        let database = try store.ready()
        let w = Self.words
        let object = TestObject(
            uid: w[0], owner: w[1], object: Array(w[6].utf8), attributes: Array(w[7].utf8),
            tags: [w[3]])
        let terms = [
            TestTerm(path: w[5], value: .text(w[4]), isUnique: true),
            TestTerm(path: w[5], value: .bytes(Array(w[4].utf8))),
        ]
        try database.apply([.create(object, terms: terms), .grant(w[0], to: w[2], 7)])
        #expect(try database.query(TestQuery(filter: .tag(w[3]))).uids == [w[0]])
        #expect(try database.query(TestQuery(filter: .equal(w[5], .text(w[4])))).uids == [w[0]])
        #expect(try database.query(TestQuery(who: [w[2]])).uids == [w[0]])
        #expect(try database.query(TestQuery()).uids == [w[0]])
        #expect(try database.grants(who: [w[2]]).items.count == 1)
        #expect(try database.get(w[0], who: [w[2]]).rights == 7)
        let token = try database.changes(since: []).token
        var changed = object
        changed.revision = 2
        try database.apply([.update(changed, parts: KMS_PART_OBJECT | KMS_PART_TAGS)])
        #expect(try database.changes(since: token).uids == [w[0]])
    }

    @Test func nothingIsInKeysAndValues() throws {
        try exercise()
        let raw = try store.raw()

        let texts = try raw.everything().flatMap { [$0.key, $0.value] }

        #expect(texts.count > 20)
        for word in Self.words {
            for form in Self.forms(of: word) {
                #expect(!texts.contains { $0.firstRange(of: form) != nil }, "\(word)")
            }
        }
    }

    @Test func nothingIsInCommands() throws {
        let listener = try store.raw()
        try listener.run("MONITOR")
        try exercise()
        try store.raw().run("ECHO", "the end of the run")

        // Monitoring shows what other tests do too, which is as good.
        var lines: [String] = []
        while lines.last?.contains("the end of the run") != true {
            if case .status(let line) = try listener.next() { lines.append(line) }
        }

        #expect(lines.contains { $0.contains("EVALSHA") })
        for word in Self.words {
            for form in Self.forms(of: word) where !form.contains(0) {
                let text = String(decoding: form, as: UTF8.self)
                #expect(!lines.contains { $0.contains(text) }, "\(word)")
            }
        }
    }

    @Test func aNewKeySaltsEveryDatabase() throws {
        try exercise()
        let first = Set(try store.raw().keys("*"))
        let other = try LeakTests()
        try other.exercise()

        let second = Set(try other.store.raw().keys("*"))

        let metadata = [
            Array("kms:rf1".utf8), Array("kms:rf1:changes".utf8), RecordKey.check.bytes,
        ]
        #expect(first.intersection(second) == Set(metadata))
    }

    @Test func sizesTellNoMoreThanAMultiple() throws {
        let database = try store.ready()
        let sizes = [16, 24, 32].map { size in
            (size, TestObject(uid: "k\(size)", object: [UInt8](repeating: 1, count: size)))
        }
        try database.apply(sizes.map { .create($0.1) })

        let raw = try store.raw()
        let lengths = Set(try raw.keys(.object).map { try raw.value($0).count })

        #expect(lengths.count == 1)
    }
}
