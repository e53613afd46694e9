import PluginLoader
import Secrets
import Synchronization
import Testing
import Threads

/// Drivers that load and then break the contract: what they do is bounded, and an error names them.
@Suite struct BadAnswerTests {
    @Test func aHangIsAnsweredAtItsDeadline() async throws {
        let database = try await BadDriver("hang").open()

        let read = try await read(hanging: 1, database)
        let write = try await write(hanging: 2, database)

        #expect(read.status == .deadline && !read.isInDoubt)
        #expect(write.status == .deadline && write.isInDoubt)
        #expect(try await database.get("k").status == .notFound, "others are served")
        _ = try await database.get("wake")
        await database.close()
    }

    @Test func aWriteThatHangsIsReportedAndOthersAreRefusedAtOnce() async throws {
        let lines = Mutex<[String]>([])
        let host = HostServices.tests { level, plugin, _, message in
            lines.withLock { $0.append("\(level) \(plugin): \(message)") }
        }
        let database = try await BadDriver("hang").open(host: host, patience: .milliseconds(20))
        _ = try await write(hanging: 1, database)
        let behind = Task { try await database.apply([create("k")], deadline: .none) }
        await eventually { lines.withLock { !$0.isEmpty } }

        // The memory driver has one writer.
        let waiting = try await failure { try await behind.value }
        let late = try await failure {
            try await database.apply([create("k")], deadline: .none)
        }
        let health = try await failure { try await database.health() }

        for error in [waiting, late, health] {
            #expect(error.status == .unavailable && !error.isRetryable)
            #expect(error.message.contains("apply does not return"))
        }
        #expect(try await database.get("k").status == .notFound, "reads are not in its way")
        let line = try #require(lines.withLock { $0.first })
        #expect(line.hasPrefix("fault Memory: apply does not return"))
        #expect(line.contains("1 of 4 calls hang"))

        _ = try await database.get("wake")
        await eventually { lines.withLock { $0.count == 2 } }
        #expect(lines.withLock { $0.last?.hasPrefix("warning Memory: apply returned") == true })
        try await database.apply([create("k")], deadline: .none)
        try await database.health()
        await database.close()
    }

    @Test func readsThatHangLeaveRoomUntilTheLast() async throws {
        let database = try await BadDriver("hang").open(concurrency: 2, patience: .zero)

        _ = try await read(hanging: 1, database)
        #expect(try await database.get("k").status == .notFound)
        var error: DriverError
        repeat { error = try await read("hang", database) } while error.status == .deadline

        #expect(error.status == .unavailable && error.message.contains("get does not return"))
        #expect(try await failure { try await database.get("k") }.status == .unavailable)
        // Nobody can wake it: no call is left to do so.
        #expect(await !database.close(within: .milliseconds(50)))
    }

    @Test func closingWaitsForALimitedTime() async throws {
        let database = try await BadDriver("hang").open()
        _ = try await read(hanging: 1, database)

        #expect(await !database.close(within: .milliseconds(10)))
    }

    /// How a read ended that the driver keeps. Until it has kept as many as that, because a slow machine
    /// may find the deadline over before the driver is called.
    private func read(hanging count: Int, _ database: Database) async throws -> DriverError {
        var error: DriverError
        repeat {
            error = try await read("hang", database)
        } while try await database.count("hanging") < count
        return error
    }

    private func read(_ uid: String, _ database: Database) async throws -> DriverError {
        try await failure { try await database.get(uid, deadline: .after(.milliseconds(20))) }
    }

    private func write(hanging count: Int, _ database: Database) async throws -> DriverError {
        var error: DriverError
        repeat {
            error = try await failure {
                try await database.apply(
                    [create("hang")], deadline: .after(.milliseconds(20)))
            }
        } while try await database.count("hanging") < count
        return error
    }

    @Test func aQuickFunctionThatWaitsIsNoLongerCalledWhereItMustNot() async throws {
        let lines = Mutex<[String]>([])
        let host = HostServices.tests { _, _, _, message in lines.withLock { $0.append(message) } }
        let database = try await BadDriver("hang", "HANG_INLINE").open(host: host)
        _ = try await database.get("k")
        let stuck = Task(executorPreference: ThreadOfItsOwn()) {
            try await database.get("hang").status
        }

        await eventually { lines.withLock { !$0.isEmpty } }
        let inline = try await database.count("inline-gets")
        _ = try await database.get("wake")

        #expect(try await stuck.value == .notFound)
        #expect(inline == 2)
        #expect(try await database.count("inline-gets") == inline)
        let line = try #require(lines.withLock { $0.first })
        #expect(line.hasPrefix("get does not return on a thread that must not wait"))
        await database.close()
    }

