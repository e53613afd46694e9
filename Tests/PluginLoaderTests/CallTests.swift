import Glibc
import PluginLoader
import Secrets
import Synchronization
import Testing

/// Where calls run, what shares one, and how waiting ends.
@Suite struct CallTests {
    @Test func quickCallsRunOnTheThreadOfTheCaller() async throws {
        let database = try await Fixture().open()

        let before = UInt64(pthread_self())
        let record = try await database.get("thread")
        let after = UInt64(pthread_self())

        #expect(record.revision == before && before == after)
        await database.close()
    }

    @Test func callsThatWouldBlockRunOnAnotherThread() async throws {
        let database = try await Fixture().open()

        let before = UInt64(pthread_self())
        let record = try await database.get("slow")

        #expect(record.status == .ok && record.revision != before)
        #expect(try await database.count("gets") == 2)
        var query = Query(filter: nil)
        query.skip = 1
        #expect(try await database.query(query, deadline: .none).objects.count == 1)
        await database.close()
    }

    @Test func callsThatAreNotQuickAreNeverInline() async throws {
        let database = try await Fixture("QUICK=0").open()

        let before = UInt64(pthread_self())

        #expect(try await database.get("thread").revision != before)
        #expect(try await database.count("gets") == 1)
        await database.close()
    }

