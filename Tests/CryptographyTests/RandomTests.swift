import Cryptography
import Glibc
import Secrets
import Testing

@Suite struct RandomTests {
    @Test(arguments: [0, 1, 12, 63, 64, 65, 4096, 100_000])
    func makesAsManyBytesAsAsked(count: Int) throws {
        #expect(try Random.bytes(count).count == count)
        #expect(try Random.secret(count: count).count == count)
    }

    @Test func refusesNegativeCounts() {
        #expect(throws: CryptographyError.invalidDataSize(-1)) { try Random.bytes(-1) }
        #expect(throws: CryptographyError.invalidKeySize(-1)) { try Random.secret(count: -1) }
    }

    @Test func neverRepeatsASmallDraw() async throws {
        let draws = try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<8 {
                group.addTask { try (0..<10_000).map { _ in try Random.bytes(12) } }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(draws).count == 80_000)
    }

    /// Were the bytes ever stuck or zeroed too early, some of the 256 values would be too rare or
    /// too common.
    @Test func smallDrawsAreSpreadEvenly() throws {
        var counts = [Int](repeating: 0, count: 256)
        for _ in 0..<20_000 {
            for byte in try Random.bytes(16) { counts[Int(byte)] += 1 }
        }
        // 1250 expected each, with a standard deviation of 35: eight of them never happen by
        // chance.
        #expect(counts.allSatisfy { (970...1530).contains($0) })
    }

    @Test func makesUUIDsOfVersionFourInLowerCase() throws {
        var seen: Set<String> = []
        for _ in 0..<1000 {
            let uuid = try Random.uuid()
            #expect(
                uuid.wholeMatch(
                    of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
                    != nil)
            seen.insert(uuid)
        }
        #expect(seen.count == 1000)
    }

    @Test func makesRevisionsThatDiffer() throws {
        let revisions = try Set((0..<1000).map { _ in try Random.revision() })
        #expect(revisions.count == 1000 && !revisions.contains(0))
    }

    /// In a process of its own: a child that shares the parent's reserve would repeat its nonces.
    @Test func handsOutOtherBytesInAForkedChild() async {
        await #expect(processExitsWith: .success) {
            let symbol = try #require(dlsym(dlopen(nil, RTLD_NOW), "fork"))
            let fork = unsafeBitCast(symbol, to: (@convention(c) () -> pid_t).self)
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            _ = try Random.bytes(12)

            let child = fork()
            var own = try Random.bytes(32)
            if child == 0 { _exit(write(ends[1], &own, 32) == 32 ? 0 : 1) }
            var status: Int32 = 0
            try #require(waitpid(child, &status, 0) == child && status == 0)
            var childs = [UInt8](repeating: 0, count: 32)
            try #require(read(ends[0], &childs, 32) == 32)

            #expect(own != childs)
            #expect(childs.contains { $0 != 0 })
        }
    }
}
