/// What stands between an item's prefix and its value, as words in memory order, so that writing it is
/// three stores: for instance `ByteString","value":"`.
struct TypeText {
    let first: UInt64
    let second: UInt64
    let third: UInt64
    let size: Int

    @inline(__always)
    static var structure: TypeText {
        // Structure","value":[
        TypeText(
            first: 0x7275_7463_7572_7453, second: 0x756C_6176_222C_2265,
            third: 0x0000_0000_5B3A_2265, size: 20)
    }
    @inline(__always)
    static var integer: TypeText {
        // Integer","value":
        TypeText(
            first: 0x2272_6567_6574_6E49, second: 0x2265_756C_6176_222C,
            third: 0x0000_0000_0000_003A, size: 17)
    }
    @inline(__always)
    static var longInteger: TypeText {
        // LongInteger","value":"0x
        TypeText(
            first: 0x6574_6E49_676E_6F4C, second: 0x6176_222C_2272_6567,
            third: 0x7830_223A_2265_756C, size: 24)
    }
    @inline(__always)
    static var enumeration: TypeText {
        // Enumeration","value":
        TypeText(
            first: 0x7461_7265_6D75_6E45, second: 0x6176_222C_226E_6F69,
            third: 0x0000_003A_2265_756C, size: 21)
    }
    @inline(__always)
    static var boolean: TypeText {
        // Boolean","value":
        TypeText(
            first: 0x226E_6165_6C6F_6F42, second: 0x2265_756C_6176_222C,
            third: 0x0000_0000_0000_003A, size: 17)
    }
    @inline(__always)
    static var textString: TypeText {
        // TextString","value":"
        TypeText(
            first: 0x6972_7453_7478_6554, second: 0x6C61_7622_2C22_676E,
            third: 0x0000_0022_3A22_6575, size: 21)
    }
    @inline(__always)
    static var byteString: TypeText {
        // ByteString","value":"
        TypeText(
            first: 0x6972_7453_6574_7942, second: 0x6C61_7622_2C22_676E,
            third: 0x0000_0022_3A22_6575, size: 21)
    }
}
