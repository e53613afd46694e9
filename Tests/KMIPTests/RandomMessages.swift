import KMIP

extension RandomValues {
    mutating func request() -> Request {
        switch below(14) {
        case 0:
            var request = CreateRequest(
                objectType: enumeration(ObjectType.self), attributes: attributes())
            request.protectionStorageMasks = maybe { $0.int32() }
            return .create(request)
        case 1: return .get(getRequest())
        case 2: return .export(getRequest())
        case 3:
            let object = object()
            return .import(
                ImportRequest(
                    uniqueIdentifier: identifier(), objectType: object.type,
                    replaceExisting: flag(),
                    keyWrapType: maybe { $0.enumeration(KeyWrapType.self) },
                    attributes: attributes(),
                    object: object))
        case 4:
            var request = LocateRequest(attributes: attributes())
            request.maximumItems = maybe { $0.int32() }
            request.offsetItems = maybe { $0.int32() }
            request.storageStatusMask = maybe { $0.int32() }
            return .locate(request)
        case 5: return .encrypt(encryptRequest())
        case 6: return .decrypt(decryptRequest())
        case 7:
            return .getAttributes(
                GetAttributesRequest(
                    uniqueIdentifier: maybe { $0.identifier() },
                    references: maybe { $0.list { $0.attributeReference() } }))
        case 8:
            return .setAttribute(
                SetAttributeRequest(
                    uniqueIdentifier: maybe { $0.identifier() }, newAttribute: attributeValue()))
        case 9:
            return .deleteAttribute(
                DeleteAttributeRequest(
                    uniqueIdentifier: maybe { $0.identifier() },
                    currentAttribute: maybe { $0.attributeValue() },
                    references: maybe { $0.list { $0.attributeReference() } }))
        case 10:
            var request = ReKeyRequest(uniqueIdentifier: maybe { $0.identifier() })
            request.offset = maybe { $0.int32() }
            request.attributes = maybe { $0.attributes() }
            request.protectionStorageMasks = maybe { $0.int32() }
            return .reKey(request)
        case 11: return .activate(ActivateRequest(uniqueIdentifier: maybe { $0.identifier() }))
        case 12:
            let reason =
                flag()
                ? RevocationReason(enumeration(RevocationReasonCode.self))
                : RevocationReason(.unspecified, message: text())
            var request = RevokeRequest(uniqueIdentifier: maybe { $0.identifier() }, reason: reason)
            request.compromiseOccurrenceDate = maybe { $0.int64() }
            return .revoke(request)
        default:
            return .destroy(
                DestroyRequest(uniqueIdentifier: maybe { $0.identifier() }, remove: flag()))
        }
    }

    private mutating func getRequest() -> GetRequest {
        var request = GetRequest(uniqueIdentifier: maybe { $0.identifier() })
        request.keyFormatType = maybe { $0.enumeration(KeyFormatType.self) }
        request.keyWrapType = maybe { $0.enumeration(KeyWrapType.self) }
        request.keyWrappingSpecification = maybe { random in
            var specification = KeyWrappingSpecification(
                wrappingMethod: random.enumeration(WrappingMethod.self),
                encryptionKeyInformation: random.maybe { $0.keyInformation() })
            specification.macSignatureKeyInformation = random.maybe { $0.keyInformation() }
            specification.attributeNames = random.list { $0.text() }
            specification.encodingOption = random.maybe { $0.enumeration(EncodingOption.self) }
            return specification
        }
        return request
    }

    private mutating func encryptRequest() -> EncryptRequest {
        var request = EncryptRequest(uniqueIdentifier: maybe { $0.identifier() })
        request.cryptographicParameters = maybe { $0.parameters() }
        request.data = maybe { $0.bytes() }
        request.ivCounterNonce = maybe { $0.bytes() }
        request.correlationValue = maybe { $0.bytes() }
        request.initIndicator = maybe { $0.flag() }
        request.finalIndicator = maybe { $0.flag() }
        request.additionalData = maybe { $0.bytes() }
        return request
    }

    private mutating func decryptRequest() -> DecryptRequest {
        var request = DecryptRequest(uniqueIdentifier: maybe { $0.identifier() })
        request.cryptographicParameters = maybe { $0.parameters() }
        request.data = maybe { $0.bytes() }
        request.ivCounterNonce = maybe { $0.bytes() }
        request.correlationValue = maybe { $0.bytes() }
        request.initIndicator = maybe { $0.flag() }
        request.finalIndicator = maybe { $0.flag() }
        request.additionalData = maybe { $0.bytes() }
        request.tag = maybe { $0.bytes() }
        return request
    }

    mutating func response() -> Response {
        switch below(8) {
        case 0:
            return .create(
                CreateResponse(objectType: enumeration(ObjectType.self), uniqueIdentifier: text()))
        case 1:
            let object = object()
            return .get(
                GetResponse(objectType: object.type, uniqueIdentifier: text(), object: object))
        case 2:
            let object = object()
            return .export(
                GetResponse(
                    objectType: object.type, uniqueIdentifier: text(),
                    attributes: statedAttributes(), object: object))
        case 3:
            return .locate(
                LocateResponse(locatedItems: int32(), uniqueIdentifiers: list { $0.text() }))
        case 4:
            var response = EncryptResponse(uniqueIdentifier: text())
            response.data = maybe { $0.bytes() }
            response.ivCounterNonce = maybe { $0.bytes() }
            response.correlationValue = maybe { $0.bytes() }
            response.tag = maybe { $0.bytes() }
            return .encrypt(response)
        case 5:
            return .decrypt(
                DecryptResponse(
                    uniqueIdentifier: text(), data: maybe { $0.bytes() },
                    correlationValue: maybe { $0.bytes() }))
        case 6:
            return .getAttributes(
                GetAttributesResponse(uniqueIdentifier: text(), attributes: statedAttributes()))
        default:
            let operations: [KMIP.Operation] = [
                .import, .setAttribute, .deleteAttribute, .reKey, .activate, .revoke, .destroy,
            ]
            return .identifier(
                operations[below(operations.count)], IdentifierResponse(uniqueIdentifier: text()))
        }
    }

    /// Answers always say whether an object is sensitive.
    private mutating func statedAttributes() -> Attributes {
        var attributes = attributes()
        attributes.sensitive = flag()
        return attributes
    }
}
