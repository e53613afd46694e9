extension Filter {
    /// The tree in prefix order. A request may nest deeply, so nothing here recurses.
    func flattened() -> [Filter] {
        var nodes: [Filter] = []
        var open = [self]
        while let node = open.popLast() {
            nodes.append(node)
            switch node {
            case .all(let filters), .any(let filters): open.append(contentsOf: filters.reversed())
            case .not(let filter): open.append(filter)
            default: break
            }
        }
        return nodes
    }
}
