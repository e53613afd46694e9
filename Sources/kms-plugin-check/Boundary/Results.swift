import PluginABI

/// Copies what a driver answered into values of our own. What breaks the contract is noted, and
/// reading goes on with the nearest thing that makes sense.
struct ResultReader {
    let function: Function
    let findings: Findings

    func note(_ problem: String) { findings.add("\(function): \(problem)") }

    func text(_ text: kms_text, _ what: String, most: Int) -> String {
        guard text.size > 0 else { return "" }
        guard let data = text.data else {
            note("\(what) is NULL and has a size")
            return ""
        }
        if text.size > most { note("\(what) has \(text.size) bytes, at most \(most)") }
        // The slice lives until the result is released; sizes beyond reason are not followed.
        let bytes = UnsafeRawBufferPointer(start: data, count: min(text.size, 1 << 24))
        if bytes.contains(0) { note("\(what) contains U+0000") }
        guard let string = String(validating: bytes, as: UTF8.self) else {
            note("\(what) is not UTF-8")
            return String(decoding: bytes, as: UTF8.self)
        }
        return string
    }

    func bytes(_ bytes: kms_bytes, _ what: String, most: Int) -> [UInt8] {
        guard bytes.size > 0 else { return [] }
        guard let data = bytes.data else {
            note("\(what) is NULL and has a size")
            return []
        }
        if bytes.size > most { note("\(what) has \(bytes.size) bytes, at most \(most)") }
        return [UInt8](UnsafeRawBufferPointer(start: data, count: min(bytes.size, 1 << 25)))
    }

