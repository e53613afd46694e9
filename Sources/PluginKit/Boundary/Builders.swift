import PluginABI

/// Collects the objects of `get` and `query`. Everything is copied into one arena; a typical answer
/// of one object is one allocation.
public struct ObjectsBuilder: ~Copyable {
    private var arena: Arena
    private var items: ArenaArray<kms_object>
    private var tags = ArenaArray<kms_text>(capacity: 8)
    private var cursorSlice = kms_bytes()

    /// The page is a superset: some filters were not applied.
    public var isInexact = false
    /// Matches in all; nil when not counted.
    public var total: Int64?

    init(expected: Int) {
        let capacity = min(max(expected, 1), 64)
        // Room for a uid, an owner and some attributes beside each struct.
        arena = Arena(capacity: capacity * (MemoryLayout<kms_object>.stride + 224))
        items = ArenaArray(capacity: capacity)
    }

    /// How many objects there are so far.
    public var count: Int { items.count }

    /// Adds an object.
    public mutating func append(_ record: ObjectRecord) throws(DriverFailure) {
        finishTags()
        var item = kms_object()
        item.uid = try arena.text(record.uid)
        item.owner = try arena.text(record.owner)
        item.type = record.type
        item.state = record.state
        item.revision = record.revision
        item.rights = record.rights
        item.status = record.status.rawValue
        if record.isUnchanged { item.flags = UInt32(KMS_OBJECT_UNCHANGED) }
        item.object = try arena.bytes(record.object, secret: true)
        item.attributes = try arena.bytes(record.attributes)
        try items.append(item, in: &arena)
    }

    /// Adds a tag to the object appended last.
    public mutating func appendTag(_ tag: BorrowedText) throws(DriverFailure) {
        try tags.append(try arena.text(tag), in: &arena)
    }

    /// Says where the next page begins; at most 512 bytes. Leave it out on the last page.
    public mutating func setCursor(_ cursor: BorrowedBytes) throws(DriverFailure) {
        cursorSlice = try arena.bytes(cursor)
    }

    private mutating func finishTags() {
        guard tags.count > 0 else { return }
        let list = kms_text_list(items: UnsafePointer(tags.base), count: tags.count)
        items.updateLast { $0.tags = list }
        tags.removeAll(capacity: 8)
    }

    /// Fills the host's struct, which takes over the memory.
    mutating func finish(into out: UnsafeMutablePointer<kms_objects>) {
        finishTags()
        out.pointee.flags = isInexact ? UInt32(KMS_OBJECTS_INEXACT) : 0
        out.pointee.items = UnsafePointer(items.base)
        out.pointee.count = items.count
        out.pointee.cursor = cursorSlice
        out.pointee.total = total ?? -1
        out.pointee.owner = arena.detach()
    }
}

/// Collects the grants of `grants`.
public struct GrantsBuilder: ~Copyable {
    private var arena: Arena
    private var items: ArenaArray<kms_grant>
    private var cursorSlice = kms_bytes()

    init(expected: Int) {
        let capacity = min(max(expected, 1), 32)
        arena = Arena(capacity: capacity * (MemoryLayout<kms_grant>.stride + 96))
        items = ArenaArray(capacity: capacity)
    }

    public var count: Int { items.count }

    public mutating func append(_ record: GrantRecord) throws(DriverFailure) {
        var item = kms_grant()
        item.uid = try arena.text(record.uid)
        item.user = try arena.text(record.user)
        item.owner = try arena.text(record.owner)
        item.rights = record.rights
        item.state = record.state
        item.type = record.type
        try items.append(item, in: &arena)
    }

    /// Says where the next page begins; at most 512 bytes. Leave it out on the last page.
    public mutating func setCursor(_ cursor: BorrowedBytes) throws(DriverFailure) {
        cursorSlice = try arena.bytes(cursor)
    }

