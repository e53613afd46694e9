import Dispatch

/// A rest between two attempts, not the same for all who rest.
enum Pause {
    static func short() {
        let rest = DispatchSemaphore(value: 0)
        _ = rest.wait(timeout: .now() + .microseconds(Int.random(in: 500...5000)))
    }
}
