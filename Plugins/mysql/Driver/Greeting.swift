/// What a server says first, as far as it matters before anything is said to it.
///
/// The client library logs in without TLS when the greeting does not offer it, whatever it was told,
/// unless it also verifies the server's name. Somebody on the way could take the offer out.
/// https://mariadb.com/kb/en/connection/#initial-handshake-packet
enum Greeting {
    case offersTLS
    case offersNone
    /// Not all of it is there.
    case incomplete
    /// An error, or something else that the library is to judge.
    case other

    /// - Parameter bytes: The beginning of what came: a packet's length in three bytes, its number 0,
    ///   the protocol 10, the server's version and a zero byte; then 4 + 8 + 1 bytes, and capabilities.
    init(_ bytes: ArraySlice<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count > 4 else {
            self = .incomplete
            return
        }
        guard bytes[3] == 0, bytes[4] == 10 else {
            self = .other
            return
        }
        guard let end = bytes[5...].firstIndex(of: 0), bytes.count > end + 15 else {
            self = bytes.count < Self.sizeMax ? .incomplete : .other
            return
        }
        // Bit 11 of the capabilities, lowest byte first.
        self = bytes[end + 15] & 0x08 != 0 ? .offersTLS : .offersNone
    }

    /// So much is looked at.
    static let sizeMax = 512
}
