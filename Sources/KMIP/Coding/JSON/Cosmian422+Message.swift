// Batches in the 4.22 dialect. Source: wire format notes, "Validate and Message".

extension JSONReader {
    /// The batch in the current item, `Message`.
    mutating func requestMessage(limits: DecodingLimits) throws(Failure) -> RequestMessage {
        var header: RequestMessage.Header?
        var items: [RequestMessage.Item]?
        try enter()
        while let tag = try next() {
            switch tag {
            case .cosmianHeader:
                try requireFirst(header == nil)
                header = try requestHeader()
            case .cosmianItems:
                try requireFirst(items == nil)
                var list: [RequestMessage.Item] = []
                if let count = header?.batchCount {
                    // What the header says is a hint, and only believed as far as it costs little.
                    list.reserveCapacity(max(0, min(Int(count), limits.maxItems, 1024)))
                }
                try elements { (reader) throws(Failure) in
                    guard list.count < limits.maxItems else { throw reader.tooManyItems() }
                    list.append(try reader.requestItem())
                }
                items = list
            default: try skip()
            }
        }
        return RequestMessage(
            header: try required(header, "Header"), items: try required(items, "Items"))
    }

    private func tooManyItems() -> Failure {
        Failure(
            .invalidRequest, .serverLimitExceeded,
            "the message is beyond the limits: too many operations")
    }

    private mutating func requestHeader() throws(Failure) -> RequestMessage.Header {
        var version: ProtocolVersion?
        var batchCount: Int32?
        try enter()
        while let tag = try next() {
            switch tag {
            case .protocolVersion:
                try requireFirst(version == nil)
                version = try protocolVersion()
            case .batchCount: try read(&batchCount)
            default: try skip()
            }
        }
        return RequestMessage.Header(
            protocolVersion: try required(version, "ProtocolVersion"),
            batchCount: try required(batchCount, "BatchCount"))
    }

    private mutating func protocolVersion() throws(Failure) -> ProtocolVersion {
        var major: Int32?
        var minor: Int32?
        try enter()
        while let tag = try next() {
            switch tag {
            case .protocolVersionMajor: try read(&major)
            case .protocolVersionMinor: try read(&minor)
            default: try skip()
            }
        }
        return ProtocolVersion(
            major: try required(major, "ProtocolVersionMajor"),
            minor: try required(minor, "ProtocolVersionMinor"))
    }

    /// Closed, and the operation comes before its payload.
    private mutating func requestItem() throws(Failure) -> RequestMessage.Item {
        var operation: Operation?
        var id: Int32?
        var request: Request?
        try enter()
        while let tag = try next() {
            switch tag {
            case .operation:
                try read(&operation)
                if let operation, !operation.isAtRoot {
                    throw mismatch("this operation cannot be in a batch")
                }
            case .uniqueBatchItemID: try read(&id)
            case .requestPayload:
                try requireFirst(request == nil)
                guard let operation else { throw mismatch("Operation must come before it") }
                request = try self.request(operation)
            case .ephemeral, .messageExtension: try skip()
            default: throw mismatch("is not known here")
            }
        }
        return RequestMessage.Item(
            uniqueBatchItemID: id.map(BatchItemID.integer),
            request: try required(request, "RequestPayload"))
    }

    /// The batch of answers in the current item, `Message`.
    mutating func responseMessage(limits: DecodingLimits) throws(Failure) -> ResponseMessage {
        var version: ProtocolVersion?
        var timeStamp: Int64?
        var items: [ResponseMessage.Item] = []
        try enter()
        while let tag = try next() {
            switch tag {
            case .cosmianHeader:
                try enter()
                while let tag = try next() {
                    switch tag {
                    case .protocolVersion:
                        try requireFirst(version == nil)
                        version = try protocolVersion()
                    case .timeStamp: try readDate(&timeStamp)
                    default: try skip()
                    }
                }
            case .cosmianItems:
                try elements { (reader) throws(Failure) in
                    guard items.count < limits.maxItems else { throw reader.tooManyItems() }
                    items.append(try reader.responseItem())
                }
            default: try skip()
            }
        }
        return ResponseMessage(
            protocolVersion: try required(version, "ProtocolVersion"),
            timeStamp: try required(timeStamp, "Timestamp"), items: items)
    }

    private mutating func responseItem() throws(Failure) -> ResponseMessage.Item {
        var operation: Operation?
        var id: Int32?
        var status: ResultStatus?
        var reason: ResultReason?
        var message: String?
        var response: Response?
        try enter()
        while let tag = try next() {
            switch tag {
            case .operation: try read(&operation)
            case .uniqueBatchItemID: try read(&id)
            case .resultStatus: try read(&status)
            case .resultReason: try read(&reason)
            case .resultMessage: try read(&message)
            case .responsePayload:
                guard let operation else { throw mismatch("Operation must come before it") }
                response = try self.response(operation)
            case .messageExtension: try skip()
            default: throw mismatch("is not known here")
            }
        }
        let result: Result<Response, Failure>
        if try required(status, "ResultStatus") == .success {
            result = .success(try required(response, "ResponsePayload"))
        } else {
            result = .failure(Failure(.kmip, reason ?? .generalFailure, message ?? ""))
        }
        return ResponseMessage.Item(
            operation: try required(operation, "Operation"),
            uniqueBatchItemID: id.map(BatchItemID.integer), result: result)
    }
}

extension JSONWriter {
    mutating func write(_ message: RequestMessage) {
        begin(.cosmianMessage)
        begin(.cosmianHeader)
        write(message.header.protocolVersion)
        write(.batchCount, message.header.batchCount)
        end()
        write(.cosmianItems, elements: message.items) { writer, item in
            writer.begin(.cosmianItems)
            writer.write(.operation, item.request.operation)
            writer.write(item.uniqueBatchItemID)
            writer.write(.requestPayload, item.request)
            writer.end()
        }
        end()
    }

    mutating func write(_ message: ResponseMessage) {
        begin(.cosmianMessage)
        begin(.cosmianHeader)
        write(message.protocolVersion)
        write(.timeStamp, date: message.timeStamp)
        write(.batchCount, Int32(clamping: message.items.count))
        end()
        write(.cosmianItems, elements: message.items) { writer, item in writer.write(item) }
        end()
    }

    private mutating func write(_ item: ResponseMessage.Item) {
        begin(.cosmianItems)
        write(.operation, item.operation)
        write(item.uniqueBatchItemID)
        switch item.result {
        case .success(let response):
            write(.resultStatus, ResultStatus.success)
            write(.responsePayload, response)
        case .failure(let failure):
            write(.resultStatus, ResultStatus.operationFailed)
            // A reason counts only for the failures that 4.22 gives one.
            let isReasoned = failure.kind == .kmip
            write(.resultReason, isReasoned ? failure.reason : .operationNotSupported)
            write(.resultMessage, isReasoned ? failure.message : Cosmian422.errorText(of: failure))
        }
        end()
    }

    private mutating func write(_ version: ProtocolVersion) {
        begin(.protocolVersion)
        write(.protocolVersionMajor, version.major)
        write(.protocolVersionMinor, version.minor)
        end()
    }

    /// Identifiers that are bytes belong to the standard encodings and have no form here.
    private mutating func write(_ id: BatchItemID?) {
        if case .integer(let id) = id { write(.uniqueBatchItemID, id) }
    }
}
