import PluginKit

extension FakeStatement {
    /// Text that is never freed, as borrowed columns must outlive the call.
    static func literal(_ text: String) -> BorrowedText {
        let bytes = Array(text.utf8)
        let place = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 1)
        place.copyMemory(from: bytes, byteCount: bytes.count)
        return BorrowedText(utf8: BorrowedBytes(place, count: bytes.count))
    }
}
