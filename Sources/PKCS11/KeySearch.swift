import CPKCS11
import PluginKit

/// Finds keys by their id, in one session.
struct KeySearch {
    let session: Session
    let batch: Int

    enum Found {
        case nothing
        case key(KeyFacts)
        /// Several keys have this id.
        case several
    }

    private static let publicSuffix = Array("_pk".utf8)
    /// Twins are refused, so more than some need not be seen.
    private static let twinsMax = 16

    /// The key with this id: by label, else by `CKA_ID`.
    ///
    /// Both halves of a pair that another tool made may have one label: then the label means the
    /// private half, and the label with `_pk` the public one.
    func key(_ id: [UInt8]) throws(TokenFailure) -> Found {
        for attribute in [CKA_LABEL, CKA_ID] {
            let found = Self.choose(try keys(attribute, id), .label)
            if case .nothing = found {} else { return found }
        }
        guard id.count > Self.publicSuffix.count, Array(id.suffix(3)) == Self.publicSuffix else {
            return .nothing
        }
        let base = Array(id.dropLast(3))
        for attribute in [CKA_LABEL, CKA_ID] {
            let found = Self.choose(try keys(attribute, base), .publicHalf)
            if case .nothing = found {} else { return found }
        }
        return .nothing
    }

    private enum Choice { case label, publicHalf }

    private static func choose(_ keys: [KeyFacts], _ choice: Choice) -> Found {
        let publicKeys = keys.filter { $0.type.kind == .publicKey }
        let others = choice == .label ? keys.filter { $0.type.kind != .publicKey } : []
        let candidates = others.isEmpty ? publicKeys : others
        switch candidates.count {
        case 0: return .nothing
        case 1: return .key(candidates[0])
        default: return .several
        }
    }

    private func keys(_ attribute: UInt, _ value: [UInt8]) throws(TokenFailure) -> [KeyFacts] {
        let handles = try session.find(
            [Attribute(attribute, .bytes(value))], limit: Self.twinsMax, batch: Self.twinsMax)
        return try facts(of: handles)
    }

    /// What is known of these objects, without those that are no keys or went away meanwhile.
    func facts(of handles: [CK_OBJECT_HANDLE]) throws(TokenFailure) -> [KeyFacts] {
        var keys: [KeyFacts] = []
        for handle in handles {
            do throws(TokenFailure) {
                if let key = try KeyFacts(handle, in: session) { keys.append(key) }
            } catch  where error.code.remedy == .lookUp {
                continue
            }
        }
        return keys
    }

    func handles(of type: HSMKeyType, limit: Int) throws(TokenFailure) -> [CK_OBJECT_HANDLE] {
        try session.find(TokenKeyType.template(of: type), limit: limit, batch: batch)
    }
}
