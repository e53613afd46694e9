import FoundationEssentials
import PluginLoader
import Secrets

extension Catalogue {
    /// What shows up where it must not is noted by what reads logs, messages and results.
    static let secretKeeping: [Case] = [
        Case(
            "secrets.keys",
            "the bytes of an object reach no log, no message, no plan and no statistics"
        ) { test in
            let canaries = Canaries.ofThisProcess
            let database = try test.database()
            let secret = Array(canaries.make().utf8)
            let object = Object("a", object: secret, tags: ["t"])
            try database.write(.create(object))
            try failInManyWays(database, object, test)
            test.expect(try database.get("a").object, secret, "the object")
            try database.write(.update(Object("a", object: secret + secret), .all))
            try tellEverything(database, test)
            try database.write(.delete("a"))
            database.close()
        },
        Case("secrets.personal", "tags and terms reach no log above DEBUG") { test in
            let tag = "personal-\(UInt64.random(in: .min ... .max))"
            Canaries.ofThisProcess.addPersonal(tag)
            let database = try test.database()
            let terms = [
                Term("Name", .text(tag), isUnique: true), Term("Bytes", .bytes(Array(tag.utf8))),
            ]
            let object = Object("a", tags: [tag], terms: terms)
            try database.write(.create(object))
            try failInManyWays(database, object, test)
            _ = try database.query(Query(.any([.tag(tag), .equal("Name", .text(tag))])))
            database.close()
        },
        Case(
            "secrets.released",
            "the bytes of an object are gone from the memory of a result that is released"
        ) { test in
            let database = try test.database()
            let secret = Array(Canaries.ofThisProcess.make().utf8)
            // Often, so that what an allocator writes into memory that it got back hides nothing.
            let long = Array(repeatElement(secret, count: 40).joined())
            try database.write(
                .create(Object("a", object: secret)), .create(Object("b", object: long)))
            // The reader of results looks at the memory once a result is released.
            for _ in 0..<10 {
                test.expect(try database.get([Get("a"), Get("b")]).items.last?.object, long)
                _ = try database.query(Query(parts: .all))
            }
        },
        Case(
            "secrets.options",
            "the value of a secret option, and a password in a URL, reach no log, no message "
                + "and no file"
        ) { test in
            _ = try test.database()
            let declared = test.driver.info.options.filter {
                $0.flags.contains(.secret) || $0.type == .url
            }
            if declared.isEmpty { throw test.skip("the driver has no secret options") }
            for option in declared {
                let canary = Canaries.ofThisProcess.make()
                try tryOpening(test) { $0.settings.replace(option, with: canary) }
            }
        },
        Case(
            "secrets.tenant", "the secret of a tenant reaches no log, no message and no file"
        ) { test in
            _ = try test.database()
            let canary = Canaries.ofThisProcess.make()
            try tryOpening(test) { opening in
                opening.tenant = "tenant"
                opening.secret = Array(canary.utf8)
            }
        },
    ]

    /// Makes a driver explain itself about this object in every way that a case can bring about.
    private static func failInManyWays(
        _ database: Database, _ object: Object, _ test: Test
    ) throws {
        let again = Object(
            "b", object: object.object, tags: object.tags,
            terms: [Term("U", .text("taken"), isUnique: true)])
        try database.write(
            .create(Object("c", terms: [Term("U", .text("taken"), isUnique: true)])))
        let writes: [Write] = [
            .create(object), .update(object, .all).ifRevision(1), .create(again),
            .update(object, .all).ifOwner("nobody"),
            Write.update(object, .all).with { $0.object.uid = "missing" },
            Write.create(again).with { $0.op = 77 },
        ]
        for write in writes {
            test.check(try database.outcome(write) != .ok, "a write that must not succeed did")
        }
        _ = try? database.late.apply(writes)
        _ = try? database.late.get(object.uid)
        let cancellation = Cancellation()
        cancellation.set()
        _ = try? database.cancelled(by: cancellation).apply(writes)
        _ = try? database.apply([])
        let readOnly = try test.open(.readOnly)
        _ = try? readOnly.apply([.update(object, .all)])
        readOnly.close()
        try database.write(.delete("c"))
    }

    private static func tellEverything(_ database: Database, _ test: Test) throws {
        try database.health()
        _ = try database.context()
        if test.driver.lacks(.function(.statistics)) == nil { _ = try database.statistics() }
        if test.driver.lacks(.function(.plan)) == nil { _ = try database.plan() }
    }

    /// Whether it opens or not is not the question.
    private static func tryOpening(_ test: Test, _ change: (inout Opening) -> Void) throws {
        do {
            let database = try test.open(
                options: CallOptions(deadline: test.host.now + 5_000_000_000), change)
            try tellEverything(database, test)
            database.close()
        } catch is CallFailed {}
        for name in try FileManager.default.subpathsOfDirectory(atPath: test.scratch) {
            let path = test.scratch + "/" + name
            // A file may go away meanwhile. Foundation leaks what it reads of folders and empty files.
            guard let facts = try? FileManager.default.attributesOfItem(atPath: path),
                facts[.type] as? FileAttributeType == .typeRegular,
                (facts[.size] as? UInt ?? 0) > 0,
                let data = FileManager.default.contents(atPath: path)
            else { continue }
            test.check(
                !Canaries.ofThisProcess.areFound(in: data), "a secret is in the file \(name)")
        }
    }
}

extension [Setting] {
    /// Gives a secret option this value, and puts it into a URL as its password.
    fileprivate mutating func replace(_ option: OptionDescription, with canary: String) {
        let given = first { $0.option.name == option.name }
        removeAll { $0.option.name == option.name }
        guard option.type == .url, !option.flags.contains(.secret) else {
            return append(
                Setting(
                    option: option, value: .secret(SecretBytes(copying: [UInt8](canary.utf8)))))
        }
        guard case .text(let url)? = given?.value, let scheme = url.firstRange(of: "://") else {
            return append(Setting(option: option, value: .text("none://kit:\(canary)@localhost/")))
        }
        let rest = url[scheme.upperBound...]
        let host = rest.firstIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
        let changed = "\(url[..<scheme.upperBound])kit:\(canary)@\(host)"
        append(Setting(option: option, value: .text(changed)))
    }
}
