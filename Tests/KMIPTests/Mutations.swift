/// Damages messages in ways that reach deep into a reader: most bytes stay as they were.
struct Mutations {
    var random: RandomValues
    let seeds: [[UInt8]]
    /// Pieces that mean something to the format.
    let tokens: [[UInt8]]

    mutating func next() -> [UInt8] {
        var bytes = seeds[random.below(seeds.count)]
        for _ in 0...random.below(6) { mutate(&bytes) }
        return bytes
    }

    private mutating func mutate(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else {
            bytes = tokens[random.below(tokens.count)]
            return
        }
        let place = random.below(bytes.count)
        switch random.below(8) {
        case 0: bytes[place] ^= 1 << UInt8(random.below(8))
        case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(16)))
        case 3: bytes.insert(contentsOf: tokens[random.below(tokens.count)], at: place)
        case 4:
            let token = tokens[random.below(tokens.count)]
            bytes.replaceSubrange(place..<min(bytes.count, place + token.count), with: token)
        case 5: bytes.insert(contentsOf: slice(of: bytes), at: place)
        case 6: bytes.insert(contentsOf: slice(of: seeds[random.below(seeds.count)]), at: place)
        default: bytes.removeSubrange(place...)
        }
    }

    private mutating func slice(of bytes: [UInt8]) -> ArraySlice<UInt8> {
        let start = random.below(bytes.count)
        return bytes[start..<min(bytes.count, start + 1 + random.below(120))]
    }
}
