/// SHA-256 (FIPS 180-4), for keys that are too long for an index. Nothing here is secret.
package enum Digest {
    /// Bytes in a digest.
    package static let size = 32

    /// Fractional parts of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = primes(64).map { fraction(of: cubeRoot, $0) }
    /// Fractional parts of the square roots of the first 8 primes.
    private static let start: [UInt32] = primes(8).map { fraction(of: squareRoot, $0) }

    /// 32 bytes.
    package static func sha256(_ message: some Collection<UInt8>) -> [UInt8] {
        var state = start
        var padded = Array(message)
        let bits = UInt64(padded.count) * 8
        padded.append(0x80)
        while padded.count % 64 != 56 { padded.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        for block in stride(from: 0, to: padded.count, by: 64) {
            compress(padded[block..<block + 64], into: &state)
        }
        return state.flatMap { word in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        }
    }

    private static func compress(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
        var w: [UInt32] = []
        w.reserveCapacity(64)
        for start in stride(from: block.startIndex, to: block.endIndex, by: 4) {
            w.append(block[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) })
        }
        for t in 16..<64 {
            let s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3
            let s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10
            w.append(w[t - 16] &+ s0 &+ w[t - 7] &+ s1)
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for t in 0..<64 {
            let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
            let t1 = h &+ s1 &+ (e & f ^ ~e & g) &+ constants[t] &+ w[t]
            let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
            let t2 = s0 &+ (a & b ^ a & c ^ b & c)
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
        }
        for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word >> count | word << (32 - count)
    }

    private static func primes(_ count: Int) -> [UInt64] {
        var found: [UInt64] = []
        for candidate in 2... where found.count < count {
            if found.allSatisfy({ UInt64(candidate) % $0 != 0 }) { found.append(UInt64(candidate)) }
            if found.count == count { break }
        }
        return found
    }

    /// The first 32 bits behind the point of a root: of the root of `number` times 2 to the 32, in
    /// integers, so that no rounding matters.
    private static func fraction(of root: (UInt64) -> UInt64, _ number: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: root(number))
    }

    private static func squareRoot(_ number: UInt64) -> UInt64 {
        largest { x in
            let square = x.multipliedFullWidth(by: x)
            return (square.high, square.low) <= (number, 0)  // number times 2 to the 64
        }
    }

    private static func cubeRoot(_ number: UInt64) -> UInt64 {
        largest { x in
            let square = x.multipliedFullWidth(by: x)  // below 2 to the 76: `high` is small
            let low = square.low.multipliedFullWidth(by: x)
            let (middle, carry) = low.high.addingReportingOverflow(square.high &* x)
            return !carry && middle < number << 32  // number times 2 to the 96
        }
    }

    /// The largest number below 2 to the 38 for which `holds`, which does so up to some number.
    private static func largest(_ holds: (UInt64) -> Bool) -> UInt64 {
        var result: UInt64 = 0
        for bit in stride(from: 37, through: 0, by: -1) {
            let candidate = result | 1 << UInt64(bit)
            if holds(candidate) { result = candidate }
        }
        return result
    }
}
