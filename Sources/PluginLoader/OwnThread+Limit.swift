import Threads

extension OwnThread {
    /// Runs `body`, which may block for ever, and waits for it for a limited time.
    ///
    /// - Returns: nil when it did not end in time. It goes on then, and what it returns is lost.
    static func run<R: Sendable>(
        name: String, within limit: Duration, _ body: @escaping @Sendable () -> R
    ) -> R? {
        let answer = Monitor<R?>(nil)
        let end = Deadline.after(limit)
        let hasStarted = start(name: name) {
            let result = body()
            answer.withLock { $0 = result }
            answer.wakeAll(.work)
        }
        // Without a thread to spare there is nobody to wait for.
        guard hasStarted else { return body() }
        return answer.wait(for: .work) { answer in
            if let answer { return .found(answer) }
            if end.hasPassed { return .found(nil) }
            return end.isNone ? .wait : .waitUntil(nanoseconds: end.nanoseconds)
        }
    }
}
