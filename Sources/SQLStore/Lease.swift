import Glibc
import PluginKit
import Synchronization

/// A server's mark in the database: a row of `leases` that runs out unless it is renewed.
///
/// All times are the engine's, so servers whose clocks disagree agree about leases. The driver renews
/// its lease in `health`, which the host calls every few seconds; releases it in `close`; and asks for
/// those of others in `clear`. A server that was killed is forgotten ``duration_ms`` later.
///
/// Engines with a better way to know who is there, such as a lock that ends with its process, need none.
package final class Lease: Sendable {
    /// How long a lease lasts: several renewals may fail before a server counts as gone.
    package static let duration_ms: Int64 = 30_000
    private static let renewal_ns: UInt64 = 10_000_000_000

    /// Host, process, and a random number: `kms-1/4711/9f86d081884c7d65`.
    package let holder: [UInt8]
    private let renewedAt_ns = Atomic<UInt64>(0)
    private let host: Host

    package init(host: Host) throws(DriverFailure) {
        self.host = host
        var name = [CChar](repeating: 0, count: 65)
        // What is longer than a host name may be is cut; the last byte stays 0.
        _ = gethostname(&name, name.count - 1)
        let node = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let digits = Array("0123456789abcdef".utf8)
        let random = try host.random(8).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        holder = node + Array("/\(getpid())/".utf8) + random
    }

    /// Whether it is time to renew it.
    package var isDue: Bool {
        let renewed = renewedAt_ns.load(ordering: .relaxed)
        return renewed == 0 || host.monotonic_ns - renewed >= Self.renewal_ns
    }

    /// Takes the lease or renews it. Does nothing while the schema is not ready, which is no failure.
    package func renew<Connection>(in session: StoreSession<Connection>) throws(DriverFailure) {
        if try session.renew(self) {
            renewedAt_ns.store(host.monotonic_ns, ordering: .relaxed)
        }
    }

    /// Gives the lease back. One that cannot be given back runs out.
    package func release<Connection>(in session: StoreSession<Connection>) {
        guard renewedAt_ns.exchange(0, ordering: .relaxed) != 0 else { return }
        do throws(DriverFailure) {
            try session.release(self)
        } catch {
            host.log(
                .info,
                "the lease \(String(decoding: holder, as: UTF8.self)) stays until it "
                    + "runs out: \(error)")
        }
    }
}

extension StoreSession {
    /// False: the schema is not ready for leases.
    fileprivate func renew(_ lease: Lease) throws(DriverFailure) -> Bool {
        try connection.begin(.write)
        do throws(DriverFailure) {
            try requireReady(.write)
            try write(lease)
        } catch {
            connection.rollback()
            if error.status == .upgrading { return false }
            throw error
        }
        try connection.commit()
        return true
    }

    private func write(_ lease: Lease) throws(DriverFailure) {
        let renew = try statement(.renewLease)
        renew.bind(1, Lease.duration_ms)
        renew.bind(2, copyingText: lease.holder)
        try renew.run()
        guard renew.affectedRows == 0 else { return }
        // It is new, or was away for too long. Either way it is time to sweep.
        try statement(.dropExpiredLeases).run()
        let insert = try statement(.insertLease)
        insert.bind(1, copyingText: lease.holder)
        insert.bind(2, Lease.duration_ms)
        try insert.run()
    }

    fileprivate func release(_ lease: Lease) throws(DriverFailure) {
        try connection.begin(.write)
        do throws(DriverFailure) {
            let delete = try statement(.deleteLease)
            delete.bind(1, copyingText: lease.holder)
            try delete.run()
        } catch {
            connection.rollback()
            throw error
        }
        try connection.commit()
    }
}
