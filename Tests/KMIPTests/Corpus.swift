import FoundationEssentials

/// The samples of the 4.22 wire format in `Tests/Fuzz/corpus/cosmian422`. Origin: the wire format notes;
/// requests marked there as captured have the published client's bytes, the others were built by hand.
enum Corpus {
    static let folder =
        String(#filePath.dropLast("KMIPTests/Corpus.swift".utf8.count))
        + "Fuzz/corpus/cosmian422"

    static let names: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".json") }.sorted()

    static func sample(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }

    static func text(_ name: String) throws -> String {
        String(decoding: try sample(name), as: UTF8.self)
    }
}
