import CPostgreSQL
import PluginKit
import SQLStore

/// A statement that the server prepares when it is first sent, under a name of ours.
package final class PostgresStatement: SQLStatement {
    enum Parameter {
        case null
        case integer(Int64)
        case borrowed(BorrowedBytes)
        case owned([UInt8])
    }

    let name: String
    let text: String
    private let connection: PostgresConnection
    private var parameters: [Parameter] = []

    /// Whether the server knows it, as far as what was sent will have been answered.
    var isPrepared = false
    /// Changes when answers on their way stop to matter.
    private var epoch: UInt64 = 0
    /// Sent, and neither read nor given up.
    private var awaited = 0
    private var answers: [PostgresResult] = []
    private var current: PostgresResult?
    private var row = -1
    package private(set) var affectedRows = 0

    init(_ text: String, name: String, on connection: PostgresConnection) {
        self.text = text
        self.name = name
        self.connection = connection
    }

    deinit { connection.forget(self.name, isPrepared: isPrepared) }

    package func bind(_ parameter: Int, _ number: Int64) { set(parameter, .integer(number)) }
    package func bind(_ parameter: Int, _ text: BorrowedText) {
        set(parameter, .borrowed(text.utf8))
    }
    package func bind(_ parameter: Int, _ bytes: BorrowedBytes) {
        set(parameter, .borrowed(bytes))
    }
    package func bind(_ parameter: Int, copying bytes: [UInt8]) { set(parameter, .owned(bytes)) }
    package func bind(_ parameter: Int, copyingText utf8: [UInt8]) {
        set(parameter, .owned(utf8))
    }
    package func bindNull(_ parameter: Int) { set(parameter, .null) }

    private func set(_ parameter: Int, _ value: Parameter) {
        while parameters.count < parameter { parameters.append(.null) }
        parameters[parameter - 1] = value
    }

    package func send() throws(DriverFailure) {
        dropStaleAnswers()
        defer { parameters.removeAll(keepingCapacity: true) }
        try connection.send(self, parameters, .rows)
        awaited += 1
    }

    package func post(_ expectation: Expectation) throws(DriverFailure) {
        defer { parameters.removeAll(keepingCapacity: true) }
        try connection.send(self, parameters, .effect(expectation))
    }

    package func step() throws(DriverFailure) -> Bool {
        if current == nil {
            dropStaleAnswers()
            if awaited == 0 { try send() }
            if answers.isEmpty { try connection.settle() }
            guard !answers.isEmpty else {
                throw DriverFailure(.internal, "PostgreSQL: a statement has no answer")
            }
            current = answers.removeFirst()
            awaited -= 1
            row = -1
            affectedRows = current?.affectedRows ?? 0
        }
        row += 1
        return row < current?.rowCount ?? 0
    }

    /// An answer to what was sent in the connection's epoch.
    func deliver(_ answer: PostgresResult) {
        dropStaleAnswers()
        answers.append(answer)
    }

    private func dropStaleAnswers() {
        guard epoch != connection.epoch else { return }
        epoch = connection.epoch
        awaited = 0
        answers = []
    }

    package func reset() {
        parameters.removeAll(keepingCapacity: true)
        current = nil
    }

    package func integer(_ column: Int) -> Int64 { current?.integer(row, column) ?? 0 }
    package func text(_ column: Int) -> BorrowedText { BorrowedText(utf8: bytes(column)) }
    package func bytes(_ column: Int) -> BorrowedBytes {
        current?.bytes(row, column) ?? BorrowedBytes()
    }
    package func isNull(_ column: Int) -> Bool { current?.isNull(row, column) ?? true }
}
