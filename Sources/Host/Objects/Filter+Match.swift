import KMIP
import PluginLoader

extension Filter {
    /// Whether an object matches, for drivers that answer with a superset.
    ///
    /// The depth of a filter is that of this server's own code, never of a request.
    func matches(_ object: LoadedObject, _ terms: [Term]) -> Bool {
        switch self {
        case .all(let filters): filters.allSatisfy { $0.matches(object, terms) }
        case .any(let filters): filters.contains { $0.matches(object, terms) }
        case .not(let filter): !filter.matches(object, terms)
        case .equal(let path, let value, _):
            terms.contains { $0.path == path && $0.value == value }
        case .atMost(let path, let bound): terms.contains { $0.number(at: path).map { $0 <= bound } ?? false }
        case .atLeast(let path, let bound): terms.contains { $0.number(at: path).map { $0 >= bound } ?? false }
        case .prefix(let path, let value):
            terms.contains { $0.path == path && $0.value.bytes.starts(with: value.bytes) }
        case .hasBits(let path, let bits): terms.contains { $0.number(at: path).map { $0 & bits == bits } ?? false }
        case .hasPath(let path): terms.contains { $0.path == path }
        case .uid(let uid): object.uid == uid
        case .owner(let owner): object.owner == owner
        case .type(let type): object.content.type.rawValue == type
        case .state(let state): object.state.rawValue == state
        case .tag(let tag, _): object.content.tags.contains(tag)
        }
    }
}

extension Term {
    fileprivate func number(at path: String) -> Int64? {
        if self.path == path, case .integer(let number) = value { number } else { nil }
    }
}

extension TermValue {
    fileprivate var bytes: [UInt8] {
        switch self {
        case .integer: []
        case .text(let text): Array(text.utf8)
        case .bytes(let bytes): bytes
        }
    }
}
