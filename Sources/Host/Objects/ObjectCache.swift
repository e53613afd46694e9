import Synchronization

/// Parsed objects by uid, each with the revision it was parsed from. Bounded; thread-safe.
///
/// A cached object is never used by itself: the read that brings owner, state and rights confirms
/// its revision first. Eviction is second chance: what was used since the last sweep stays.
final class ObjectCache: Sendable {
    struct Entry: Sendable {
        var revision: UInt64
        var content: ObjectContent
    }

    private struct Slot {
        var entry: Entry
        var wasUsed: Bool
    }

    private struct Contents {
        var slots: [String: Slot] = [:]
        var order: [String] = []
        var hand = 0
    }

    private let capacity: Int
    private let contents = Mutex(Contents())

    /// - Parameter capacity: The most objects kept; 0 keeps none.
    init(capacity: Int) { self.capacity = capacity }

    /// How many objects are kept now.
    var count: Int { contents.withLock { $0.slots.count } }

    func entry(_ uid: String) -> Entry? {
        guard capacity > 0 else { return nil }
        return contents.withLock { contents in
            guard let index = contents.slots.index(forKey: uid) else { return nil }
            contents.slots.values[index].wasUsed = true
            return contents.slots.values[index].entry
        }
    }

    func insert(_ uid: String, _ entry: Entry) {
        guard capacity > 0 else { return }
        contents.withLock { contents in
            if contents.slots[uid] != nil {
                contents.slots[uid] = Slot(entry: entry, wasUsed: true)
                return
            }
            if contents.order.count < capacity {
                contents.order.append(uid)
            } else {
                contents.order[evict(&contents)] = uid
            }
            contents.slots[uid] = Slot(entry: entry, wasUsed: false)
        }
    }

    func remove(_ uid: String) {
        // The name keeps its place in the order; the hand frees it when it comes by.
        contents.withLock { $0.slots[uid] = nil }
    }

    /// Frees a place and returns its position. The hand passes each used entry once at most.
    private func evict(_ contents: inout Contents) -> Int {
        while true {
            contents.hand = (contents.hand + 1) % contents.order.count
            let uid = contents.order[contents.hand]
            guard contents.slots[uid]?.wasUsed == true else {
                contents.slots[uid] = nil
                return contents.hand
            }
            contents.slots[uid]?.wasUsed = false
        }
    }
}
