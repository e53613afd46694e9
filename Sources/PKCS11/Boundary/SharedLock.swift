import Glibc

/// Many readers or one writer.
final class SharedLock: @unchecked Sendable {  // a POSIX lock is for all threads
    // On the heap, since it must not move; freed when nobody can hold it any more.
    private let lock: UnsafeMutablePointer<pthread_rwlock_t>

    init() {
        lock = .allocate(capacity: 1)
        pthread_rwlock_init(lock, nil)
    }

    deinit {
        pthread_rwlock_destroy(lock)
        lock.deallocate()
    }

    /// Not to be nested in itself.
    func shared<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        pthread_rwlock_rdlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        return try body()
    }

    func alone<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        pthread_rwlock_wrlock(lock)
        defer { pthread_rwlock_unlock(lock) }
        return try body()
    }

    /// Waits for the others no longer than this; nil when they did not end.
    func alone<R>(within seconds: Int, _ body: () -> R) -> R? {
        var moment = timespec()
        clock_gettime(CLOCK_REALTIME, &moment)
        moment.tv_sec += seconds
        guard pthread_rwlock_timedwrlock(lock, &moment) == 0 else { return nil }
        defer { pthread_rwlock_unlock(lock) }
        return body()
    }
}
