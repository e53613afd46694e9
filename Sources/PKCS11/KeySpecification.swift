import CPKCS11
import PluginKit

/// What a key is to be: a copy of the host's template, which threads may keep.
struct KeySpecification: Sendable {
    let id: [UInt8]
    let type: HSMKeyType?
    let bits: Int
    let flags: HSMKeyFlags
    let curve: Curve?
    let usage: Usage
    let startDay: Int32?, endDay: Int32?

    init(_ template: HSMKeyTemplate) {
        id = Array(template.id)
        type = template.type
        bits = Int(template.bits)
        flags = template.flags
        curve = Curve.numbered(template.curve)
        usage = Usage(rawValue: template.usage)
        startDay = template.startDay
        endDay = template.endDay
    }

    /// KMIP Cryptographic Usage Mask, as far as tokens know it.
    struct Usage: OptionSet, Sendable {
        let rawValue: UInt32

        static let sign = Usage(rawValue: 1)
        static let verify = Usage(rawValue: 2)
        static let encrypt = Usage(rawValue: 4)
        static let decrypt = Usage(rawValue: 8)
        static let wrap = Usage(rawValue: 0x10)
        static let unwrap = Usage(rawValue: 0x20)
        static let derive = Usage(rawValue: 0x200)

        static let attributes: [(usage: Usage, type: UInt)] = [
            (.sign, CKA_SIGN), (.verify, CKA_VERIFY), (.encrypt, CKA_ENCRYPT),
            (.decrypt, CKA_DECRYPT), (.wrap, CKA_WRAP), (.unwrap, CKA_UNWRAP),
            (.derive, CKA_DERIVE),
        ]
    }

    /// What a half of a pair, or a secret key, can be used for at all.
    private static func possible(_ type: HSMKeyType) -> Usage {
        switch type {
        case .any: []
        case .aes: [.encrypt, .decrypt, .wrap, .unwrap]
        case .generic: [.sign, .verify]
        case .rsaPrivate: [.decrypt, .unwrap, .sign]
        case .rsaPublic: [.encrypt, .wrap, .verify]
        case .ecPrivate: [.sign]
        case .ecPublic: [.verify]
        }
    }

    /// The attributes of a new secret or private key, or of a public one.
    func attributes(_ quirks: Quirks) -> [Attribute] {
        guard let type else { return [] }
        var attributes = [Attribute.flag(CKA_TOKEN), Attribute(CKA_LABEL, .bytes(id))]
        if quirks.setsID { attributes.append(Attribute(CKA_ID, .bytes(id))) }
        if !type.isPublic {
            attributes += [
                .flag(CKA_PRIVATE), .flag(CKA_SENSITIVE, flags.contains(.sensitive)),
                .flag(CKA_EXTRACTABLE, flags.contains(.extractable)),
            ]
        }
        let possible = Self.possible(type)
        let wanted = usage.isEmpty ? possible : usage.intersection(possible)
        for (usage, attribute) in Usage.attributes where possible.contains(usage) {
            attributes.append(.flag(attribute, wanted.contains(usage)))
        }
        if let startDay { attributes.append(Attribute(CKA_START_DATE, .bytes(Day.date(startDay)))) }
        if let endDay { attributes.append(Attribute(CKA_END_DATE, .bytes(Day.date(endDay)))) }
        return attributes
    }

    /// With class and key type, for a key that is unwrapped.
    func unwrapped(_ quirks: Quirks) -> [Attribute]? {
        let head: [Attribute]
        switch type {
        case .aes:
            head = [
                Attribute(CKA_CLASS, .number(CKO_SECRET_KEY)),
                Attribute(CKA_KEY_TYPE, .number(CKK_AES)),
            ]
        case .generic:
            head = [
                Attribute(CKA_CLASS, .number(CKO_SECRET_KEY)),
                Attribute(CKA_KEY_TYPE, .number(CKK_GENERIC_SECRET)),
            ]
        case .rsaPrivate:
            head = [
                Attribute(CKA_CLASS, .number(CKO_PRIVATE_KEY)),
                Attribute(CKA_KEY_TYPE, .number(CKK_RSA)),
            ]
        default: return nil
        }
        return head + attributes(quirks)
    }
}

/// Days since 1970-01-01, and `CK_DATE`.
package enum Day {
    /// Eight digits: year, month, day.
    package static func date(_ day: Int32) -> [UInt8] {
        // Days of eras of 400 years that begin in March.
        let shifted = Int(day) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * ofYear + 2) / 153
        let dayOfMonth = ofYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return digits(min(max(year, 0), 9999), 4) + digits(month, 2) + digits(dayOfMonth, 2)
    }

    /// Nil for what is no date.
    package static func number(_ date: [UInt8]) -> Int32? {
        guard date.count == 8, date.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        func value(_ range: Range<Int>) -> Int {
            date[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        let (month, day) = (value(4..<6), value(6..<8))
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        let year = value(0..<4) - (month <= 2 ? 1 : 0)
        let era = year / 400
        let ofEra = year - era * 400
        let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return Int32(era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468)
    }

    private static func digits(_ number: Int, _ count: Int) -> [UInt8] {
        var digits: [UInt8] = []
        var rest = number
        for _ in 0..<count {
            digits.insert(0x30 + UInt8(rest % 10), at: 0)
            rest /= 10
        }
        return digits
    }
}
