import Secrets
import Synchronization
import Testing

@Suite struct SecureArenaTests {
    @Test(arguments: [0, 1, 32, 33, 64, 100, 1024, 4097, 16_384, 16_385, 70_000])
    func handsOutZeroedAlignedMemory(count: Int) throws {
        let arena = SecureArena()
        for _ in 0..<3 {
            let memory = try #require(arena.allocate(count))
            let bytes = UnsafeMutableRawBufferPointer(start: memory, count: count)

            #expect(UInt(bitPattern: memory).isMultiple(of: 16))
            #expect(bytes.allSatisfy { $0 == 0 })

            bytes.initializeMemory(as: UInt8.self, repeating: 0xA5)
            arena.free(memory, count: count)
        }
        #expect(arena.statistics.allocations == 0)
    }

    @Test(arguments: [1, 32, 48, 1000, 16_384])
    func zeroesMemoryWhenItIsFreed(count: Int) throws {
        let arena = SecureArena()
        let memory = try #require(arena.allocate(count))
        let bytes = UnsafeMutableRawBufferPointer(start: memory, count: count)
        bytes.initializeMemory(as: UInt8.self, repeating: 0xA5)

        arena.free(memory, count: count)

        // Chunks are never unmapped.
        #expect(bytes.allSatisfy { $0 == 0 })
    }

    @Test func keepsAllocationsApart() throws {
        let arena = SecureArena()
        let counts = (0..<2000).map { 1 + $0 * 37 % 700 }
        let all = try counts.enumerated().map { index, count in
            let start: UnsafeMutableRawPointer = try #require(arena.allocate(count))
            let memory = UnsafeMutableRawBufferPointer(start: start, count: count)
            memory.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: index))
            return memory
        }
        for (index, memory) in all.enumerated() {
            #expect(memory.allSatisfy { $0 == UInt8(truncatingIfNeeded: index) })
        }
    }

    @Test func usesChunksAgain() throws {
        let arena = SecureArena()
        let burst = { try (0..<1000).map { _ in try #require(arena.allocate(64)) } }
        for memory in try burst() { arena.free(memory, count: 64) }
        let held = arena.statistics

        for memory in try burst() { arena.free(memory, count: 64) }

        #expect(arena.statistics == held)
        #expect(held.lockedBytes + held.unlockedBytes == 65_536)
    }

    @Test func givesLargePagesBack() throws {
        let arena = SecureArena()
        let before = arena.statistics
        let memory = try #require(arena.allocate(100_000))
        #expect(arena.statistics.lockedBytes == 102_400)

        arena.free(memory, count: 100_000)

        #expect(arena.statistics == before)
    }

    @Test func saysOnceThatLockedMemoryIsUsedUp() throws {
        let arena = SecureArena(lockLimit: 32_768)
        let notices = Counter()
        arena.onExhausted = { notices.increment() }
        for _ in 0..<2 { _ = try #require(arena.allocate(20_000)) }
        #expect(arena.statistics.isExhausted && notices.value == 1)

        let small = try #require(arena.allocate(32))
        let large = try #require(arena.allocate(20_000))

        #expect(notices.value == 1)
        #expect(arena.statistics.lockedBytes == 20_480)
        #expect(arena.statistics.unlockedBytes == 20_480 * 2 + 16_384)
        arena.free(small, count: 32)
        arena.free(large, count: 20_000)
    }

    @Test func tellsTheLateListenerToo() throws {
        let arena = SecureArena(lockLimit: 0)
        _ = try #require(arena.allocate(32))
        let notices = Counter()

        arena.onExhausted = { notices.increment() }
        arena.onExhausted = { notices.increment() }

        #expect(notices.value == 1)
    }

    @Test func prefersLockedSlots() throws {
        let arena = SecureArena(lockLimit: 16_384)
        // One locked chunk holds 16 slots of this size, the next chunk is unlocked.
        let slots = try (0..<32).map { _ in try #require(arena.allocate(1024)) }
        #expect(arena.statistics.lockedBytes == 16_384 && arena.statistics.unlockedBytes == 16_384)
        arena.free(slots[3], count: 1024)
        arena.free(slots[20], count: 1024)

        #expect(arena.allocate(1024) == slots[3])
        #expect(arena.allocate(1024) == slots[20])
    }

    @Test func refusesUnlockedMemoryWhereThatIsForbidden() throws {
        let arena = SecureArena(lockLimit: 16_384)
        let slots = try (0..<32).map { _ in try #require(arena.allocate(1024)) }
        arena.free(slots[3], count: 1024)
        arena.free(slots[20], count: 1024)

        arena.requireLocked()

        #expect(arena.allocate(1024) == slots[3])
        #expect(arena.allocate(1024) == nil, "the slot that is left is not locked")
        #expect(arena.allocate(20_000) == nil)
        #expect(arena.statistics.unlockedBytes == 16_384)
    }

    @Test func servesManyThreads() async throws {
        let arena = SecureArena()
        await withTaskGroup { group in
            for worker in 0..<8 {
                group.addTask {
                    for round in 0..<3000 {
                        let count = 1 + round % 200
                        guard let memory = arena.allocate(count) else {
                            Issue.record("no memory")
                            return
                        }
                        let bytes = UnsafeMutableRawBufferPointer(start: memory, count: count)
                        #expect(bytes.allSatisfy { $0 == 0 })
                        bytes.initializeMemory(as: UInt8.self, repeating: UInt8(worker + 1))
                        #expect(bytes.allSatisfy { $0 == UInt8(worker + 1) })
                        arena.free(memory, count: count)
                    }
                }
            }
        }
        #expect(arena.statistics.allocations == 0)
    }
}

final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .sequentiallyConsistent) }
    func increment() { count.add(1, ordering: .sequentiallyConsistent) }
}
