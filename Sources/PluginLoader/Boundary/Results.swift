import Glibc
import PluginABI
import Secrets

/// Reads what a driver answered, into Swift values of our own.
///
/// Everything is checked against the contract: a driver that breaks it causes an error which names
/// it, never a crash. Slices live until the result is released, which `reading` does once.
struct ResultReader {
    let driver: DriverMark
    let function: StaticString

    /// Reads a result and then releases it, whatever came of the reading.
    func reading<R>(
        _ owner: kms_owner, _ body: () throws(DriverError) -> R
    ) throws(DriverError) -> R {
        defer {
            if let release = owner.release { driver.running("release") { release(owner.owner) } }
        }
        return try body()
    }

    func fault(_ problem: String) -> DriverError {
        DriverError(
            status: .internalError,
            message: "\(driver.name): \(function) answered wrongly: \(problem)")
    }

    // MARK: Slices

    func text(_ text: kms_text, _ what: StaticString, most: Int) throws(DriverError) -> String {
        guard text.size > 0 else { return "" }
        guard let data = text.data else { throw fault("\(what) is NULL and has a size") }
        guard text.size <= most else { throw fault("\(what) has \(text.size) bytes") }
        let bytes = UnsafeRawBufferPointer(start: data, count: text.size)
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw fault("\(what) is not UTF-8")
        }
        return string
    }

    func bytes(_ bytes: kms_bytes, _ what: StaticString, most: Int) throws(DriverError) -> [UInt8] {
        guard bytes.size > 0 else { return [] }
        guard let data = bytes.data else { throw fault("\(what) is NULL and has a size") }
        guard bytes.size <= most else { throw fault("\(what) has \(bytes.size) bytes") }
        return [UInt8](UnsafeBufferPointer(start: data, count: bytes.size))
    }

    /// Straight into memory for secrets; nil when there is none.
    private func secret(_ bytes: kms_bytes, _ what: StaticString) throws(DriverError)
        -> SecretBytes?
    {
        guard bytes.size > 0 else { return nil }
        guard let data = bytes.data else { throw fault("\(what) is NULL and has a size") }
        guard bytes.size <= Limits.object else { throw fault("\(what) has \(bytes.size) bytes") }
        let copy = SecretBytes(reserving: bytes.size) { memory in
            memory.copyMemory(from: UnsafeRawBufferPointer(start: data, count: bytes.size))
        }
        guard let copy else {
            throw DriverError(
                status: .exhausted, isRetryable: true, message: "no memory for secrets is left")
        }
        return copy
    }

    /// An array of `count` structs, which may only be NULL when it is empty.
    func items<Item>(
        _ start: UnsafePointer<Item>?, _ count: Int, most: Int
    ) throws(DriverError) -> UnsafeBufferPointer<Item> {
        guard count >= 0, count <= most else { throw fault("it holds \(count) items") }
        guard count == 0 || start != nil else { throw fault("its items are NULL") }
        return UnsafeBufferPointer(start: start, count: count)
    }

    // MARK: Objects

    /// One answer of `get`, which must be about the object asked for.
    func object(_ item: kms_object, for request: GetRequest) throws(DriverError) -> ObjectRecord {
        guard Self.isEqual(item.uid, request.uid) else { throw fault("it is about another object") }
        let isUnchanged = item.flags & UInt32(KMS_OBJECT_UNCHANGED) != 0
        if isUnchanged && item.revision != request.knownRevision {
            throw fault("an object is unchanged that was not known")
        }
        return try object(item, uid: request.uid, likelyOwner: request.who.first ?? "")
    }

    func object(_ item: kms_object) throws(DriverError) -> ObjectRecord {
        let uid = try text(item.uid, "uid", most: TextLimit.uid.most)
        guard !uid.isEmpty else { throw fault("uid is empty") }
        return try object(item, uid: uid, likelyOwner: "")
    }

    /// - Parameter likelyOwner: Saves a copy when it is the owner, as it mostly is.
    private func object(
        _ item: kms_object, uid: String, likelyOwner: String
    ) throws(DriverError) -> ObjectRecord {
        guard let status = DriverStatus(rawValue: item.status),
            status == .ok || status == .notFound || status == .corrupt
        else { throw fault("an object has status \(item.status)") }
        var record = ObjectRecord(
            status: status, uid: uid, owner: "", type: 0, state: 0, revision: 0,
            rights: item.rights, isUnchanged: false, object: nil, attributes: [], tags: [])
        guard status == .ok else { return record }

        record.owner =
            Self.isEqual(item.owner, likelyOwner)
            ? likelyOwner : try text(item.owner, "owner", most: TextLimit.owner.most)
        record.type = item.type
        record.state = item.state
        record.revision = item.revision
        record.isUnchanged = item.flags & UInt32(KMS_OBJECT_UNCHANGED) != 0
        record.object = try secret(item.object, "object")
        record.attributes = try bytes(item.attributes, "attributes", most: Limits.object)
        for tag in try items(item.tags.items, item.tags.count, most: Limits.tags) {
            record.tags.append(try text(tag, "tag", most: TextLimit.tag.most))
        }
        return record
    }

    private static func isEqual(_ text: kms_text, _ string: String) -> Bool {
        guard let data = text.data, text.size > 0 else { return string.utf8.isEmpty }
        guard text.size == string.utf8.count else { return false }
        var string = string
        return string.withUTF8 { utf8 in
            // Both hold `text.size` bytes.
            utf8.baseAddress.map { memcmp($0, data, text.size) == 0 } ?? false
        }
    }

    func page(_ result: kms_objects, of query: Query) throws(DriverError) -> ObjectPage {
        var objects: [ObjectRecord] = []
        let items = try items(result.items, result.count, most: query.limit)
        objects.reserveCapacity(items.count)
        for item in items { objects.append(try object(item)) }
        // A page holds an object once, and pages come to an end.
        if objects.count > 1, Set(objects.lazy.map(\.uid)).count != objects.count {
            throw fault("an object is on the page twice")
        }
        return ObjectPage(
            objects: objects, cursor: try cursor(result.cursor, after: query.cursor),
            total: result.total < 0 ? nil : Int(result.total),
            isInexact: result.flags & UInt32(KMS_OBJECTS_INEXACT) != 0)
    }

    private func cursor(
        _ next: kms_bytes, after asked: [UInt8]
    ) throws(DriverError) -> [UInt8] {
        let cursor = try bytes(next, "cursor", most: Limits.cursor)
        guard cursor.isEmpty || cursor != asked else { throw fault("its cursor stands still") }
        return cursor
    }

    // MARK: The rest

    func grants(_ result: kms_grants, of query: GrantsQuery) throws(DriverError) -> GrantsPage {
        struct Key: Hashable { var uid: String, user: String }
        var seen: Set<Key> = []
        var grants: [Grant] = []
        for item in try items(result.items, result.count, most: query.limit) {
            grants.append(
                Grant(
                    uid: try text(item.uid, "uid", most: TextLimit.uid.most),
                    user: try text(item.user, "user", most: TextLimit.user.most),
                    owner: try text(item.owner, "owner", most: TextLimit.owner.most),
                    rights: item.rights, state: item.state, type: item.type))
            if let grant = grants.last,
                !seen.insert(Key(uid: grant.uid, user: grant.user)).inserted
            {
                throw fault("a grant is on the page twice")
            }
        }
        return GrantsPage(
            grants: grants, cursor: try cursor(result.cursor, after: query.cursor))
    }

    func changes(_ result: kms_changes) throws(DriverError) -> Changes {
        var uids: [String] = []
        for uid in try items(result.uids, result.count, most: 1 << 20) {
            uids.append(try text(uid, "uid", most: TextLimit.uid.most))
        }
        return Changes(
            uids: uids, isLost: result.flags & UInt32(KMS_CHANGES_LOST) != 0,
            token: try bytes(result.token, "token", most: Limits.changeToken))
    }

    func texts(_ result: kms_texts) throws(DriverError) -> [String] {
        var texts: [String] = []
        for item in try items(result.items, result.count, most: 1 << 16) {
            texts.append(try text(item, "text", most: Limits.object))
        }
        return texts
    }

    func statistics(_ result: kms_statistics) throws(DriverError) -> [Statistic] {
        var statistics: [Statistic] = []
        for item in try items(result.items, result.count, most: 1 << 10) {
            guard let name = Tables.text(item.name) else { throw fault("a name is not text") }
            let unit = item.unit == nil ? "" : Tables.text(item.unit)
            guard let unit else { throw fault("the unit of \(name) is not text") }
            statistics.append(Statistic(name: name, unit: unit, value: item.value))
        }
        return statistics
    }

    func context(_ result: kms_context) throws(DriverError) -> DatabaseContext {
        guard let state = SchemaState(rawValue: result.state) else {
            throw fault("schema state \(result.state) is unknown")
        }
        return DatabaseContext(
            state: state, version: try fixedText(result.version, "version"),
            schema: try fixedText(result.schema, "schema"),
            supported: try fixedText(result.supported, "supported"),
            format: try fixedText(result.format, "format"),
            backend: try fixedText(result.backend, "backend"))
    }

    /// A NUL-terminated text in an array of fixed size, which arrives as a tuple.
    private func fixedText<Tuple>(
        _ tuple: Tuple, _ what: StaticString
    ) throws(DriverError) -> String {
        let string = withUnsafeBytes(of: tuple) { bytes in
            String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard let string else { throw fault("\(what) is not UTF-8") }
        return escapingControls(string)
    }
}
