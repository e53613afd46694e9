import KMIP

extension Dispatch {
    /// Runs the items of a message in order, each by itself: a failed item stops nothing.
    ///
    /// Source: KMIP 2.1, section 9; wire format notes, "Validate and Message".
    package func run(_ message: RequestMessage, in context: OperationContext) async -> ResponseMessage {
        var answers: [ResponseMessage.Item] = []
        answers.reserveCapacity(message.items.count)
        var context = context
        var next = message.items.startIndex
        while next < message.items.endIndex {
            let reads = reads(in: message.items, from: next)
            context.prefetched = await objects(reads.uids, in: context)
            // An item that writes is a run of its own: it reads for itself, and what follows sees it.
            let end = max(reads.end, next + 1)
            for item in message.items[next..<end] {
                answers.append(await answer(item, in: context))
            }
            next = end
        }
        return ResponseMessage(
            protocolVersion: message.header.protocolVersion, timeStamp: context.now,
            items: answers)
    }

    private func answer(
        _ item: RequestMessage.Item, in context: OperationContext
    ) async -> ResponseMessage.Item {
        let result: Result<Response, Failure>
        do { result = .success(try await run(item.request, in: context)) } catch {
            result = .failure(error)
        }
        return ResponseMessage.Item(
            operation: item.request.operation, uniqueBatchItemID: item.uniqueBatchItemID,
            result: result)
    }

    /// How many objects one driver call brings.
    private static let prefetchMax = 256

    /// The run of items that only read, beginning at `start`: where it ends, and what it reads.
    /// They see one state of the database, so one driver call brings their objects.
    private func reads(
        in items: [RequestMessage.Item], from start: Int
    ) -> (end: Int, uids: Set<String>) {
        var uids: Set<String> = []
        var end = start
        var previous = ""
        while end < items.endIndex, uids.count < Self.prefetchMax,
            let uid = items[end].request.uidToRead
        {
            if uid != previous { uids.insert(uid) }
            previous = uid
            end += 1
        }
        return (end, uids)
    }

    private func objects(
        _ uids: Set<String>, in context: OperationContext
    ) async -> [String: LoadedObject] {
        guard !uids.isEmpty else { return [:] }
        // What this call does not bring each item reads for itself, and answers for itself.
        let found = try? await context.store.load(
            Array(uids), for: context.principal, deadline: context.deadline)
        return found ?? [:]
    }
}

extension Request {
    /// The uid of an operation that reads one object and changes nothing; nil for all others.
    fileprivate var uidToRead: String? {
        let identifier: Identifier? =
            switch self {
            case .encrypt(let payload): payload.uniqueIdentifier
            case .decrypt(let payload): payload.uniqueIdentifier
            case .get(let payload): payload.uniqueIdentifier
            case .export(let payload): payload.uniqueIdentifier
            case .getAttributes(let payload): payload.uniqueIdentifier
            default: nil
            }
        guard let text = identifier?.text, text.utf8.first != UInt8(ascii: "[") else { return nil }
        return text
    }
}
