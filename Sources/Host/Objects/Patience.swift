import PluginLoader

/// Waits between the attempts at a call that failed for a reason that passes, while its deadline
/// allows. The pauses grow, and chance is part of them: servers that lost one database together do
/// not come back to it together.
struct Patience {
    private let deadline: Deadline
    private var attempts = 0

    private static let firstPause = Duration.milliseconds(10)
    private static let longestPause = Duration.seconds(1)

    init(until deadline: Deadline) { self.deadline = deadline }

    /// Pauses before another attempt.
    ///
    /// - Parameter atLeast: What the driver asked for.
    /// - Returns: False when no attempt could follow in time; then nothing was waited for.
    mutating func pause(atLeast: Duration? = nil) async -> Bool {
        let ceiling = min(Self.firstPause * (1 << min(attempts, 10)), Self.longestPause)
        attempts += 1
        let pause = max(ceiling * Double.random(in: 0.5...1), atLeast ?? .zero)
        if let left = deadline.remaining, left <= pause { return false }
        do { try await Task.sleep(for: pause) } catch { return false }
        return true
    }
}

extension DriverError {
    /// Whether it is worth keeping the request for another attempt. An upgrade takes as long as it
    /// takes: who calls meanwhile is told so at once.
    var mayPassSoon: Bool { isRetryable && status != .upgrading }
}