    mutating func finish(into out: UnsafeMutablePointer<kms_grants>) {
        out.pointee.items = UnsafePointer(items.base)
        out.pointee.count = items.count
        out.pointee.cursor = cursorSlice
        out.pointee.owner = arena.detach()
    }
}

/// Collects the uids of `changes`.
public struct ChangesBuilder: ~Copyable {
    private var arena = Arena(capacity: 480)
    private var items = ArenaArray<kms_text>(capacity: 8)
    private var token = kms_bytes()

    /// The token is too old: the host drops every cached object.
    public var isLost = false

    public var count: Int { items.count }

    public mutating func append(_ uid: BorrowedText) throws(DriverFailure) {
        try items.append(try arena.text(uid), in: &arena)
    }

    /// The token for the next call; at most 64 bytes. Always to be set.
    public mutating func setToken(_ bytes: BorrowedBytes) throws(DriverFailure) {
        token = try arena.bytes(bytes)
    }

    mutating func finish(into out: UnsafeMutablePointer<kms_changes>) {
        out.pointee.flags = isLost ? UInt32(KMS_CHANGES_LOST) : 0
        out.pointee.uids = UnsafePointer(items.base)
        out.pointee.count = items.count
        out.pointee.token = token
        out.pointee.owner = arena.detach()
    }
}

/// The outcomes of `apply`, one for each write. The host's slots are filled when the driver's
/// function succeeds: a call that fails leaves them untouched.
public struct Outcomes: ~Copyable {
    // Owned: `count` slots, initialised here and freed in deinit.
    private let slots: UnsafeMutablePointer<kms_written>
    public let count: Int

    init(count: Int) {
        self.count = count
        slots = .allocate(capacity: max(count, 1))
        slots.initialize(repeating: kms_written(), count: count)
    }

    deinit { slots.deallocate() }

    /// Fills the host's array, which has `count` slots.
    func finish(into out: UnsafeMutablePointer<kms_written>) {
        out.update(from: slots, count: count)
    }

    public subscript(position: Int) -> Status {
        get {
            precondition(position >= 0 && position < count, "index out of range")
            return Status(rawValue: slots[position].status)
        }
        set {
            precondition(position >= 0 && position < count, "index out of range")
            slots[position] = kms_written(status: newValue.rawValue, flags: 0)
        }
    }

    /// Marks an item whose commit may or may not have happened.
    public mutating func setInDoubt(_ position: Int, _ status: Status) {
        precondition(position >= 0 && position < count, "index out of range")
        slots[position] = kms_written(
            status: status.rawValue, flags: DriverFailure.Flags.inDoubt.rawValue)
    }
}

/// Fills a list of texts.
func fill(_ out: UnsafeMutablePointer<kms_texts>, with texts: [String]) throws(DriverFailure) {
    var arena = Arena(capacity: texts.reduce(16 * texts.count) { $0 + $1.utf8.count + 8 })
    var items = ArenaArray<kms_text>(capacity: texts.count)
    for text in texts {
        let slice = try text.withBorrowedText { (text) throws(DriverFailure) in
            try arena.text(text)
        }
        try items.append(slice, in: &arena)
    }
    out.pointee.items = UnsafePointer(items.base)
    out.pointee.count = items.count
    out.pointee.owner = arena.detach()
}

/// Fills a list of statistics; their names are literals.
func fill(
    _ out: UnsafeMutablePointer<kms_statistics>, with statistics: [Statistic]
) throws(DriverFailure) {
    var arena = Arena(capacity: 32 * statistics.count)
    var items = ArenaArray<kms_statistic>(capacity: statistics.count)
    for statistic in statistics {
        let item = kms_statistic(
            name: cString(statistic.name), unit: cString(statistic.unit), value: statistic.value)
        try items.append(item, in: &arena)
    }
    out.pointee.items = UnsafePointer(items.base)
    out.pointee.count = items.count
    out.pointee.owner = arena.detach()
}
