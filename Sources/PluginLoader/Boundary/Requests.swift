import PluginABI
import Secrets

// Requests of the host as structs of the contract. Each function runs twice, see `Arena`: pointers
// are nil in the measuring pass.

extension Arena {
    mutating func gets(_ requests: some Collection<GetRequest>) -> UnsafePointer<kms_get>? {
        let items = array(of: kms_get.self, count: requests.count)
        var index = 0
        for request in requests {
            let item = kms_get(
                uid: text(request.uid, .uid), who: texts(request.who, .name, most: Limits.names),
                known_revision: request.knownRevision ?? 0, parts: request.parts.rawValue,
                reserved: 0)
            items?[index] = item
            index += 1
        }
        return UnsafePointer(items)
    }

    /// Secret bytes are left out: they are lent from where they are, see `OpenHandle.apply`.
    mutating func writes(_ batches: [[Write]]) -> UnsafeMutablePointer<kms_write>? {
        let items = array(of: kms_write.self, count: batches.reduce(0) { $0 + $1.count })
        var index = 0
        for (number, batch) in batches.enumerated() {
            for write in batch {
                let item = self.write(write, batch: UInt32(number))
                items?[index] = item
                index += 1
            }
        }
        return items
    }

    private mutating func write(_ write: Write, batch: UInt32) -> kms_write {
        var item = kms_write()
        item.batch = batch
        conditions(write.conditions, &item)
        switch write.operation {
        case .create(let new):
            item.op = KMS_WRITE_CREATE.rawValue
            object(new, &item)
        case .update(let new, let parts):
            item.op = KMS_WRITE_UPDATE.rawValue
            item.parts = parts.rawValue
            object(new, &item)
        case .delete(let uid):
            item.op = KMS_WRITE_DELETE.rawValue
            item.object.uid = text(uid, .uid)
        case .grant(let uid, let user, let rights):
            if rights == 0 { note("a grant has no rights") }
            item.op = KMS_WRITE_GRANT.rawValue
            item.object.uid = text(uid, .uid)
            item.user = text(user, .user)
            item.rights = rights
        case .revoke(let uid, let user, let rights):
            item.op = KMS_WRITE_REVOKE.rawValue
            item.object.uid = text(uid, .uid)
            item.user = text(user, .user)
            item.rights = rights
        case .check(let uid):
            item.op = KMS_WRITE_CHECK.rawValue
            item.object.uid = text(uid, .uid)
        }
        return item
    }

    private mutating func conditions(_ conditions: Write.Conditions, _ item: inout kms_write) {
        if conditions.isPresent { item.flags |= UInt32(KMS_IF_PRESENT) }
        if let revision = conditions.revision {
            item.flags |= UInt32(KMS_IF_REVISION)
            item.expected_revision = revision
        }
        if let owner = conditions.owner {
            item.flags |= UInt32(KMS_IF_OWNER)
            item.expected_owner = text(owner, .owner)
        }
    }

    private mutating func object(_ new: NewObject, _ item: inout kms_write) {
        if new.revision == 0 { note("revision is 0") }
        item.object.uid = text(new.uid, .uid)
        item.object.owner = text(new.owner, .owner)
        item.object.type = new.type
        item.object.state = new.state
        item.object.revision = new.revision
        elsewhere(new.object?.count ?? 0, most: Limits.object, "object")
        item.object.attributes = bytes(new.attributes, most: Limits.object, "attributes")
        item.object.tags = texts(new.tags, .tag, most: Limits.tags)
        let terms = array(of: kms_term.self, count: new.terms.count)
        for (index, term) in new.terms.enumerated() {
            let flags = term.isUnique ? UInt32(KMS_TERM_UNIQUE) : 0
            let item = kms_term(
                path: text(term.path, .path), value: value(term.value, term.rank), flags: flags,
                reserved: 0)
            terms?[index] = item
        }
        item.object.terms = UnsafePointer(terms)
        item.object.term_count = new.terms.count
    }

    private mutating func value(_ value: TermValue, _ rank: TermRank) -> kms_value {
        var item = kms_value()
        item.rank = rank.rawValue
        switch value {
        case .integer(let number):
            item.type = KMS_VALUE_INTEGER.rawValue
            item.number = number
        case .text(let string):
            item.type = KMS_VALUE_TEXT.rawValue
            let copy = text(string, .value)
            item.bytes = kms_bytes(
                data: UnsafeRawPointer(copy.data)?.assumingMemoryBound(to: UInt8.self),
                size: copy.size)
        case .bytes(let octets):
            item.type = KMS_VALUE_BYTES.rawValue
            item.bytes = bytes(octets, most: Limits.object, "value")
        }
        return item
    }

