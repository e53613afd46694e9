/// A set of uids that can be had without looking at records.
struct CandidateSource {
    /// What the index leads to, all together.
    var keywords: Set<Keyword> = []
    /// When one of these has an entry, the index does not know all: the source is none.
    var unlessIncomplete: Set<Keyword> = []
    var uids: Set<[UInt8]> = []

    init(
        keywords: Set<Keyword> = [], unlessIncomplete: Set<Keyword> = [], uids: Set<[UInt8]> = []
    ) {
        self.keywords = keywords
        self.unlessIncomplete = unlessIncomplete
        self.uids = uids
    }

    mutating func formUnion(_ other: CandidateSource) {
        keywords.formUnion(other.keywords)
        unlessIncomplete.formUnion(other.unlessIncomplete)
        uids.formUnion(other.uids)
    }
}