    /// An array of the result, which may only be NULL when it is empty.
    func items<Item>(
        _ start: UnsafePointer<Item>?, _ count: Int, most: Int
    ) -> UnsafeBufferPointer<Item> {
        guard count > 0 else { return UnsafeBufferPointer(start: nil, count: 0) }
        guard let start else {
            note("its items are NULL and there are \(count)")
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        if count > most { note("it holds \(count) items, at most \(most)") }
        return UnsafeBufferPointer(start: start, count: min(count, 1 << 20))
    }

    func objects(_ result: kms_objects, most: Int) -> Objects {
        if result.flags & ~UInt32(KMS_OBJECTS_INEXACT) != 0 {
            note("unknown flags \(result.flags)")
        }
        return Objects(
            items: items(result.items, result.count, most: most).map(object),
            cursor: bytes(result.cursor, "cursor", most: Int(KMS_MAX_CURSOR)),
            total: result.total, flags: result.flags)
    }

    /// What holds for every answer of `get`.
    func check(_ objects: Objects, answer gets: [Get]) {
        if objects.items.count != gets.count {
            note("\(objects.items.count) items answer \(gets.count)")
        }
        for (item, get) in zip(objects.items, gets) where item.uid != get.uid {
            note("an item is about another uid than the one asked for")
        }
        if !objects.cursor.isEmpty || objects.total != -1 { note("cursor or total is set") }
    }

    private func object(_ item: kms_object) -> Found {
        let status = Status(rawValue: item.status)
        if ![.ok, .notFound, .corrupt].contains(status) { note("an object has status \(status)") }
        let found = Found(
            status: status, uid: text(item.uid, "uid", most: Int(KMS_MAX_UID)),
            owner: text(item.owner, "owner", most: Int(KMS_MAX_USER)),
            type: item.type, state: item.state, revision: item.revision, rights: item.rights,
            object: bytes(item.object, "object", most: Int(KMS_MAX_OBJECT)),
            attributes: bytes(item.attributes, "attributes", most: Int(KMS_MAX_OBJECT)),
            tags: items(item.tags.items, item.tags.count, most: 1 << 16).map {
                text($0, "tag", most: Int(KMS_MAX_TAG))
            },
            flags: item.flags)
        if found.uid.isEmpty { note("an object has no uid") }
        if found.status == .ok && found.revision == 0 { note("an object has revision 0") }
        if found.flags & ~UInt32(KMS_OBJECT_UNCHANGED) != 0 { note("unknown flags of an object") }
        if Set(found.tags).count != found.tags.count { note("a tag occurs twice") }
        return found
    }

    func grants(_ result: kms_grants, most: Int) -> Grants {
        let items = items(result.items, result.count, most: most).map { item in
            Grant(
                uid: text(item.uid, "uid", most: Int(KMS_MAX_UID)),
                user: text(item.user, "user", most: Int(KMS_MAX_USER)),
                owner: text(item.owner, "owner", most: Int(KMS_MAX_USER)),
                rights: item.rights, state: item.state, type: item.type)
        }
        if items.contains(where: { $0.rights == 0 }) { note("a grant has no rights") }
        return Grants(
            items: items, cursor: bytes(result.cursor, "cursor", most: Int(KMS_MAX_CURSOR)))
    }

    func changes(_ result: kms_changes) -> Changes {
        if result.flags & ~UInt32(KMS_CHANGES_LOST) != 0 { note("unknown flags \(result.flags)") }
        let changes = Changes(
            uids: items(result.uids, result.count, most: 1 << 20).map {
                text($0, "uid", most: Int(KMS_MAX_UID))
            },
            token: bytes(result.token, "token", most: Int(KMS_MAX_TOKEN)),
            isLost: result.flags & UInt32(KMS_CHANGES_LOST) != 0)
        if changes.token.isEmpty { note("its token is empty") }
        return changes
    }

    func texts(_ result: kms_texts) -> [String] {
        items(result.items, result.count, most: 1 << 16).map {
            unrevealing(text($0, "text", most: 1 << 24))
        }
    }

    func statistics(_ result: kms_statistics) -> [Statistic] {
        items(result.items, result.count, most: 1 << 10).map { item in
            Statistic(
                name: name(item.name, "name"), unit: name(item.unit, "unit"), value: item.value)
        }
    }

    private func name(_ pointer: UnsafePointer<CChar>?, _ what: String) -> String {
        guard let pointer else {
            note("a \(what) is NULL")
            return ""
        }
        return unrevealing(String(cString: pointer))
    }

    /// The text, which is for operators, without a secret.
    private func unrevealing(_ text: String) -> String {
        guard Canaries.ofThisProcess.areFound(in: text) else { return text }
        note("it gave a secret away")
        return "(a secret)"
    }

    func context(_ result: kms_context) -> Context {
        let state = SchemaState(rawValue: result.state)
        if state == nil { note("schema state \(result.state) is unknown") }
        return Context(
            state: state, version: fixed(result.version, "version"),
            schema: fixed(result.schema, "schema"),
            supported: fixed(result.supported, "supported"),
            format: fixed(result.format, "format"), backend: fixed(result.backend, "backend"))
    }

    /// A NUL-terminated text in an array of fixed size, which arrives as a tuple.
    func fixed<Tuple>(_ tuple: Tuple, _ what: String) -> String {
        withUnsafeBytes(of: tuple) { bytes in
            let text = bytes.prefix { $0 != 0 }
            if text.count == bytes.count { note("\(what) has no terminator") }
            if String(validating: text, as: UTF8.self) == nil { note("\(what) is not UTF-8") }
            return unrevealing(String(decoding: text, as: UTF8.self))
        }
    }

    /// A result with objects: when it ends, its keys are not left behind.
    func held(_ result: kms_objects, _ objects: @escaping () -> Objects) -> Held<Objects> {
        Held(release: { release(result) }, objects)
    }

    private func release(_ result: kms_objects) {
        let keys = items(result.items, result.count, most: .max).map(\.object).filter { key in
            let bytes = UnsafeRawBufferPointer(
                start: key.data, count: key.data == nil ? 0 : key.size)
            return key.size < 1 << 16 && Canaries.ofThisProcess.areFound(in: bytes)
        }.map { (address: UInt(bitPattern: $0.data), count: $0.size) }
        result.owner.release?(result.owner.owner)
        for key in keys
        where Canaries.ofThisProcess.areFound(
            in: OwnMemory.bytes(at: key.address, count: key.count))
        {
            note("a key was still in memory when its result was released")
        }
    }
}
