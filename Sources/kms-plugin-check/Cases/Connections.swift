import Glibc

/// Connections to the backend that break, go silent or are slow, by a proxy in between.
extension Catalogue {
    static let connections: [Case] = [
        Case(
            "connections.apply.cut",
            "a connection cut anywhere in an apply leaves whole batches, and what is said of "
                + "each is true",
            needs: [.proxy], patience: 6
        ) { test in
            let work = try BrokenWork(test)
            try work.strikeEverywhere(endings: [.close, .reset]) {
                try work.apply(mayEndWith: [.unavailable])
            }
            try work.checkAll()
        },
        Case(
            "connections.apply.silent",
            "a connection that goes silent in an apply ends it at its deadline, and what is said "
                + "of each batch is true",
            needs: [.proxy], patience: 6
        ) { test in
            let work = try BrokenWork(test)
            try work.strikeEverywhere(endings: [.silence]) {
                try work.apply(mayEndWith: [.unavailable, .deadline], within: 400)
            }
            try work.checkAll()
        },
        Case(
            "connections.read.cut",
            "a connection cut anywhere in get, query or grants: right, or KMS_UNAVAILABLE",
            needs: [.proxy], patience: 6
        ) { test in
            let work = try BrokenWork(test)
            try work.strikeEverywhere(endings: [.close, .reset]) {
                for function in BrokenWork.reading {
                    try work.read(function, mayEndWith: [.unavailable])
                }
            }
        },
        Case(
            "connections.silent",
            "with connections that are silent every call ends at its deadline, and soon after "
                + "they are back the handle serves",
            needs: [.proxy], patience: 6
        ) { test in
            let work = try BrokenWork(test)
            work.proxy.mode = .silent
            for function in BrokenWork.reading {
                try work.read(function, mayEndWith: [.unavailable, .deadline], within: 400)
            }
            try work.apply(mayEndWith: [.unavailable, .deadline], within: 400)
            work.proxy.mode = .forward
            try work.heal()
            try work.checkAll()
        },
        Case(
            "connections.silent.cancel", "cancel ends a call whose connection is silent",
            needs: [.proxy, .function(.cancel)], patience: 3
        ) { test in
            let work = try BrokenWork(test)
            work.proxy.mode = .silent
            for function in BrokenWork.reading {
                let cancellation = Cancellation()
                let database = work.database
                let canceller = Background {
                    usleep(100_000)
                    cancellation.set()
                    database.cancel(cancellation.id)
                }
                try work.read(
                    function, mayEndWith: [.unavailable, .cancelled], within: 8000,
                    endsBefore: 4000
                ) { $0.cancellation = cancellation }
                try canceller.join()
            }
        },
        Case(
            "connections.slow", "a slow network changes nothing but the time that calls take",
            needs: [.proxy], patience: 6
        ) { test in
            let work = try BrokenWork(test)
            work.proxy.mode = .slow(milliseconds: 5)
            for function in BrokenWork.reading { try work.read(function, mayEndWith: []) }
            let start = test.host.now
            try work.apply(mayEndWith: [])
            let usual = (test.host.now - start) / 1_000_000
            for _ in 0..<test.rounds(5) {
                try work.apply(
                    mayEndWith: [.unavailable, .deadline],
                    within: UInt64.random(in: 1...max(usual, 1)))
                try work.heal()
            }
            try work.checkAll()
        },
        Case(
            "connections.down",
            "while the backend is away every call is KMS_UNAVAILABLE, and soon after it is back "
                + "the handle serves",
            needs: [.proxy], patience: 4
        ) { test in
            let work = try BrokenWork(test)
            work.proxy.mode = .down
            for function in BrokenWork.reading + [.health, .context] {
                try test.expectFailure(.unavailable, of: "\(function)") {
                    try work.call(function, of: work.within(5000))
                }
            }
            try work.apply(mustEndWith: .unavailable)
            try test.expectFailure(.unavailable, of: "open and a first use") {
                let database = try work.open()
                _ = try database.with { $0.deadline = work.soon(5000) }.get("steady")
            }
            work.proxy.mode = .forward
            try work.heal()
            try work.apply(mayEndWith: [])
            try work.checkAll()
        },
        Case(
            "connections.changes",
            "a change that was made while changes had no connection is told afterwards, or LOST",
            needs: [.proxy, .function(.changes)], patience: 6
        ) { test in
            let work = try BrokenWork(test)
            for round in 0..<test.rounds(3) {
                try work.listen(to: "missed\(round)", whileDown: round % 2 == 0)
            }
        },
    ]
}
