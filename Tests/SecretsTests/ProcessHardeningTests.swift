import Glibc
import Secrets
import Testing

/// In processes of their own, since what is done to a process cannot be undone.
@Suite struct ProcessHardeningTests {
    @Test func leavesNoWayToACoreDump() async {
        await #expect(processExitsWith: .success) {
            try ProcessHardening.disableCoreDumps()

            var limit = rlimit(rlim_cur: 1, rlim_max: 1)
            try #require(getrlimit(Int32(RLIMIT_CORE.rawValue), &limit) == 0)
            #expect(limit.rlim_cur == 0 && limit.rlim_max == 0)
            // Variadic functions are not imported; this one takes five words.
            let symbol = try #require(dlsym(dlopen(nil, RTLD_NOW), "prctl"))
            let prctl = unsafeBitCast(
                symbol, to: (@convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32).self)
            #expect(prctl(3, 0, 0, 0, 0) == 0, "3 is PR_GET_DUMPABLE")
        }
    }

    @Test func overwritesAnArgumentWhereOthersReadIt() async {
        await #expect(processExitsWith: .success) {
            let program = try #require(try arguments().first)
            try #require(program.count > 5)

            #expect(ProcessHardening.overwriteArgument(at: 0, skip: 4) == program.count - 4)

            let expected =
                program.prefix(4) + [UInt8](repeating: UInt8(ascii: "*"), count: program.count - 4)
            #expect(try arguments().first == Array(expected))
        }
    }

    @Test func overwritesNothingThatIsNotThere() async {
        await #expect(processExitsWith: .success) {
            let before = try arguments()
            for (index, skip) in [(-1, 0), (0, -1), (0, 1 << 20), (1 << 20, 0), (before.count, 0)] {
                #expect(ProcessHardening.overwriteArgument(at: index, skip: skip) == 0)
            }
            #expect(ProcessHardening.overwriteArgument(at: 0, skip: before[0].count) == 0)
            #expect(try arguments() == before)
        }
    }
}

/// The arguments as `ps` sees them.
private func arguments() throws -> [[UInt8]] {
    let file = open("/proc/self/cmdline", O_RDONLY)
    try #require(file >= 0)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(file, &bytes, bytes.count)
    try #require(count > 0)
    return bytes[..<(count - 1)].split(separator: 0, omittingEmptySubsequences: false).map(
        Array.init)
}