    @Test func blockingOnAThreadThatMayWaitIsTheDriversFault() async throws {
        let database = try await Fixture().open()

        #expect(
            try await failure { try await database.get("always-blocks") }.status == .internalError)
        await database.close()
    }

    @Test func writesThatWaitShareACall() async throws {
        let database = try await Fixture().open()
        let first = Task { try await database.apply([create("hold")], deadline: .none) }
        _ = try await database.get("await-held")

        let outcomes = try await withThrowingTaskGroup(of: (Int, DriverError?).self) { group in
            for number in 0..<50 {
                group.addTask {
                    // Every fifth fails, at its second write.
                    let uid = number.isMultiple(of: 5) ? "exists" : "k\(number)"
                    do throws(DriverError) {
                        try await database.apply(
                            [create("a\(number)"), create(uid)], deadline: .none)
                        return (number, nil)
                    } catch {
                        return (number, error)
                    }
                }
            }
            await eventually { database.waiting == 50 }
            _ = try await database.get("release")
            return try await group.reduce(into: []) { $0.append($1) }
        }
        try await first.value

        #expect(outcomes.count == 50)
        for (number, error) in outcomes {
            guard number.isMultiple(of: 5) else {
                #expect(error == nil)
                continue
            }
            #expect(
                error?.status == .exists && error?.failedItem == 1 && error?.isRetryable == true)
        }
        #expect(try await database.count("applies") == 2)
        #expect(try await database.count("apply-items") == 101)
        #expect(try await database.count("most-applies") == 1, "the driver has one writer")
        await database.close()
    }

    @Test func aGatheredCallHasAtMost256Items() async throws {
        let database = try await Fixture().open()
        let first = Task { try await database.apply([create("hold")], deadline: .none) }
        _ = try await database.get("await-held")

        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask {
                    let batch = (0..<100).map { create("k\(number)-\($0)") }
                    try await database.apply(batch, deadline: .none)
                }
            }
            await eventually { database.waiting == 6 }
            _ = try await database.get("release")
            try await group.waitForAll()
        }
        try await first.value

        #expect(try await database.count("applies") == 4, "one alone, then twos")
        await database.close()
    }

    @Test func readsThatWaitShareACallAndFailAlone() async throws {
        let database = try await Fixture("QUICK=0").open(concurrency: 1)
        let first = Task { try await database.get("hold") }
        _ = try await database.changes(since: Array("await-held".utf8))
        let uids = ["k", "odd-owner", "missing"]
        let reads = uids.map { uid in Task { try await database.get(uid) } }
        await eventually { database.waiting == 3 }
        first.cancel()

        #expect(try await reads[0].value.status == .ok)
        #expect(try await failure { try await reads[1].value }.status == .internalError)
        #expect(try await reads[2].value.status == .notFound)
        #expect(try await failure { try await first.value }.status == .cancelled)
        #expect(try await database.count("gets") == 2)
        await database.close()
    }

    @Test(arguments: [("fail", DriverStatus.unavailable), ("odd-status", .internalError)])
    func aFailedCallFailsItsWrites(_ uid: String, _ status: DriverStatus) async throws {
        let database = try await Fixture().open()

        let error = try await failure { try await database.apply([create(uid)], deadline: .none) }

        #expect(error.status == status)
        await database.close()
    }

    /// A batch is all or none: an answer that says otherwise leaves it in doubt.
    @Test(arguments: [["exists", "written"], ["k", "forgotten"]])
    func contradictoryOutcomesAreInDoubt(_ uids: [String]) async throws {
        let database = try await Fixture().open()

        let error = try await failure {
            try await database.apply(uids.map(create), deadline: .none)
        }

        #expect(error.status == .internalError && error.isInDoubt)
        await database.close()
    }

    @Test func keysReachTheDriver() async throws {
        let database = try await Fixture().open()
        let key = SecretBytes(copying: Array("key bytes".utf8))
        let wrong = SecretBytes(copying: Array("something".utf8))

        // The fixture refuses other bytes.
        try await database.apply((0..<100).map { create("k\($0)", key) }, deadline: .none)
        let error = try await failure {
            try await database.apply([create("k", key), create("l", wrong)], deadline: .none)
        }

        #expect(error.status == .invalid && error.failedItem == 1)
        await database.close()
    }

    @Test func aCancelledRequestLeavesTheLineAtOnce() async throws {
        let database = try await Fixture().open()
        let first = Task { try await database.apply([create("hold")], deadline: .none) }
        _ = try await database.get("await-held")
        let second = Task { try await database.apply([create("k")], deadline: .none) }
        await eventually { database.waiting == 1 }

        second.cancel()

        let error = try await failure { try await second.value }
        #expect(error.status == .cancelled && !error.isInDoubt, "it was never written")
        #expect(database.waiting == 0)
        _ = try await database.get("release")
        try await first.value
        #expect(try await database.count("apply-items") == 1)
        await database.close()
    }

    @Test func aTaskThatIsCancelledAlreadyWritesNothing() async throws {
        let database = try await Fixture().open()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await database.apply([create("k")], deadline: .none)
        }

        #expect(try await failure { try await task.value }.status == .cancelled)
        #expect(try await database.count("applies") == 0)
        await database.close()
    }

    @Test func theDeadlineEndsWaitingInLine() async throws {
        let database = try await Fixture().open()
        let first = Task { try await database.apply([create("hold")], deadline: .none) }
        _ = try await database.get("await-held")

        let error = try await failure {
            try await database.apply([create("k")], deadline: .after(.milliseconds(20)))
        }

        #expect(error.status == .deadline && !error.isInDoubt)
        _ = try await database.get("release")
        try await first.value
        #expect(try await database.count("apply-items") == 1)
        await database.close()
    }

    @Test func aPassedDeadlineMakesNoCall() async throws {
        let database = try await Fixture().open()
        let past = Deadline(nanoseconds: 1)

        #expect(
            try await failure { try await database.get("k", deadline: past) }.status == .deadline)
        let write = try await failure { try await database.apply([create("k")], deadline: past) }
        #expect(write.status == .deadline)
        #expect(try await database.count("gets") + database.count("applies") == 0)
        await database.close()
    }

    @Test func theDriverHearsWhenEverybodyGaveUp() async throws {
        let database = try await Fixture().open()
        let write = Task { try await database.apply([create("hold")], deadline: .none) }
        _ = try await database.get("await-held")

        write.cancel()

        #expect(try await failure { try await write.value }.status == .cancelled)
        #expect(try await database.count("cancels") == 1)
        // The held call ends because `is_cancelled` says so: nobody releases it.
        await database.close()
    }

    @Test func aSharedCallGoesOnWithoutThoseWhoGaveUp() async throws {
        let database = try await Fixture().open()
        let first = Task { try await database.apply([create("hold")], deadline: .none) }
        _ = try await database.get("await-held")
        let stays = Task { try await database.apply([create("hold-again")], deadline: .none) }
        let leaves = Task { try await database.apply([create("k")], deadline: .none) }
        await eventually { database.waiting == 2 }
        _ = try await database.get("release")
        try await first.value
        _ = try await database.get("await-held")

        leaves.cancel()

        let error = try await failure { try await leaves.value }
        #expect(error.status == .cancelled && error.isInDoubt, "the call may commit it")
        #expect(try await database.count("cancels") == 0)
        _ = try await database.get("release")
        try await stays.value
        #expect(try await database.count("applies") == 2)
        await database.close()
    }

    @Test func aCallInFlightOutlivesItsDeadlineByAGrace() async throws {
        let database = try await Fixture().open()

        let error = try await failure {
            try await database.apply([create("hold")], deadline: .after(.milliseconds(300)))
        }

        #expect(error.status == .deadline, "\(error)")
        #expect(error.isInDoubt)
        await database.close()
    }

    @Test func waitingForChangesOccupiesNoCall() async throws {
        let database = try await Fixture().open(concurrency: 1)
        let listener = Task { try await database.changes(since: Array("hold".utf8)) }

        _ = try await database.get("await-held")
        #expect(try await database.get("slow").status == .ok)
        _ = try await database.get("release")

        #expect(try await listener.value.uids == ["gone"])
        await database.close()
    }

    @Test func closingAnswersThoseWhoWaitAndLetsCallsEnd() async throws {
        let database = try await Fixture().open()
        let first = Task { try await database.apply([create("hold")], deadline: .none) }
        _ = try await database.get("await-held")
        let second = Task { try await database.apply([create("k")], deadline: .none) }
        await eventually { database.waiting == 1 }
        let closing = Task { await database.close() }

        #expect(try await failure { try await second.value }.status == .unavailable)
        first.cancel()
        await closing.value
    }

    @Test func callsCarryTheTraceID() async throws {
        let database = try await Fixture().open()

        for uid in ["k", "slow"] {
            _ = try await TraceID.$current.withValue("4711") { try await database.get(uid) }
            #expect(try await database.count("trace") == 4711)
        }
        await database.close()
    }

    @Test func lendsTheServicesOfTheHost() async throws {
        let lines = Mutex<[String]>([])
        let host = HostServices.tests { level, plugin, trace, message in
            lines.withLock { $0.append("\(level) \(plugin) \(trace ?? "-") \(message)") }
        }
        let database = try await Fixture().open(host: host)

        #expect(try await database.get("services").rights == 1)
        _ = try await TraceID.$current.withValue("4711") { try await database.get("log") }
        for _ in 0..<20 { _ = try await database.get("log") }

        let expected = "Fixture 4711 line one\\nline \\u{1b}[31mtwo"
        #expect(lines.withLock { $0.first } == "warning " + expected)
        #expect(lines.withLock { $0.count } == RepeatLimit.burst)
        await database.close()
    }

    /// Many callers, inline and not, with cancellations: everybody is answered, and the driver is
    /// never called more often at once than it was promised.
    @Test func everybodyIsAnsweredUnderLoad() async throws {
        let database = try await Fixture("WRITERS=0").open(concurrency: 3)

        let answered = await withTaskGroup(of: Int.self) { group in
            for number in 0..<400 {
                group.addTask {
                    let deadline = number.isMultiple(of: 7) ? Deadline.after(.zero) : .none
                    let uid = number.isMultiple(of: 2) ? "k" : "slow"
                    _ = try? await database.get(uid, deadline: deadline)
                    _ = try? await database.apply([create("k\(number)")], deadline: deadline)
                    return 1
                }
                if number.isMultiple(of: 50) { group.cancelAll() }
            }
            return await group.reduce(0, +)
        }

        #expect(answered == 400)
        #expect(try await database.count("most-applies") <= 3)
        #expect(database.waiting == 0)
        await database.close()
    }
}
