import Cryptography
import NIOCore
import NIOSSL
import Synchronization

/// One connection's TLS: who its client is, as long as that holds.
///
/// Thread-safe. The client is verified when the connection begins, and again at its next request after
/// the authorities were read anew; whom they no longer vouch for is not let in.
package final class TLSSession: Sendable {
    private struct State {
        /// The readings of the files under which the client was last accepted.
        var generation: UInt64
        /// As presented, the client's own first; empty when there is none.
        var chain: [NIOSSLCertificate] = []
        /// Nil until the handshake is over, and for a client without certificate.
        var client: Result<Principal, Denied>?
        /// When the client's certificate expires, in seconds since 1970-01-01 UTC.
        var expiresAt = Int64.max
    }

    private let endpoint: TLSEndpoint
    private let state: Mutex<State>

    init(_ endpoint: TLSEndpoint, generation: UInt64) {
        self.endpoint = endpoint
        state = Mutex(State(generation: generation))
    }

    /// Whom the connection's certificate speaks for; nil when it has none.
    ///
    /// - Parameter now: Seconds since 1970-01-01 UTC.
    func client(at now: Int64) throws(Denied) -> Principal? {
        let answer: Result<Principal, Denied>? = state.withLock { state in
            if state.client != nil, state.generation != endpoint.generation {
                state.generation = endpoint.generation
                do throws(CertificateError) {
                    try endpoint.verify(state.chain, at: now)
                } catch {
                    state.client = .failure(Denied("the client certificate is no longer trusted: \(error)"))
                }
            }
            guard state.expiresAt >= now else {
                return .failure(Denied("the client certificate has expired"))
            }
            return state.client
        }
        return try answer?.get()
    }

    /// Judges what the client presents during the handshake.
    func verify(_ chain: [NIOSSLCertificate], _ promise: EventLoopPromise<NIOSSLVerificationResult>) {
        do {
            try endpoint.verify(chain, at: WallClock.seconds())
            state.withLock { $0.chain = chain }
            promise.succeed(.certificateVerified)
        } catch {
            promise.fail(Denied("the client certificate is not trusted: \(error)"))
        }
    }

    /// Takes note of the client when the handshake is over.
    ///
    /// - Parameter certificate: The verified one; a resumed session brings it from the first handshake,
    ///   which had the same authorities.
    func begin(with certificate: NIOSSLCertificate?) {
        guard let certificate else { return }
        let client: Result<Principal, Denied>
        do throws(Denied) { client = .success(try principal(of: certificate)) } catch {
            client = .failure(error)
        }
        state.withLock { state in
            if state.chain.isEmpty { state.chain = [certificate] }
            state.client = client
            state.expiresAt = Int64(certificate.notValidAfter)
        }
    }

    private func principal(of certificate: NIOSSLCertificate) throws(Denied) -> Principal {
        let facts: CertificateFacts
        do { facts = try CertificateFacts(der: try certificate.toDERBytes()) } catch {
            throw Denied("the client certificate cannot be read: \(error)")
        }
        return try endpoint.identify(facts)
    }
}
