import Glibc
import Secrets
import Testing

@Suite struct SecretBytesTests {
    @Test(arguments: [0, 1, 31, 32, 33, 16_384, 16_385, 100_000])
    func holdsWhatWasWritten(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + 1) }

        let secret = SecretBytes(copying: bytes)

        #expect(secret.count == count)
        #expect(secret.withExposedBytes { span in span.withUnsafeBytes { Array($0) } } == bytes)
    }

    @Test func startsZeroed() {
        let secret = SecretBytes(count: 100) { $0[7] = 1 }
        var expected = [UInt8](repeating: 0, count: 100)
        expected[7] = 1
        #expect(secret.isEqual(to: expected))
    }

    @Test(
        arguments: [
            ([], [], true),
            ([1], [1], true),
            ([1, 2, 3], [1, 2, 3], true),
            ([1, 2, 3], [1, 2, 2], false),
            ([1, 2, 3], [0, 2, 3], false),
            ([1, 2, 3], [1, 2], false),
            ([1, 2], [1, 2, 0], false),
            ([], [0], false),
        ] as [([UInt8], [UInt8], Bool)])
    func isEqualWhereLengthAndAllBytesAre(a: [UInt8], b: [UInt8], equal: Bool) {
        let (first, second) = (SecretBytes(copying: a), SecretBytes(copying: b))
        #expect(first.isEqual(to: second) == equal)
        #expect(second.isEqual(to: first) == equal)
        #expect(first.isEqual(to: b) == equal)
        #expect(first.isEqual(to: b.span.bytes) == equal)
    }

    @Test func showsNothingOfItselfWhenPrinted() {
        struct Holder {
            let name = "holder"
            let secret: SecretBytes?
        }
        let text = "correct horse battery"
        let secret = SecretBytes(copying: Array(text.utf8))
        var printed =
            "\(secret) \([secret]) \(Mirror(reflecting: secret).children)"
        printed += String(describing: Holder(secret: secret)) + secret.debugDescription
        dump(Holder(secret: secret), to: &printed)
        dump(secret, to: &printed)

        let decimal = text.utf8.map { String($0) }.joined(separator: ", ")
        let hex = text.utf8.map { String($0, radix: 16) }.joined()
        for form in [text, decimal, hex, hex.uppercased()] { #expect(!printed.contains(form)) }
        #expect(!printed.contains("0x"), "an address tells where to look")
        #expect(printed.contains("SecretBytes(21)"))
    }

    @Test func overwritesBuffers() {
        var bytes: [UInt8] = [1, 2, 3]
        zeroize(&bytes)
        #expect(bytes == [0, 0, 0])
        var others: [UInt8] = [4, 5]
        others.zeroize()
        #expect(others == [0, 0])
        var none: [UInt8] = []
        none.zeroize()
        #expect(none.isEmpty)
    }

    /// In processes of their own: nobody else takes the memory that is looked at.
    @Suite struct InMemory {
        @Test func isZeroedWhenTheLastReferenceGoes() async {
            await #expect(processExitsWith: .success) {
                var secret: SecretBytes? = SecretBytes(count: 48) {
                    $0.initializeMemory(as: UInt8.self, repeating: 0xA5)
                }
                var other = secret
                let address = try #require(
                    secret?.withExposedBytes { $0.withUnsafeBytes { $0.baseAddress } })
                let memory = UnsafeRawBufferPointer(start: address, count: 48)

                secret = nil
                #expect(memory.allSatisfy { $0 == 0xA5 })
                #expect(other?.count == 48)
                other = nil
                // The chunk stays mapped, so its slot can still be read.
                #expect(memory.allSatisfy { $0 == 0 })
            }
        }

        @Test func isGivenBackWhenItCannotBeFilled() async {
            await #expect(processExitsWith: .success) {
                struct Refused: Error {}
                let before = SecureMemory.statistics.allocations
                #expect(throws: Refused.self) {
                    try SecretBytes(count: 48) { _ throws(Refused) in throw Refused() }
                }
                #expect(SecureMemory.statistics.allocations == before)
            }
        }

        @Test func isAbsentInAForkedChild() async {
            await #expect(processExitsWith: .success) {
                let symbol = try #require(dlsym(dlopen(nil, RTLD_NOW), "fork"))
                let fork = unsafeBitCast(symbol, to: (@convention(c) () -> pid_t).self)
                let secret = SecretBytes(copying: [1, 2, 3])

                let child = fork()
                if child == 0 { _exit(secret.isEqual(to: [1, 2, 3]) ? 1 : 0) }
                var status: Int32 = 0
                try #require(waitpid(child, &status, 0) == child)

                #expect(status & 0x7F == SIGSEGV)
            }
        }

        @Test func isNotHandedOutUnlockedWhereThatIsForbidden() async {
            await #expect(processExitsWith: .success) {
                try limitLockedMemory(to: 64 * 1024)
                let notices = Counter()
                SecureMemory.onExhausted = { notices.increment() }
                let first = SecretBytes(copying: [1, 2, 3])

                var held: [SecretBytes] = []
                while !SecureMemory.statistics.isExhausted {
                    held.append(SecretBytes(count: 1000) { _ in })
                    try #require(held.count < 1000)
                }
                #expect(SecureMemory.statistics.unlockedBytes > 0)
                #expect(SecureMemory.statistics.lockedBytes <= 64 * 1024)
                #expect(notices.value == 1)

                SecureMemory.requireLocked()
                #expect(SecureMemory.allocate(20_000) == nil)
                #expect(SecretBytes(reserving: 10_000) { _ in } == nil)
                #expect(first.isEqual(to: [1, 2, 3]))
                #expect(notices.value == 1)
            }
        }
    }
}

/// Lets this process lock so many bytes, also where it runs as root.
func limitLockedMemory(to bytes: rlim_t) throws {
    var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
    try #require(setrlimit(Int32(__RLIMIT_MEMLOCK.rawValue), &limit) == 0)
    if geteuid() == 0 { try #require(setuid(65_534) == 0) }
}
