import KMIP

/// Runs operations: finds and authorises what each declares, then lets it work.
package struct Dispatch: Sendable {
    /// Runs one operation; counts and records it where that is asked for.
    package func run(_ request: Request, in context: OperationContext) async throws(Failure) -> Response {
        guard let metrics = context.metrics else { return try await recorded(request, context) }
        let start = ContinuousClock.now
        let result: Result<Response, Failure>
        do { result = .success(try await recorded(request, context)) } catch {
            result = .failure(error)
        }
        var failure: Failure?
        if case .failure(let error) = result { failure = error }
        metrics.count(request.operation, failure, took: start.duration(to: .now))
        return try result.get()
    }

    private func recorded(
        _ request: Request, _ context: OperationContext
    ) async throws(Failure) -> Response {
        guard let audit = context.audit else { return try await perform(request, context) }
        return try await audit.record(
            Cosmian422.name(of: request.operation), subject: request.subject, made: \.madeObject
        ) { () throws(Failure) in try await perform(request, context) }
    }

    private func perform(
        _ request: Request, _ context: OperationContext
    ) async throws(Failure) -> Response {
        switch request {
        case .create(let payload): try await perform(Create.self, payload, context)
        case .import(let payload): try await perform(Import.self, payload, context)
        case .locate(let payload): try await perform(Locate.self, payload, context)
        case .get(let payload): try await perform(Get.self, payload, context)
        case .export(let payload): try await perform(Export.self, payload, context)
        case .encrypt(let payload): try await perform(Encrypt.self, payload, context)
        case .decrypt(let payload): try await perform(Decrypt.self, payload, context)
        case .getAttributes(let payload): try await perform(GetAttributes.self, payload, context)
        case .setAttribute(let payload): try await perform(SetAttribute.self, payload, context)
        case .deleteAttribute(let payload):
            try await perform(DeleteAttribute.self, payload, context)
        case .reKey(let payload): try await perform(ReKey.self, payload, context)
        case .activate(let payload): try await perform(Activate.self, payload, context)
        case .revoke(let payload): try await perform(Revoke.self, payload, context)
        case .destroy(let payload): try await perform(Destroy.self, payload, context)
        }
    }

    private func perform<Operation: OpenOperation>(
        _: Operation.Type, _ payload: Operation.Payload, _ context: OperationContext
    ) async throws(Failure) -> Response {
        switch Operation.access {
        case .everyUser: break
        case .creators: try context.gate.admitCreation(in: context)
        }
        return try await Operation.run(payload, in: context)
    }

    private func perform<Operation: ObjectOperation>(
        _: Operation.Type, _ payload: Operation.Payload, _ context: OperationContext
    ) async throws(Failure) -> Response {
        let object: AuthorizedObject
        switch try Selector(Operation.identifier(of: payload)) {
        case .uid(let uid):
            switch try await context.gate.object(uid, Operation.requirement, in: context) {
            case .failure(let refusal): throw Operation.failure(for: refusal, of: uid)
            case .success(let admitted): object = admitted
            }
            guard try Operation.accepts(object) else {
                throw Operation.failure(forUnaccepted: uid)
            }
        case .tags(let tags):
            let found = try await context.gate.objects(
                tagged: tags, Operation.requirement, maximum: 1, in: context,
                accepting: Operation.accepts)
            guard let first = found.first else {
                throw Operation.failure(forTags: Cosmian422.text(ofTags: tags))
            }
            object = first
        }
        return try await Operation.run(payload, on: object, in: context)
    }

    private func perform<Operation: EveryObjectOperation>(
        _: Operation.Type, _ payload: Operation.Payload, _ context: OperationContext
    ) async throws(Failure) -> Response {
        let objects: [AuthorizedObject]
        let identifier: String
        switch try Selector(Operation.identifier(of: payload)) {
        case .uid(let uid):
            identifier = uid
            switch try await context.gate.object(uid, Operation.requirement, in: context) {
            case .failure: objects = []
            case .success(let object): objects = [object]
            }
        case .tags(let tags):
            identifier = Cosmian422.text(ofTags: tags)
            objects = try await context.gate.objects(
                tagged: tags, Operation.requirement, maximum: Gate.objectsMax, in: context,
                accepting: { _ in true })
        }
        guard !objects.isEmpty else { throw Operation.failure(for: identifier) }
        return try await Operation.run(payload, on: objects, identifier: identifier, in: context)
    }
}

extension Cosmian422 {
    fileprivate static func text(ofTags tags: [String]) -> String {
        String(decoding: json(ofTags: tags), as: UTF8.self)
    }
}
