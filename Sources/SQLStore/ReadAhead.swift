import PluginKit

/// What the conditions and updates of a call need, read in one round trip before its first write.
///
/// Only where there is a pipeline: elsewhere each item reads for itself. Rows are locked in the order
/// of their uids, so that two calls wait for each other and do not deadlock. What an item has written
/// is forgotten, and read again by whoever asks for it later in the call.
struct ReadAhead {
    struct Stored {
        var head: Head?
        /// Keys of terms and tags, and of unique terms; nil when they were not read.
        var terms: Set<[UInt8]>?
        var uniques: Set<[UInt8]>?
    }

    private var stored: [[UInt8]: Stored] = [:]

    subscript(uid: BorrowedText) -> Stored? { stored.isEmpty ? nil : stored[Array(uid.utf8)] }

    mutating func forget(_ uid: BorrowedText) {
        if !stored.isEmpty { stored[Array(uid.utf8)] = nil }
    }

    fileprivate mutating func set(_ uid: BorrowedText, _ value: Stored) {
        stored[Array(uid.utf8)] = value
    }
}

extension StoreSession {
    func readAhead(_ writes: Writes) throws(DriverFailure) {
        ahead = ReadAhead()
        guard Connection.isPipelined else { return }
        let wanted = neededUIDs(writes)
        guard !wanted.isEmpty else { return }
        let head = try statement(.head)
        let terms = try statement(.listTermsOfUID)
        let uniques = try statement(.listUniquesOfUID)
        for (uid, needsTerms) in wanted {
            head.bind(1, uid)
            try head.send()
            guard needsTerms else { continue }
            for list in [terms, uniques] {
                list.bind(1, uid)
                try list.send()
            }
        }
        for (uid, needsTerms) in wanted {
            var stored = ReadAhead.Stored()
            stored.head = try readHead(of: uid, from: head)
            if needsTerms {
                stored.terms = try keys(terms)
                stored.uniques = try keys(uniques)
            }
            ahead.set(uid, stored)
        }
    }

    /// Each uid that an item must know before it writes, in order, and whether its terms matter.
    private func neededUIDs(_ writes: Writes) -> [(BorrowedText, Bool)] {
        var needed: [(BorrowedText, Bool)] = []
        for write in writes where write.needsHead {
            needed.append((write.uid, write.replacesTerms))
        }
        needed.sort { $0.0 < $1.0 }
        var distinct: [(BorrowedText, Bool)] = []
        for (uid, needsTerms) in needed {
            if let last = distinct.last, last.0 == uid {
                distinct[distinct.count - 1].1 = last.1 || needsTerms
            } else {
                distinct.append((uid, needsTerms))
            }
        }
        return distinct
    }
}

extension Write {
    /// What is stored decides whether or how it is written.
    var needsHead: Bool {
        !conditions.isEmpty || operation == .update || operation == .check || operation == .delete
    }

    fileprivate var replacesTerms: Bool {
        operation == .update && !parts.isDisjoint(with: [.attributes, .tags])
    }
}
