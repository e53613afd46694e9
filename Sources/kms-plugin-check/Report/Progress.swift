/// One line on a terminal that tells which case runs; nothing where standard error is no terminal.
struct Progress {
    let count: Int
    private let isShown = StandardError.isTerminal

    init(of count: Int) { self.count = count }

    func show(_ index: Int, _ id: String) {
        guard isShown else { return }
        StandardError.write("\r\u{1B}[K[\(index + 1)/\(count)] \(id)")
    }

    func end() {
        guard isShown else { return }
        StandardError.write("\r\u{1B}[K")
    }
}
