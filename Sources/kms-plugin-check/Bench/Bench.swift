import PluginLoader
import Synchronization

/// Measures a driver, in the process that runs it: items per second of `get`, `apply` and `query`.
struct Bench {
    static let sizes = [1, 16, 256]
    static let threads = [1, 8]
    static let functions: [Function] = [.get, .apply, .query]

    private let test: Test
    private let database: Database
    private let cellNanoseconds: UInt64

    private static let objects = 4096
    private static let keySize = 1024
    private static let batchSize = 64

    /// - Parameter seconds: In all, without what is written beforehand.
    init(_ test: Test, seconds: Double) throws {
        self.test = test
        database = try test.database()
        let cells = Self.sizes.count * Self.threads.count * Self.functions.count
        cellNanoseconds = UInt64(max(0.01, seconds / Double(cells)) * 1e9)
    }

    func run() throws -> [BenchFigure] {
        try fill()
        var figures: [BenchFigure] = []
        for function in Self.functions {
            for size in Self.sizes {
                for threads in Self.threads {
                    figures.append(
                        BenchFigure(
                            function: function, size: size, threads: threads,
                            itemsPerSecond: try measure(function, size, threads)))
                }
            }
        }
        return figures
    }

    /// An object as servers keep them: a key, its attributes, a few facts to search for.
    private static func object(_ uid: String, _ number: Int) -> Object {
        Object(
            uid, object: [UInt8](repeating: UInt8(number & 0xFF), count: keySize),
            attributes: [UInt8](repeating: 1, count: 256),
            tags: sizes.dropFirst().map { "of-\($0)-\(number / $0)" },
            terms: [
                Term("Name", Value.text(uid).ranked(.rare)),
                Term("Algorithm", Value.integer(3).ranked(.common)),
                Term("Length", Value.integer(256).ranked(.common)),
            ])
    }

    private func fill() throws {
        for start in stride(from: 0, to: Self.objects, by: Self.batchSize) {
            try database.write(
                (start..<start + Self.batchSize).map { .create(Self.object("b\($0)", $0)) })
        }
    }

    /// All threads call until the time is up; a call that has begun is waited for and counted.
    private func measure(_ function: Function, _ size: Int, _ threads: Int) throws -> Double {
        let items = Counter()
        let start = monotonicNanoseconds()
        let end = start + cellNanoseconds
        try onThreads(threads) { thread in
            var call = 0
            repeat {
                try perform(function, size, "\(size)-\(threads)-\(thread)-\(call)")
                items.add(size)
                call += 1
            } while monotonicNanoseconds() < end
        }
        return Double(items.value) / (Double(monotonicNanoseconds() - start) / 1e9)
    }

    /// One call with as many items.
    ///
    /// - Parameter name: That no other call has.
    private func perform(_ function: Function, _ size: Int, _ name: String) throws {
        switch function {
        case .get:
            let gets = (0..<size).map { _ in Get("b\(Int.random(in: 0..<Self.objects))") }
            test.check(
                try database.get(gets).items.allSatisfy { $0.status == .ok }, "an object is missing"
            )
        case .apply:
            // Each a request of its own, as a host gathers them.
            let writes = (0..<size).map { index in
                Write.create(Self.object("w\(name)-\(index)", index)).inBatch(UInt32(index))
            }
            test.check(
                try database.apply(writes).allSatisfy { $0.status == .ok }, "a write failed")
        default:
            let number = Int.random(in: 0..<Self.objects / size)
            let filter =
                size == 1
                ? Filter.equal("Name", Value.text("b\(number)").ranked(.rare))
                : .tag("of-\(size)-\(number)")
            let page = try database.query(Query(filter, limit: UInt32(size)))
            test.check(page.items.count == size, "a query found \(page.items.count) of \(size)")
        }
    }
}

/// One figure of a bench.
struct BenchFigure: Codable {
    var function: Function
    /// Items in a call.
    var size: Int
    var threads: Int
    var itemsPerSecond: Double
}