    @Test func aDriverWhoseInitHangsIsNotUsed() async throws {
        let plugin = try await BadDriver("hang-at-start").load()

        let error = try await failure { try plugin.start(.tests(), within: .milliseconds(20)) }

        #expect(error.status == .deadline)
        #expect(error.message.contains(plugin.path) && error.message.contains("init"))
    }

    @Test func aDriverWhoseDeinitHangsIsLeftBehind() async throws {
        let lines = Mutex<[String]>([])
        let plugin = try await BadDriver("hang-at-start", "AT_END").load()
        try plugin.start(.tests { _, _, _, message in lines.withLock { $0.append(message) } })

        plugin.stop(within: .milliseconds(20))

        #expect(lines.withLock { $0 } == ["deinit does not return; ask its vendor"])
    }

    @Test func secretsThatADriverKeepsAreReported() async throws {
        let lines = Mutex<[String]>([])
        let driver = try await BadDriver("leaked-owners")
        let plugin = try driver.load()
        try plugin.start(.tests { _, _, _, message in lines.withLock { $0.append(message) } })
        let database = try await plugin.openDatabase(
            settings: [], concurrency: 1, readOnly: false, deadline: .none)
        try await database.migrate()
        try await database.apply(
            [create("k", SecretBytes(copying: Array(repeating: 7, count: 40)))], deadline: .none)

        for _ in 0..<3 { _ = try await database.get("k") }
        await database.close()
        plugin.stop()

        #expect(
            lines.withLock { $0 } == [
                "deinit left 216 bytes of secure memory; ask its vendor"
            ])
    }

    /// The driver ends the process when a result is released twice, or not before `close`.
    @Test func everyResultIsReleasedOnceAndBeforeClose() async throws {
        let database = try await BadDriver("released-twice").open()
        try await database.apply((0..<20).map { create("k\($0)") }, deadline: .none)
        try await database.apply(
            [Write(.grant(uid: "k1", user: "bob", rights: 1))], deadline: .none)

        _ = try await database.get(
            (0..<30).map { GetRequest(uid: "k\($0)", who: [], parts: .all) }, deadline: .none)
        _ = try await database.get("k", deadline: .after(.seconds(10)))
        _ = try await database.query(Query(filter: nil), deadline: .none)
        _ = try await database.grants(GrantsQuery(), deadline: .none)
        _ = try await database.statistics()
        _ = try await database.plan()
        let token = try await database.changes(since: []).token
        _ = try await database.changes(since: token, deadline: .after(.milliseconds(500)))

        await database.close()
    }

    @Test func anErrorWithoutStatusIsTheDriversFault() async throws {
        let database = try await BadDriver("errors-without-status").open()

        let read = try await failure { try await database.get("fail-get") }
        let search = try await failure {
            try await database.query(Query(filter: nil), deadline: .none)
        }
        let write = try await failure {
            try await database.apply([create("fail-apply")], deadline: .none)
        }

        for (error, function) in [(read, "get"), (search, "query"), (write, "apply")] {
            #expect(error.status == .internalError && !error.isRetryable)
            #expect(error.message.contains("Memory") && error.message.contains(function))
        }
        #expect(write.isInDoubt, "it may have been written")
        await database.close()
    }

    @Test func pagesAreChecked() async throws {
        let database = try await BadDriver("unsorted-pages").open()
        try await database.apply([create("a"), create("b")], deadline: .none)
        try await database.apply(
            [Write(.grant(uid: "a", user: "bob", rights: 1))], deadline: .none)
        let both = ["a", "b"].map { GetRequest(uid: $0, who: [], parts: []) }

        let read = try await failure { try await database.get(both, deadline: .none) }
        let search = try await failure {
            try await database.query(Query(filter: nil), deadline: .none)
        }
        let first = try await database.grants(GrantsQuery(), deadline: .none)
        let second = try await failure {
            try await database.grants(GrantsQuery(cursor: first.cursor), deadline: .none)
        }

        #expect(read.message.contains("about another object"))
        #expect(search.message.contains("on the page twice"))
        #expect(second.message.contains("stands still"))
        for error in [read, search, second] {
            #expect(error.status == .internalError && error.message.contains("Memory"))
        }
        await database.close()
    }
}

/// Where a test can block a thread without taking one from the others.
private final class ThreadOfItsOwn: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        _ = OwnThread.start(name: "test") { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
