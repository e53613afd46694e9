/// What a case asks of a peer: another process with the same driver, on the same database.
enum PeerOrder: Codable {
    /// Run the plugin's `init`, with services of the host that fail at the n-th use.
    case start(failingAllocation: Int?, failingRandom: Int?)
    /// Open the database whose options lie in this folder; the first order after `start`.
    case open(scratch: String)
    case migrate
    case health
    case apply([Write])
    case get([Get])
    /// All uids with this tag.
    case uids(tag: String)
    /// Wait this long at most.
    case changes(since: [UInt8], milliseconds: Int)
    case clear(force: Bool)
    /// Write batch after batch of each chain, each on a thread of its own, and tell of each batch
    /// that was acknowledged, until somebody ends the process.
    case write([Chain])
}

/// What a peer tells. One line of JSON each; every order but `write` has one answer.
struct PeerAnswer: Codable {
    enum Result: Codable {
        case done
        case failed(CallFailed)
        case started(PeerStart)
        case written([Written])
        case objects([Found])
        case uids([String])
        case changes(Changes)
        /// The batch with this number of the chain with this name is written.
        case acknowledged(chain: String, number: UInt64)
        /// The peer cannot go on.
        case broken(String)
    }

    var result: Result
    /// What the driver did wrong meanwhile.
    var findings: [String] = []
}

/// What came of `init`.
struct PeerStart: Codable {
    /// nil: it succeeded.
    var failure: CallFailed?
    /// Whether a service failed meanwhile.
    var hasStruck: Bool
    /// Blocks of secure memory that the driver holds now.
    var secureBlocks: Int
}
