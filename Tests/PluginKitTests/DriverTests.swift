import Glibc
import PluginABI
import PluginKit
import Synchronization
import Testing

@Suite struct DriverTests {
    @Test func describesThePlugin() throws {
        #expect(echoPlugin.table(forHostMajor: 2) == nil)
        let plugin = try #require(echoPlugin.table(forHostMajor: 1)).pointee
        #expect(Int(plugin.struct_size) == MemoryLayout<kms_plugin>.size)
        #expect((plugin.abi_major, plugin.abi_minor) == (1, 0))
        let info = try #require(plugin.info).pointee
        #expect(info.kind == KMS_DATABASE.rawValue)
        #expect(String(cString: info.id) == "org.example.echo")
        #expect(String(cString: info.summary) == "Answers what it is asked")
        #expect(info.serves[0].map { String(cString: $0) } == "echo")
        #expect(info.serves[1].map { String(cString: $0) } == "parrot")
        #expect(info.serves[2] == nil)
        #expect(
            (Int(info.option_stride), info.option_count) == (MemoryLayout<kms_option>.stride, 3))
        let options = (0..<3).map { info.options[$0] }
        #expect(
            options.map { String(cString: $0.name) } == ["echo-path", "echo-mode", "echo-number"])
        #expect(String(cString: options[0].default_value) == "./echo")
        #expect(options[0].flags == UInt32(KMS_OPTION_REQUIRED))
        #expect(options[0].environment[1].map { String(cString: $0) } == "ECHO")
        #expect(options[0].environment[2] == nil && options[0].choices == nil)
        #expect(options[1].type == KMS_OPTION_CHOICE.rawValue && options[1].default_value == nil)
        #expect(options[1].choices[1].map { String(cString: $0) } == "low")
        #expect((options[2].minimum, options[2].maximum) == (-1, 100))
    }

    @Test func keepsPluginsOfOneProcessApart() throws {
        let echo = TestHost.driver(of: echoPlugin)
        let silent = TestHost.driver(of: silentPlugin)

        #expect((echo.quick, echo.writers) == (UInt32(KMS_QUICK_GET | KMS_QUICK_GRANTS), 3))
        #expect((silent.quick, silent.writers) == (0, 0))
        var error = kms_error()
        #expect(Handle.open(silentPlugin, path: "anything", &error).0 == KMS_OK)
        #expect(Handle.open(echoPlugin, path: "anything", &error).0 == KMS_DENIED)
        let plugin = try #require(silentPlugin.table(forHostMajor: 1))
        #expect(plugin.pointee.get_interface("kms.hsm/1") == nil)
    }

    @Test func lendsATableThatTheAuthorMade() throws {
        var table = kms_hsm_driver()
        table.struct_size = UInt32(MemoryLayout<kms_hsm_driver>.size)
        table.close = { _ in }
        let vault = Plugin(
            describing: PluginDescription(
                id: "org.example.vault", name: "Vault", version: "1.0.0", vendor: "", url: "",
                license: "MIT", summary: "Holds keys", serves: ["vault"], flags: .singleProcess),
            kind: .hsm, interface: KMS_HSM_INTERFACE, table: table)

        let plugin = try #require(vault.table(forHostMajor: 1)).pointee
        #expect(plugin.info.pointee.kind == KMS_HSM.rawValue)
        #expect(plugin.info.pointee.flags == UInt32(KMS_PLUGIN_SINGLE_PROCESS))
        #expect(plugin.get_interface(KMS_DATABASE_INTERFACE) == nil)
        let lent = try #require(plugin.get_interface(KMS_HSM_INTERFACE))
            .assumingMemoryBound(to: kms_hsm_driver.self).pointee
        #expect(lent.struct_size == table.struct_size && lent.close != nil && lent.open == nil)
    }

    @Test func answersUnsupportedForWhatIsLeftOut() {
        let silent = Handle(silentPlugin)
        var call = Handle.call()
        var error = kms_error()
        var texts = kms_texts()
        var objects = kms_objects()
        var context = kms_context()

        #expect(silent.table.migrate(silent.database, &call, &error) == KMS_UNSUPPORTED)
        #expect(silent.table.plan(silent.database, &call, &texts, &error) == KMS_UNSUPPORTED)
        #expect(silent.table.context(silent.database, &call, &context, &error) == KMS_UNSUPPORTED)
        #expect(silent.table.clear(silent.database, &call, true, &error) == KMS_UNSUPPORTED)
        #expect(silent.get(["k"], &objects, &error) == KMS_UNSUPPORTED)
        silent.table.cancel(silent.database, 1)
        silent.table.close(silent.database)
    }

    @Test(arguments: [
        (100, "wrong path äöü"), (16, "wrong path äö"), (15, "wrong path ä"), (14, "wrong path ä"),
        (13, "wrong path "), (1, ""), (0, ""),
    ])
    func reportsFailuresWithinTheBuffer(_ capacity: Int, _ expected: String) {
        let (error, message) = withError(capacity: capacity) { error in
            let (status, handle) = Handle.open(echoPlugin, path: "/wrong", &error)
            #expect(status == KMS_DENIED && handle == nil)
            return error
        }

        #expect(message == expected)
        #expect(
            (error.flags, error.native_code, error.retry_after_ns) == (
                UInt32(KMS_ERROR_IN_DOUBT), -7, 9
            ))
        #expect(string(cArray: error.native_state) == "28P01")
    }

    @Test func closesTheDriver() {
        let handle = Handle(echoPlugin)
        let closed = EchoDriver.lastClosed.withLock { $0 }
        handle.table.close(handle.database)

        #expect(closed?.value.load(ordering: .relaxed) == true)
    }

    @Test(arguments: [0, 1, 2, 100, 1000])
    func copiesObjectsIntoTheResult(_ count: Int) {
        let handle = Handle(echoPlugin)
        let uids = (0..<count).map { number in
            "uid\(number)" + String(repeating: "x", count: number * 7 % 3000)
        }
        var out = kms_objects()
        var error = kms_error()

        #expect(handle.get(uids, who: ["alice", "*", "ä"], known: 1 << 63, &out, &error) == KMS_OK)

        #expect(out.count == count)
        #expect(out.total == -1 && out.cursor.size == 0 && out.flags == 0)
        for (index, uid) in uids.enumerated() {
            let item = out.items[index]
            #expect(string(item.uid) == uid && string(item.object) == uid)
            #expect(string(item.owner) == "alice" && string(item.attributes) == "alice")
            #expect((item.rights, item.revision, item.state) == (3, 1 << 63, 5))
            #expect(
                (0..<item.tags.count).map { string(item.tags.items[$0]) } == ["alice", "*", "ä"])
        }
        #expect((out.owner.release == nil) == (count == 0))
        out.owner.release?(out.owner.owner)
    }

    @Test func marksItems() {
        let handle = Handle(echoPlugin)
        var out = kms_objects()
        var error = kms_error()

        #expect(handle.get(["missing", "known", "k"], &out, &error) == KMS_OK)

        #expect((0..<3).map { Int(out.items[$0].status) } == [Int(KMS_NOT_FOUND), 0, 0])
        #expect((0..<3).map { Int(out.items[$0].flags) } == [0, Int(KMS_OBJECT_UNCHANGED), 0])
        #expect(out.items[0].owner.size == 0 && out.items[0].tags.count == 0)
        out.owner.release?(out.owner.owner)
    }

    @Test func leavesTheResultUntouchedOnFailure() {
        let handle = Handle(echoPlugin)
        var out = kms_objects()
        out.total = 99
        var error = kms_error()

        #expect(handle.get(["a", "b", "failure"], &out, &error) == KMS_UNAVAILABLE)
        #expect(handle.get(["a"], call: Handle.call(inline: true), &out, &error) == KMS_WOULD_BLOCK)

        #expect(out.count == 0 && out.items == nil && out.total == 99 && out.owner.release == nil)
    }

    @Test func resultsOutliveTheCallAndTheInputs() {
        let handle = Handle(echoPlugin)
        var error = kms_error()
        let results = (0..<50).map { number in
            var out = kms_objects()
            _ = handle.get(["uid\(number)"], &out, &error)
            return out
        }

        for (number, out) in results.enumerated().reversed() {
            #expect(string(out.items[0].object) == "uid\(number)")
            out.owner.release?(out.owner.owner)
        }
    }

    /// Reads memory after it was freed, which only a process of its own may do: the allocator writes
    /// to the first bytes of what it gets back, and leaves the rest.
    @Test func secretsAreZeroedOnRelease() async {
        await #expect(processExitsWith: .success) {
            let handle = Handle(echoPlugin)
            var out = kms_objects()
            var error = kms_error()
            let secret = String(repeating: "secret", count: 20)
            try #require(handle.get([secret], &out, &error) == KMS_OK)
            let object = out.items[0].object
            let before = string(object)
            out.owner.release?(out.owner.owner)

            let after = string(object)
            if before != secret || after.contains("secret") { exit(1) }
        }
    }

    @Test func listsPagesTextsAndStatistics() {
        let handle = Handle(echoPlugin)
        var call = Handle.call()
        var error = kms_error()
        var query = kms_query()
        query.limit = 100
        let token = [1, 2, 3] as [UInt8]
        token.withUnsafeBufferPointer { token in
            query.cursor = kms_bytes(data: token.baseAddress, size: 3)
            let filters = [kms_filter](repeating: kms_filter(), count: 2)
            filters.withUnsafeBufferPointer { filters in
                query.filters = filters.baseAddress
                query.filter_count = 2
                var out = kms_objects()
                #expect(handle.table.query(handle.database, &call, &query, &out, &error) == KMS_OK)
                #expect(
                    (out.count, out.total, out.flags) == (100, 1 << 40, UInt32(KMS_OBJECTS_INEXACT))
                )
                #expect(string(out.items[99].uid) == "99" && out.cursor.size == 3)
                out.owner.release?(out.owner.owner)
            }
            var changes = kms_changes()
            #expect(
                handle.table.changes(handle.database, &call, query.cursor, &changes, &error)
                    == KMS_OK)
            #expect((changes.count, changes.token.size, changes.flags) == (3, 3, 0))
            changes.owner.release?(changes.owner.owner)
        }
        var changes = kms_changes()
        #expect(
            handle.table.changes(handle.database, &call, kms_bytes(), &changes, &error) == KMS_OK)
        #expect(changes.flags == UInt32(KMS_CHANGES_LOST))

        var plan = kms_texts()
        #expect(handle.table.plan(handle.database, &call, &plan, &error) == KMS_OK)
        #expect((0..<plan.count).map { string(plan.items[$0]) } == ["CREATE ä", "", "third"])
        plan.owner.release?(plan.owner.owner)

        var statistics = kms_statistics()
        #expect(handle.table.statistics(handle.database, &call, &statistics, &error) == KMS_OK)
        #expect(
            (0..<2).map { String(cString: statistics.items[$0].name) } == [
                "objects", "pool.waiting",
            ])
        #expect(statistics.items[1].value == 0.5)
        statistics.owner.release?(statistics.owner.owner)

        var context = kms_context()
        #expect(handle.table.context(handle.database, &call, &context, &error) == KMS_OK)
        #expect(context.state == KMS_SCHEMA_FOREIGN.rawValue)
        #expect(string(cArray: context.version) == "1.2.3")
        #expect(string(cArray: context.format) == String(repeating: "é", count: 15))
    }

    @Test func groupsWritesByBatch() {
        let handle = Handle(echoPlugin)
        var call = Handle.call()
        var error = kms_error()
        let batches: [UInt32] = [1, 1, 2, 1, 3, 3, 3, 4]
        var writes = batches.map { batch in
            var write = kms_write()
            write.op = KMS_WRITE_CREATE.rawValue
            write.batch = batch
            return write
        }
        writes[2].op = 99
        let terms = [
            kms_term(
                path: text("a"), value: kms_value(type: 1, rank: 9, number: -1, bytes: kms_bytes()),
                flags: 0, reserved: 0),
            kms_term(
                path: text("b"), value: kms_value(), flags: UInt32(KMS_TERM_UNIQUE), reserved: 0),
        ]
        terms.withUnsafeBufferPointer { terms in
            writes[7].object.terms = terms.baseAddress
            writes[7].object.term_count = 2
            var out = [kms_written](repeating: kms_written(), count: writes.count)
            #expect(
                handle.table.apply(handle.database, &call, writes, writes.count, &out, &error)
                    == KMS_OK)
            #expect(
                out.map(\.status) == [
                    2, 2, Int32(KMS_UNSUPPORTED), 1, 3, 3, 3, Int32(KMS_UNAVAILABLE),
                ])
            #expect(out.map(\.flags) == [0, 0, 0, 0, 0, 0, 0, UInt32(KMS_ERROR_IN_DOUBT)])
        }
    }

    @Test func lendsTheHostsServices() {
        let handle = Handle(echoPlugin)
        var call = Handle.call()
        var error = kms_error()

        #expect(handle.table.health(handle.database, &call, &error) == KMS_OK)

        #expect(TestHost.lines.withLock { $0 }.contains("health 77 trace"))
        #expect(TestHost.secureBytes.load(ordering: .relaxed) == 0)
        call = Handle.call(deadline: 1000)
        #expect(handle.table.health(handle.database, &call, &error) == KMS_DEADLINE)
        call = Handle.call(deadline: 1001)
        #expect(handle.table.health(handle.database, &call, &error) == KMS_OK)
        call = Handle.call(cancelled: true)
        #expect(handle.table.health(handle.database, &call, &error) == KMS_CANCELLED)
    }
}