    mutating func query(_ query: Query) -> kms_query {
        if !(1...Limits.page).contains(query.limit) { note("limit is not in 1...\(Limits.page)") }
        if UInt32(exactly: query.skip) == nil { note("skip is not in 0...\(UInt32.max)") }
        var item: kms_query = Tables.empty()
        item.parts = query.parts.rawValue
        if let filter = query.filter {
            let nodes = filter.flattened()
            let filters = array(of: kms_filter.self, count: nodes.count)
            for (index, node) in nodes.enumerated() {
                let filter = self.filter(node)
                filters?[index] = filter
            }
            item.filters = UnsafePointer(filters)
            item.filter_count = nodes.count
        }
        item.who = texts(query.who, .name, most: Limits.names)
        item.rights = query.rights
        item.cursor = bytes(query.cursor, most: Limits.cursor, "cursor")
        item.limit = UInt32(clamping: query.limit)
        item.skip = UInt32(clamping: query.skip)
        switch query.scope {
        case .any: break
        case .owned where query.who.isEmpty, .granted where query.who.isEmpty:
            note("owned and granted need who")
        case .owned: item.flags |= UInt32(KMS_QUERY_OWNED)
        case .granted: item.flags |= UInt32(KMS_QUERY_GRANTED)
        }
        if query.countsTotal { item.flags |= UInt32(KMS_QUERY_COUNT) }
        if query.newestFirst { item.flags |= UInt32(KMS_QUERY_NEWEST) }
        return item
    }

    /// One node, without its children.
    private mutating func filter(_ node: Filter) -> kms_filter {
        var item = kms_filter()
        func set(_ op: kms_filter_op) { item.op = op.rawValue }
        switch node {
        case .all(let filters):
            set(KMS_FILTER_AND)
            item.arity = UInt32(clamping: filters.count)
        case .any(let filters):
            set(KMS_FILTER_OR)
            item.arity = UInt32(clamping: filters.count)
        case .not:
            set(KMS_FILTER_NOT)
            item.arity = 1
        case .equal(let path, let value, let rank):
            set(KMS_FILTER_EQUAL)
            item.path = text(path, .path)
            item.value = self.value(value, rank)
        case .atMost(let path, let number):
            set(KMS_FILTER_AT_MOST)
            item.path = text(path, .path)
            item.value = value(.integer(number), .common)
        case .atLeast(let path, let number):
            set(KMS_FILTER_AT_LEAST)
            item.path = text(path, .path)
            item.value = value(.integer(number), .common)
        case .prefix(let path, let prefix):
            set(KMS_FILTER_PREFIX)
            item.path = text(path, .path)
            item.value = value(prefix, .group)
        case .hasBits(let path, let bits):
            set(KMS_FILTER_HAS_BITS)
            item.path = text(path, .path)
            item.value = value(.integer(bits), .common)
        case .hasPath(let path):
            set(KMS_FILTER_HAS_PATH)
            item.path = text(path, .path)
        case .uid(let uid):
            set(KMS_FILTER_UID)
            item.value = value(.text(uid), .rare)
        case .owner(let owner):
            set(KMS_FILTER_OWNER)
            item.value = value(.text(owner), .group)
        case .type(let number):
            set(KMS_FILTER_TYPE)
            item.value = value(.integer(Int64(number)), .common)
        case .state(let number):
            set(KMS_FILTER_STATE)
            item.value = value(.integer(Int64(number)), .common)
        case .tag(let tag, let rank):
            set(KMS_FILTER_TAG)
            item.value = value(.text(tag), rank)
        }
        return item
    }

    mutating func grantsQuery(_ query: GrantsQuery) -> kms_grants_query {
        if !(1...Limits.page).contains(query.limit) { note("limit is not in 1...\(Limits.page)") }
        var item: kms_grants_query = Tables.empty()
        item.limit = UInt32(clamping: query.limit)
        item.uid = text(query.uid ?? "", .anyUID)
        item.who = texts(query.who, .name, most: Limits.names)
        item.cursor = bytes(query.cursor, most: Limits.cursor, "cursor")
        return item
    }

    /// Secret texts are left out: they are lent from where they are.
    mutating func settings(_ settings: [Setting]) -> UnsafeMutablePointer<kms_setting>? {
        let items = array(of: kms_setting.self, count: settings.count)
        for (index, setting) in settings.enumerated() {
            var item = kms_setting()
            item.name = text(setting.option.name, .option)
            item.type = setting.option.type.rawValue
            item.flags = setting.option.flags.rawValue
            switch setting.value {
            case .text(let string): item.text = text(string, .setting)
            case .number(let number): item.number = number
            case .secret(let bytes): elsewhere(bytes.count, most: TextLimit.setting.most, "secret")
            }
            items?[index] = item
        }
        return items
    }
}
