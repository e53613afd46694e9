// The writing side of the requests, for clients and tests.

extension TTLVWriter where Self: ~Copyable {
    /// Writes a payload as an item with this tag.
    mutating func write(_ tag: Tag, _ request: Request) {
        begin(tag)
        switch request {
        case .create(let request): writeFields(of: request)
        case .get(let request), .export(let request): writeFields(of: request)
        case .import(let request): writeFields(of: request)
        case .locate(let request): writeFields(of: request)
        case .encrypt(let request): writeFields(of: request)
        case .decrypt(let request): writeFields(of: request)
        case .getAttributes(let request):
            write(.uniqueIdentifier, request.uniqueIdentifier)
            write(request.references)
        case .setAttribute(let request):
            write(.uniqueIdentifier, request.uniqueIdentifier)
            write(.newAttribute, request.newAttribute)
        case .deleteAttribute(let request):
            write(.uniqueIdentifier, request.uniqueIdentifier)
            write(.currentAttribute, request.currentAttribute)
            write(request.references)
        case .reKey(let request): writeFields(of: request)
        case .activate(let request): write(.uniqueIdentifier, request.uniqueIdentifier)
        case .revoke(let request): writeFields(of: request)
        case .destroy(let request):
            write(.uniqueIdentifier, request.uniqueIdentifier)
            if request.remove { write(.cosmianRemove, true) }
        }
        end()
    }

    private mutating func writeFields(of request: CreateRequest) {
        write(.objectType, request.objectType)
        write(.attributes, request.attributes)
        write(.protectionStorageMasks, request.protectionStorageMasks)
    }

    private mutating func writeFields(of request: GetRequest) {
        write(.uniqueIdentifier, request.uniqueIdentifier)
        write(.keyFormatType, request.keyFormatType)
        write(.keyWrapType, request.keyWrapType)
        write(.keyWrappingSpecification, request.keyWrappingSpecification)
    }

    private mutating func writeFields(of request: ImportRequest) {
        write(.uniqueIdentifier, request.uniqueIdentifier)
        write(.objectType, request.objectType)
        write(.replaceExisting, request.replaceExisting)
        write(.keyWrapType, request.keyWrapType)
        write(.attributes, request.attributes)
        write(request.object)
    }

    private mutating func writeFields(of request: LocateRequest) {
        write(.maximumItems, request.maximumItems)
        write(.offsetItems, request.offsetItems)
        write(.storageStatusMask, request.storageStatusMask)
        write(.attributes, request.attributes)
    }

    private mutating func writeFields(of request: EncryptRequest) {
        write(.uniqueIdentifier, request.uniqueIdentifier)
        write(.cryptographicParameters, request.cryptographicParameters)
        write(.data, request.data)
        write(.ivCounterNonce, request.ivCounterNonce)
        write(.correlationValue, request.correlationValue)
        write(.initIndicator, request.initIndicator)
        write(.finalIndicator, request.finalIndicator)
        write(.authenticatedEncryptionAdditionalData, request.additionalData)
    }

    private mutating func writeFields(of request: DecryptRequest) {
        write(.uniqueIdentifier, request.uniqueIdentifier)
        write(.cryptographicParameters, request.cryptographicParameters)
        write(.data, request.data)
        write(.ivCounterNonce, request.ivCounterNonce)
        write(.correlationValue, request.correlationValue)
        write(.initIndicator, request.initIndicator)
        write(.finalIndicator, request.finalIndicator)
        write(.authenticatedEncryptionAdditionalData, request.additionalData)
        write(.authenticatedEncryptionTag, request.tag)
    }

    private mutating func writeFields(of request: ReKeyRequest) {
        write(.uniqueIdentifier, request.uniqueIdentifier)
        if let offset = request.offset { write(.offset, interval: offset) }
        if let attributes = request.attributes { write(.attributes, attributes) }
        write(.protectionStorageMasks, request.protectionStorageMasks)
    }

    private mutating func writeFields(of request: RevokeRequest) {
        write(.uniqueIdentifier, request.uniqueIdentifier)
        write(.revocationReason, request.reason)
        write(.compromiseOccurrenceDate, date: request.compromiseOccurrenceDate)
    }
}
