import RedisFindexDriver
import Testing

struct ChainLinkTests {
    @Test(arguments: [2, 15, 16, 17, 31, 32, 33, 47, 48, 64, 79, 80, 81, 255, 256, 300])
    func readsBackValuesOfEverySize(size: Int) throws {
        let values = (0..<7).map { index in
            [UInt8(ascii: "l")] + (1..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) }
        }

        var reader = ChainLink.Reader()
        for link in ChainLink.pack(values.map { .init(isAddition: true, value: $0) }) {
            #expect(link.count == ChainLink.size)
            try reader.read(link)
        }

        #expect(reader.values == Set(values))
    }

    @Test func aDeletionTakesAwayWhatWasAddedBefore() throws {
        let (a, b) = (Array("la".utf8), Array("lb".utf8))
        var reader = ChainLink.Reader()

        for changes in [[(true, a), (true, b)], [(false, a)]] {
            for link in ChainLink.pack(changes.map { .init(isAddition: $0.0, value: $0.1) }) {
                try reader.read(link)
            }
        }

        #expect(reader.values == [b])
        #expect(reader.changes == 3)
    }

    @Test func onlyLocationsAreUids() throws {
        var reader = ChainLink.Reader()
        let values = ["lu1", "wother"].map { Array($0.utf8) }
        for link in ChainLink.pack(values.map { .init(isAddition: true, value: $0) }) {
            try reader.read(link)
        }

        #expect(reader.locations == [Array("u1".utf8)])
    }

    @Test(arguments: [17, 100, 254] as [UInt8])
    func refusesBlocksOfImpossibleLength(length: UInt8) {
        var link = [UInt8](repeating: 0, count: ChainLink.size)
        link[0] = 1
        link[1] = length
        var reader = ChainLink.Reader()

        #expect(throws: (any Error).self) { try reader.read(link) }
    }

    @Test func refusesAValueThatIsBothAddedAndTakenAway() {
        var link = [UInt8](repeating: 0, count: ChainLink.size)
        link[0] = 0b01
        link[1] = 255
        link[18] = 4
        var reader = ChainLink.Reader()

        #expect(throws: (any Error).self) { try reader.read(link) }
    }
}
