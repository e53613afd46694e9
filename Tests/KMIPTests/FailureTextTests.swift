import KMIP
import Testing

@Suite struct FailureTextTests {
    @Test(arguments: [
        (
            Failure(.unknownOperation, .operationNotSupported, "Register"), 404,
            "Not Supported route: Operation: Register"
        ),
        (Failure(.accessDenied, .permissionDenied, "x"), 401, "Access denied: x"),
        (Failure(.kmip, .itemNotFound, "x"), 422, "Item_Not_Found: x"),
        (Failure(.kmip, .objectNotFound, "x"), 422, "Object_Not_Found: x"),
        (Failure(.kmip, .codecError, "x"), 422, "Codec_Error: x"),
        (
            Failure(.kmip, .incompatibleCryptographicUsageMask, "x"), 422,
            "Incompatible_Cryptographic_Usage_Mask: x"
        ),
        (Failure(.kmip, .invalidObjectType, "x"), 422, "Invalid_Object_Type: x"),
        (Failure(.kmip, .invalidAttributeValue, "x"), 422, "Invalid_Attribute_Value: x"),
        (Failure(.kmip, .wrongKeyLifecycleState, "x"), 422, "Wrong_Key_Lifecycle_State: x"),
        (Failure(.kmip, .invalidCSR, "x"), 422, "Invalid_CSR: x"),
        (Failure(.kmip, ResultReason(rawValue: 0x7777), "x"), 422, "General_Failure: x"),
        (Failure(.invalidRequest, .invalidMessage, "x"), 422, "Invalid Request: x"),
        (Failure(.notSupported, .featureNotSupported, "x"), 422, "Not Supported: x"),
        (Failure(.unsupportedPlaceholder, .featureNotSupported, "x"), 422, "x"),
        (Failure(.cryptographic, .cryptographicFailure, "x"), 500, "Cryptographic error: x"),
        (Failure(.conversion, .generalFailure, "x"), 500, "Conversion Error: x"),
        (Failure(.database, .generalFailure, "x"), 500, "x"),
        (Failure(.unexpected, .generalFailure, "x"), 500, "Unexpected server error: x"),
        (Failure(.unavailable, .generalFailure, "x"), 503, "x"),
    ])
    func answers(_ failure: Failure, _ status: Int, _ text: String) {
        #expect(Cosmian422.httpStatus(of: failure) == status)
        #expect(Cosmian422.errorText(of: failure) == text)
    }

    @Test(arguments: [
        (Failure(.kmip, .objectNotFound, "no k"), "Object_Not_Found", "no k"),
        (
            Failure(.invalidRequest, .missingData, "no data"), "Operation_Not_Supported",
            "Invalid Request: no data"
        ),
        (
            Failure(.cryptographic, .cryptographicFailure, "x"), "Operation_Not_Supported",
            "Cryptographic error: x"
        ),
    ])
    func reportsTheFailureOfABatchItem(_ failure: Failure, _ reason: String, _ message: String) {
        let body = Cosmian422.encode(
            ResponseMessage(
                protocolVersion: ProtocolVersion(major: 2, minor: 1), timeStamp: 0,
                items: [
                    .init(
                        operation: .reKey, uniqueBatchItemID: .integer(7), result: .failure(failure)
                    )
                ]))

        #expect(
            String(decoding: body, as: UTF8.self).hasSuffix(
                #"{"tag":"Operation","type":"Enumeration","value":"Rekey"},{"tag":"UniqueBatchItemId","type":"Integer","value":7},{"tag":"ResultStatus","type":"Enumeration","value":"OperationFailed"},{"tag":"ResultReason","type":"Enumeration","value":"\#(reason)"},{"tag":"ResultMessage","type":"TextString","value":"\#(message)"}]}]}]}"#
            ))
    }
}
