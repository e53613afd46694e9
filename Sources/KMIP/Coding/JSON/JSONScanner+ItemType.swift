/// The names of item types, recognised by their first and last eight bytes with the closing mark.
extension JSONScanner {
    /// The type whose name begins at `start`, and the name's length up to a quotation mark.
    @inline(__always)
    func itemType(at start: Int) -> (type: ItemType, length: Int)? {
        let candidate: ItemType
        let length: Int
        let tail: UInt64
        switch word(at: start) {
        case 0x7275_7463_7572_7453:
            (candidate, length, tail) = (.structure, 9, 0x2265_7275_7463_7572)
        case 0x2272_6567_6574_6E49: (candidate, length, tail) = (.integer, 7, 0x2272_6567_6574_6E49)
        case 0x6574_6E49_676E_6F4C:
            (candidate, length, tail) = (.longInteger, 11, 0x2272_6567_6574_6E49)
        case 0x6765_746E_4967_6942:
            (candidate, length, tail) = (.bigInteger, 10, 0x2272_6567_6574_6E49)
        case 0x7461_7265_6D75_6E45:
            (candidate, length, tail) = (.enumeration, 11, 0x226E_6F69_7461_7265)
        case 0x226E_6165_6C6F_6F42: (candidate, length, tail) = (.boolean, 7, 0x226E_6165_6C6F_6F42)
        case 0x6972_7453_7478_6554:
            (candidate, length, tail) = (.textString, 10, 0x2267_6E69_7274_5374)
        case 0x6972_7453_6574_7942:
            (candidate, length, tail) = (.byteString, 10, 0x2267_6E69_7274_5365)
        case 0x6C61_7672_6574_6E49:
            (candidate, length, tail) = (.interval, 8, 0x226C_6176_7265_746E)
        case 0x656D_6954_6574_6144: return dateType(at: start)
        default: return nil
        }
        guard word(at: start &+ length &- 7) == tail else { return nil }
        return (candidate, length)
    }

    private func dateType(at start: Int) -> (type: ItemType, length: Int)? {
        if byte(at: start + 8) == UInt8(ascii: "\"") { return (.dateTime, 8) }
        guard byte(at: start + 8) == UInt8(ascii: "E"), word(at: start + 9) == 0x2264_6564_6E65_7478
        else {
            return nil
        }
        return (.dateTimeExtended, 16)
    }
}
