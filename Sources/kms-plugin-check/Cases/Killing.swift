import Glibc
import PluginLoader

extension Catalogue {
    static let killing: [Case] = [
        Case(
            "faults.kill",
            "a process that is killed while it writes leaves whole batches, and all that "
                + "it acknowledged",
            needs: [.durable], patience: 3
        ) { test in
            let witness = try test.database()
            // Where one process at a time is served, nobody else has it open meanwhile.
            if test.driver.info.isSingleProcess { witness.close() }
            for round in 1...test.rounds(4) {
                let chains = (0..<(round % 2 == 0 ? 4 : 1)).map { Chain(name: "k\(round)-\($0)") }
                let acknowledged = try killWhileWriting(chains, test)
                let database = try test.open()
                for chain in chains {
                    let last = try chain.last(in: database)
                    let told = acknowledged[chain.name] ?? 0
                    // One more may have been committed whose acknowledgement nobody heard.
                    test.check(
                        (told...told + 1).contains(last),
                        "batch \(told) was acknowledged, and \(last) is the last one there")
                    try chain.check(database, after: last, test)
                }
                try database.write(.create(Object("afterwards-\(round)")))
                database.close()
            }
        }
    ]

    /// Lets another process write and kills it at some point; gives the numbers of the last batches
    /// that it acknowledged.
    private static func killWhileWriting(
        _ chains: [Chain], _ test: Test
    ) throws -> [String: UInt64] {
        let peer = try Peer.onDatabase(of: test)
        try peer.migrate()  // as a host does when it starts
        peer.begin(.write(chains))
        var last: [String: UInt64] = [:]
        for _ in 0..<Int.random(in: 1...40) {
            let acknowledged = try peer.acknowledgement()
            last[acknowledged.chain] = acknowledged.number
        }
        // Anywhere in the next batch or two: where exactly is left to chance.
        usleep(UInt32.random(in: 0...3000))
        for acknowledged in peer.kill() { last[acknowledged.chain] = acknowledged.number }
        return last
    }
}
