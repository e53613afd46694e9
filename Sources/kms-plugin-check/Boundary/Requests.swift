import PluginABI
import PluginLoader
import Secrets

// Requests of cases as structs of the contract. Nothing is checked: cases may break rules.

extension Inputs {
    func gets(_ gets: [Get]) throws -> UnsafePointer<kms_get>? {
        let items = try array(of: kms_get.self, count: gets.count)
        for (index, get) in gets.enumerated() {
            items?[index] = kms_get(
                uid: try text(get.uid), who: try texts(get.who),
                known_revision: get.knownRevision, parts: get.parts.rawValue, reserved: 0)
        }
        return UnsafePointer(items)
    }

    func writes(_ writes: [Write]) throws -> UnsafePointer<kms_write>? {
        let items = try array(of: kms_write.self, count: writes.count)
        for (index, write) in writes.enumerated() {
            items?[index] = kms_write(
                op: write.op, flags: write.conditions.rawValue, batch: write.batch,
                parts: write.parts.rawValue, object: try object(write.object),
                user: try text(write.user), rights: write.rights,
                expected_revision: write.expectedRevision,
                expected_owner: try text(write.expectedOwner))
        }
        return UnsafePointer(items)
    }

    private func object(_ object: Object) throws -> kms_object {
        var item = kms_object()
        item.uid = try text(object.uid)
        item.owner = try text(object.owner)
        item.type = object.type
        item.state = object.state
        item.revision = object.revision
        item.object = try bytes(object.object)
        item.attributes = try bytes(object.attributes)
        item.tags = try texts(object.tags)
        let terms = try array(of: kms_term.self, count: object.terms.count)
        for (index, term) in object.terms.enumerated() {
            terms?[index] = kms_term(
                path: try text(term.path), value: try value(term.value),
                flags: term.isUnique ? UInt32(KMS_TERM_UNIQUE) : 0, reserved: 0)
        }
        item.terms = UnsafePointer(terms)
        item.term_count = object.terms.count
        return item
    }

    private func value(_ value: Value?) throws -> kms_value {
        guard let value else { return kms_value() }
        var item = kms_value()
        item.rank = value.rank.rawValue
        switch value.content {
        case .integer(let number):
            item.type = KMS_VALUE_INTEGER.rawValue
            item.number = number
        case .text(let string):
            item.type = KMS_VALUE_TEXT.rawValue
            item.bytes = try bytes(string.utf8)
        case .bytes(let octets):
            item.type = KMS_VALUE_BYTES.rawValue
            item.bytes = try bytes(octets)
        }
        return item
    }

    func query(_ query: Query) throws -> UnsafePointer<kms_query> {
        var item: kms_query = Tables.empty()
        item.parts = query.parts.rawValue
        if let filter = query.filter {
            let nodes = filter.flattened
            let filters = try array(of: kms_filter.self, count: nodes.count)
            for (index, node) in nodes.enumerated() {
                filters?[index] = kms_filter(
                    op: node.op, arity: node.arity ?? UInt32(node.operands.count),
                    path: try text(node.path), value: try value(node.value))
            }
            item.filters = UnsafePointer(filters)
            item.filter_count = nodes.count
        }
        item.who = try texts(query.who)
        item.rights = query.rights
        item.cursor = try bytes(query.cursor)
        item.limit = query.limit
        item.skip = query.skip
        item.flags = query.flags.rawValue
        return UnsafePointer(try copy(item))
    }

    func grantsQuery(_ query: GrantsQuery) throws -> UnsafePointer<kms_grants_query> {
        var item: kms_grants_query = Tables.empty()
        item.limit = query.limit
        item.uid = try text(query.uid)
        item.who = try texts(query.who)
        item.cursor = try bytes(query.cursor)
        return UnsafePointer(try copy(item))
    }

    func settings(_ settings: [Setting]) throws -> UnsafePointer<kms_setting>? {
        let items = try array(of: kms_setting.self, count: settings.count)
        for (index, setting) in settings.enumerated() {
            var item = kms_setting()
            item.name = try text(setting.option.name)
            item.type = setting.option.type.rawValue
            item.flags = setting.option.flags.rawValue
            switch setting.value {
            case .number(let number): item.number = number
            case .text(let string): item.text = try text(string)
            case .secret(let secret):
                item.text = try secret.withExposedBytes { span in
                    try span.withUnsafeBytes { try text(String(decoding: $0, as: UTF8.self)) }
                }
            }
            items?[index] = item
        }
        return UnsafePointer(items)
    }
}
