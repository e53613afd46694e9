import CArgon2
import CPlatform
import PluginKit

/// Argon2id, version 1.3. Source: RFC 9106.
package enum PasswordHash {
    /// What a guess costs.
    package struct Cost: Equatable, Sendable {
        package var memory_KiB: UInt32
        package var passes: UInt32
        /// Threads at once; part of the result.
        package var lanes: UInt32

        package init(memory_KiB: UInt32, passes: UInt32, lanes: UInt32) {
            self.memory_KiB = memory_KiB
            self.passes = passes
            self.lanes = lanes
        }

        /// Less is too cheap to guess, more is somebody's attempt to exhaust this machine.
        package var isSensible: Bool {
            (19_456...1_048_576).contains(memory_KiB) && (2...64).contains(passes)
                && (1...64).contains(lanes)
        }
    }

    /// Derives 32 bytes from a password and hands them to `body`; they are zeroed afterwards.
    package static func withKey<R>(
        from password: BorrowedBytes, salt: [UInt8], _ cost: Cost,
        _ body: ([UInt8]) throws(DriverFailure) -> R
    ) throws(DriverFailure) -> R {
        var key = [UInt8](repeating: 0, count: 32)
        defer { key.wipe() }
        let status = password.withUnsafeBytes { password in
            salt.withUnsafeBytes { salt in
                key.withUnsafeMutableBytes { key in
                    // All three are lent for the call, whose threads end with it.
                    argon2id_hash_raw(
                        cost.passes, cost.memory_KiB, cost.lanes, password.baseAddress,
                        password.count, salt.baseAddress, salt.count, key.baseAddress, key.count)
                }
            }
        }
        guard status == ARGON2_OK.rawValue else {
            if status == ARGON2_MEMORY_ALLOCATION_ERROR.rawValue { throw .outOfMemory }
            throw DriverFailure(
                .internal, "Redis: the password cannot be turned into a key (Argon2: \(status))",
                nativeCode: Int64(status))
        }
        return try body(key)
    }
}

extension Array where Element == UInt8 {
    /// Overwrites what was secret.
    mutating func wipe() {
        // Unshared here, or copied first: then the original is its owner's affair.
        withUnsafeMutableBytes { platform_zeroize($0.baseAddress, $0.count) }
    }
}
