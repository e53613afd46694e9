// Written by Tools/generate-kmip from Registry/registry.json; never edited.

extension Tag {
    public static let activationDate = Tag(rawValue: 0x420001)
    public static let adjustmentType = Tag(rawValue: 0x420158)
    public static let adjustmentValue = Tag(rawValue: 0x420162)
    public static let alternateFailoverEndpoints = Tag(rawValue: 0x420135)
    public static let alternativeName = Tag(rawValue: 0x4200BF)
    public static let alternativeNameType = Tag(rawValue: 0x4200C1)
    public static let alternativeNameValue = Tag(rawValue: 0x4200C0)
    public static let alwaysSensitive = Tag(rawValue: 0x420121)
    public static let applicationData = Tag(rawValue: 0x420002)
    public static let applicationNamespace = Tag(rawValue: 0x420003)
    public static let applicationSpecificInformation = Tag(rawValue: 0x420004)
    public static let archiveDate = Tag(rawValue: 0x420005)
    public static let asynchronousCapability = Tag(rawValue: 0x4200F0)
    public static let asynchronousCorrelationValue = Tag(rawValue: 0x420006)
    public static let asynchronousCorrelationValues = Tag(rawValue: 0x420176)
    public static let asynchronousIndicator = Tag(rawValue: 0x420007)
    public static let asynchronousRequest = Tag(rawValue: 0x420173)
    public static let attestationAssertion = Tag(rawValue: 0x4200CC)
    public static let attestationCapability = Tag(rawValue: 0x4200F1)
    public static let attestationCapableIndicator = Tag(rawValue: 0x4200D3)
    public static let attestationMeasurement = Tag(rawValue: 0x4200CB)
    public static let attestationType = Tag(rawValue: 0x4200C7)
    public static let attribute = Tag(rawValue: 0x420008)
    public static let attributeIndex = Tag(rawValue: 0x420009)
    public static let attributeName = Tag(rawValue: 0x42000A)
    public static let attributeReference = Tag(rawValue: 0x42013B)
    public static let attributeValue = Tag(rawValue: 0x42000B)
    public static let attributes = Tag(rawValue: 0x420125)
    public static let authenticatedEncryptionAdditionalData = Tag(rawValue: 0x4200FE)
    public static let authenticatedEncryptionTag = Tag(rawValue: 0x4200FF)
    public static let authentication = Tag(rawValue: 0x42000C)
    public static let batchContinueCapability = Tag(rawValue: 0x4200FA)
    public static let batchCount = Tag(rawValue: 0x42000D)
    public static let batchErrorContinuationOption = Tag(rawValue: 0x42000E)
    public static let batchItem = Tag(rawValue: 0x42000F)
    public static let batchOrderOption = Tag(rawValue: 0x420010)
    public static let batchUndoCapability = Tag(rawValue: 0x4200F9)
    public static let blockCipherMode = Tag(rawValue: 0x420011)
    public static let buildDate = Tag(rawValue: 0x420133)
    public static let buildLevel = Tag(rawValue: 0x420132)
    public static let crtCoefficient = Tag(rawValue: 0x420027)
    public static let cancellationResult = Tag(rawValue: 0x420012)
    public static let capabilityInformation = Tag(rawValue: 0x4200F7)
    public static let certificate = Tag(rawValue: 0x420013)
    public static let certificateIdentifier = Tag(rawValue: 0x420014)
    public static let certificateIssuer = Tag(rawValue: 0x420015)
    public static let certificateIssuerAlternativeName = Tag(rawValue: 0x420016)
    public static let certificateIssuerC = Tag(rawValue: 0x420118)
    public static let certificateIssuerCN = Tag(rawValue: 0x420114)
    public static let certificateIssuerDC = Tag(rawValue: 0x42011E)
    public static let certificateIssuerDNQualifier = Tag(rawValue: 0x42011F)
    public static let certificateIssuerDistinguishedName = Tag(rawValue: 0x420017)
    public static let certificateIssuerEmail = Tag(rawValue: 0x420117)
    public static let certificateIssuerL = Tag(rawValue: 0x42011A)
    public static let certificateIssuerO = Tag(rawValue: 0x420115)
    public static let certificateIssuerOU = Tag(rawValue: 0x420116)
    public static let certificateIssuerST = Tag(rawValue: 0x420119)
    public static let certificateIssuerSerialNumber = Tag(rawValue: 0x42011C)
    public static let certificateIssuerTitle = Tag(rawValue: 0x42011D)
    public static let certificateIssuerUID = Tag(rawValue: 0x42011B)
    public static let certificateLength = Tag(rawValue: 0x4200AD)
    public static let certificateRequest = Tag(rawValue: 0x420018)
    public static let certificateRequestType = Tag(rawValue: 0x420019)
    public static let certificateRequestUniqueIdentifier = Tag(rawValue: 0x420139)
    public static let certificateRequestValue = Tag(rawValue: 0x420140)
    public static let certificateSerialNumber = Tag(rawValue: 0x4200AF)
    public static let certificateSubject = Tag(rawValue: 0x42001A)
    public static let certificateSubjectAlternativeName = Tag(rawValue: 0x42001B)
    public static let certificateSubjectC = Tag(rawValue: 0x42010C)
    public static let certificateSubjectCN = Tag(rawValue: 0x420108)
    public static let certificateSubjectDC = Tag(rawValue: 0x420112)
    public static let certificateSubjectDNQualifier = Tag(rawValue: 0x420113)
    public static let certificateSubjectDistinguishedName = Tag(rawValue: 0x42001C)
    public static let certificateSubjectEmail = Tag(rawValue: 0x42010B)
    public static let certificateSubjectL = Tag(rawValue: 0x42010E)
    public static let certificateSubjectO = Tag(rawValue: 0x420109)
    public static let certificateSubjectOU = Tag(rawValue: 0x42010A)
    public static let certificateSubjectST = Tag(rawValue: 0x42010D)
    public static let certificateSubjectSerialNumber = Tag(rawValue: 0x420110)
    public static let certificateSubjectTitle = Tag(rawValue: 0x420111)
    public static let certificateSubjectUID = Tag(rawValue: 0x42010F)
    public static let certificateType = Tag(rawValue: 0x42001D)
    public static let certificateValue = Tag(rawValue: 0x42001E)
    public static let clientCorrelationValue = Tag(rawValue: 0x420105)
    public static let clientRegistrationMethod = Tag(rawValue: 0x4200F6)
    public static let clusterInfo = Tag(rawValue: 0x420134)
    public static let comment = Tag(rawValue: 0x4200FD)
    public static let commonAttributes = Tag(rawValue: 0x420126)
    public static let commonProtectionStorageMasks = Tag(rawValue: 0x420163)
    public static let commonTemplateAttribute = Tag(rawValue: 0x42001F)
    public static let compromiseDate = Tag(rawValue: 0x420020)
    public static let compromiseOccurrenceDate = Tag(rawValue: 0x420021)
    public static let constraint = Tag(rawValue: 0x420169)
    public static let constraints = Tag(rawValue: 0x420168)
    public static let contactInformation = Tag(rawValue: 0x420022)
    public static let correlationValue = Tag(rawValue: 0x4200D6)
    public static let counterLength = Tag(rawValue: 0x4200D0)
    public static let credential = Tag(rawValue: 0x420023)
    public static let credentialType = Tag(rawValue: 0x420024)
    public static let credentialValue = Tag(rawValue: 0x420025)
    public static let criticalityIndicator = Tag(rawValue: 0x420026)
    public static let cryptographicAlgorithm = Tag(rawValue: 0x420028)
    public static let cryptographicDomainParameters = Tag(rawValue: 0x420029)
    public static let cryptographicLength = Tag(rawValue: 0x42002A)
    public static let cryptographicParameters = Tag(rawValue: 0x42002B)
    public static let cryptographicUsageMask = Tag(rawValue: 0x42002C)
    public static let currentAttribute = Tag(rawValue: 0x42013C)
    public static let customAttribute = Tag(rawValue: 0x42002D)
    public static let d = Tag(rawValue: 0x42002E)
    public static let drbgAlgorithm = Tag(rawValue: 0x4200DB)
    public static let data = Tag(rawValue: 0x4200C2)
    public static let dataLength = Tag(rawValue: 0x4200C4)
    public static let deactivationDate = Tag(rawValue: 0x42002F)
    public static let defaultsInformation = Tag(rawValue: 0x420152)
    public static let derivationData = Tag(rawValue: 0x420030)
    public static let derivationMethod = Tag(rawValue: 0x420031)
    public static let derivationParameters = Tag(rawValue: 0x420032)
    public static let description = Tag(rawValue: 0x4200FC)
    public static let destroyAction = Tag(rawValue: 0x4200F3)
    public static let destroyDate = Tag(rawValue: 0x420033)
    public static let deviceIdentifier = Tag(rawValue: 0x4200A2)
    public static let deviceSerialNumber = Tag(rawValue: 0x4200B0)
    public static let digest = Tag(rawValue: 0x420034)
    public static let digestValue = Tag(rawValue: 0x420035)
    public static let digestedData = Tag(rawValue: 0x420107)
    public static let digitalSignatureAlgorithm = Tag(rawValue: 0x4200AE)
    public static let encodingOption = Tag(rawValue: 0x4200A3)
    public static let encryptionKeyInformation = Tag(rawValue: 0x420036)
    public static let endpointRole = Tag(rawValue: 0x420151)
    public static let ephemeral = Tag(rawValue: 0x420154)
    public static let extensionAttribute = Tag(rawValue: 0x42012A)
    public static let extensionDescription = Tag(rawValue: 0x42012C)
    public static let extensionEnumeration = Tag(rawValue: 0x420129)
    public static let extensionInformation = Tag(rawValue: 0x4200A4)
    public static let extensionName = Tag(rawValue: 0x4200A5)
    public static let extensionParentStructureTag = Tag(rawValue: 0x42012B)
    public static let extensionTag = Tag(rawValue: 0x4200A6)
    public static let extensionType = Tag(rawValue: 0x4200A7)
    public static let extractable = Tag(rawValue: 0x420122)
    public static let fips186Variation = Tag(rawValue: 0x4200DC)
    public static let finalIndicator = Tag(rawValue: 0x4200D8)
    public static let fixedFieldLength = Tag(rawValue: 0x4200CF)
    public static let fresh = Tag(rawValue: 0x4200A8)
    public static let g = Tag(rawValue: 0x420037)
    public static let hashedPassword = Tag(rawValue: 0x420157)
    public static let hashingAlgorithm = Tag(rawValue: 0x420038)
    public static let ivCounterNonce = Tag(rawValue: 0x42003D)
    public static let ivLength = Tag(rawValue: 0x4200CD)
    public static let initIndicator = Tag(rawValue: 0x4200D7)
    public static let initialCounterValue = Tag(rawValue: 0x4200D1)
    public static let initialDate = Tag(rawValue: 0x420039)
    public static let initializationVector = Tag(rawValue: 0x42003A)
    public static let interopFunction = Tag(rawValue: 0x420160)
    public static let interopIdentifier = Tag(rawValue: 0x420161)
    public static let invocationFieldLength = Tag(rawValue: 0x4200D2)
    public static let issuer = Tag(rawValue: 0x42003B)
    public static let issuerAlternativeName = Tag(rawValue: 0x4200B1)
    public static let issuerDistinguishedName = Tag(rawValue: 0x4200B2)
    public static let iterationCount = Tag(rawValue: 0x42003C)
    public static let j = Tag(rawValue: 0x42003E)
    public static let key = Tag(rawValue: 0x42003F)
    public static let keyBlock = Tag(rawValue: 0x420040)
    public static let keyCompressionType = Tag(rawValue: 0x420041)
    public static let keyFormatType = Tag(rawValue: 0x420042)
    public static let keyMaterial = Tag(rawValue: 0x420043)
    public static let keyPartIdentifier = Tag(rawValue: 0x420044)
    public static let keyRoleType = Tag(rawValue: 0x420083)
    public static let keyValue = Tag(rawValue: 0x420045)
    public static let keyValueLocation = Tag(rawValue: 0x4200B8)
    public static let keyValueLocationType = Tag(rawValue: 0x4200BA)
    public static let keyValueLocationValue = Tag(rawValue: 0x4200B9)
    public static let keyValuePresent = Tag(rawValue: 0x4200BB)
    public static let keyWrapType = Tag(rawValue: 0x4200F8)
    public static let keyWrappingData = Tag(rawValue: 0x420046)
    public static let keyWrappingSpecification = Tag(rawValue: 0x420047)
    public static let lastChangeDate = Tag(rawValue: 0x420048)
    public static let leaseTime = Tag(rawValue: 0x420049)
    public static let link = Tag(rawValue: 0x42004A)
    public static let linkType = Tag(rawValue: 0x42004B)
    public static let linkedObjectIdentifier = Tag(rawValue: 0x42004C)
    public static let locatedItems = Tag(rawValue: 0x4200D5)
    public static let logMessage = Tag(rawValue: 0x420141)
    public static let macData = Tag(rawValue: 0x4200C6)
    public static let macSignature = Tag(rawValue: 0x42004D)
    public static let macSignatureKeyInformation = Tag(rawValue: 0x42004E)
    public static let machineIdentifier = Tag(rawValue: 0x4200A9)
    public static let maskGenerator = Tag(rawValue: 0x420101)
    public static let maskGeneratorHashingAlgorithm = Tag(rawValue: 0x420102)
    public static let maximumItems = Tag(rawValue: 0x42004F)
    public static let maximumResponseSize = Tag(rawValue: 0x420050)
    public static let mediaIdentifier = Tag(rawValue: 0x4200AA)
    public static let messageExtension = Tag(rawValue: 0x420051)
    public static let modulus = Tag(rawValue: 0x420052)
    public static let nistKeyType = Tag(rawValue: 0x42013A)
    public static let name = Tag(rawValue: 0x420053)
    public static let nameType = Tag(rawValue: 0x420054)
    public static let nameValue = Tag(rawValue: 0x420055)
    public static let networkIdentifier = Tag(rawValue: 0x4200AB)
    public static let neverExtractable = Tag(rawValue: 0x420123)
    public static let newAttribute = Tag(rawValue: 0x42013D)
    public static let nonce = Tag(rawValue: 0x4200C8)
    public static let nonceID = Tag(rawValue: 0x4200C9)
    public static let nonceValue = Tag(rawValue: 0x4200CA)
    public static let objectDefaults = Tag(rawValue: 0x420153)
    public static let objectGroup = Tag(rawValue: 0x420056)
    public static let objectGroupMember = Tag(rawValue: 0x4200AC)
    public static let objectGroups = Tag(rawValue: 0x420166)
    public static let objectType = Tag(rawValue: 0x420057)
    public static let objectTypes = Tag(rawValue: 0x420167)
    public static let objects = Tag(rawValue: 0x42014E)
    public static let offset = Tag(rawValue: 0x420058)
    public static let offsetItems = Tag(rawValue: 0x4200D4)
    public static let oneTimePassword = Tag(rawValue: 0x420156)
    public static let opaqueDataType = Tag(rawValue: 0x420059)
    public static let opaqueDataValue = Tag(rawValue: 0x42005A)
    public static let opaqueObject = Tag(rawValue: 0x42005B)
    public static let operation = Tag(rawValue: 0x42005C)
    public static let operationPolicyName = Tag(rawValue: 0x42005D)
    public static let operations = Tag(rawValue: 0x42014F)
    public static let originalCreationDate = Tag(rawValue: 0x4200BC)
    public static let p = Tag(rawValue: 0x42005E)
    public static let pgpKey = Tag(rawValue: 0x4200BD)
    public static let pgpKeyVersion = Tag(rawValue: 0x4200BE)
    public static let pkcs11Function = Tag(rawValue: 0x42015A)
    public static let pkcs11InputParameters = Tag(rawValue: 0x42015B)
    public static let pkcs11Interface = Tag(rawValue: 0x420159)
    public static let pkcs11OutputParameters = Tag(rawValue: 0x42015C)
    public static let pkcs11ReturnCode = Tag(rawValue: 0x42015D)
    public static let pkcs12FriendlyName = Tag(rawValue: 0x4200FB)
    public static let pSource = Tag(rawValue: 0x420103)
    public static let paddingMethod = Tag(rawValue: 0x42005F)
    public static let password = Tag(rawValue: 0x4200A1)
    public static let predictionResistance = Tag(rawValue: 0x4200DD)
    public static let primeExponentP = Tag(rawValue: 0x420060)
    public static let primeExponentQ = Tag(rawValue: 0x420061)
    public static let primeFieldSize = Tag(rawValue: 0x420062)
    public static let privateExponent = Tag(rawValue: 0x420063)
    public static let privateKey = Tag(rawValue: 0x420064)
    public static let privateKeyAttributes = Tag(rawValue: 0x420127)
    public static let privateKeyTemplateAttribute = Tag(rawValue: 0x420065)
    public static let privateKeyUniqueIdentifier = Tag(rawValue: 0x420066)
    public static let privateProtectionStorageMasks = Tag(rawValue: 0x420164)
    public static let processStartDate = Tag(rawValue: 0x420067)
    public static let processingStage = Tag(rawValue: 0x420175)
    public static let productName = Tag(rawValue: 0x420131)
    public static let profileInformation = Tag(rawValue: 0x4200EB)
    public static let profileName = Tag(rawValue: 0x4200EC)
    public static let profileVersion = Tag(rawValue: 0x420142)
    public static let profileVersionMajor = Tag(rawValue: 0x420143)
    public static let profileVersionMinor = Tag(rawValue: 0x420144)
    public static let protectStopDate = Tag(rawValue: 0x420068)
    public static let protectionLevel = Tag(rawValue: 0x420145)
    public static let protectionPeriod = Tag(rawValue: 0x420146)
    public static let protectionStorageMask = Tag(rawValue: 0x42015E)
    public static let protectionStorageMasks = Tag(rawValue: 0x42015F)
    public static let protocolVersion = Tag(rawValue: 0x420069)
    public static let protocolVersionMajor = Tag(rawValue: 0x42006A)
    public static let protocolVersionMinor = Tag(rawValue: 0x42006B)
    public static let publicExponent = Tag(rawValue: 0x42006C)
    public static let publicKey = Tag(rawValue: 0x42006D)
    public static let publicKeyAttributes = Tag(rawValue: 0x420128)
    public static let publicKeyTemplateAttribute = Tag(rawValue: 0x42006E)
    public static let publicKeyUniqueIdentifier = Tag(rawValue: 0x42006F)
    public static let publicProtectionStorageMasks = Tag(rawValue: 0x420165)
    public static let putFunction = Tag(rawValue: 0x420070)
    public static let q = Tag(rawValue: 0x420071)
    public static let qString = Tag(rawValue: 0x420072)
    public static let qlength = Tag(rawValue: 0x420073)
    public static let quantumSafe = Tag(rawValue: 0x420147)
    public static let quantumSafeCapability = Tag(rawValue: 0x420148)
    public static let queryFunction = Tag(rawValue: 0x420074)
    public static let rngAlgorithm = Tag(rawValue: 0x4200DA)
    public static let rngMode = Tag(rawValue: 0x4200F5)
    public static let rngParameters = Tag(rawValue: 0x4200D9)
    public static let randomIV = Tag(rawValue: 0x4200C5)
    public static let randomNumberGenerator = Tag(rawValue: 0x4200DE)
    public static let recommendedCurve = Tag(rawValue: 0x420075)
    public static let replaceExisting = Tag(rawValue: 0x420124)
    public static let replacedUniqueIdentifier = Tag(rawValue: 0x420076)
    public static let requestCount = Tag(rawValue: 0x42014C)
    public static let requestHeader = Tag(rawValue: 0x420077)
    public static let requestMessage = Tag(rawValue: 0x420078)
    public static let requestPayload = Tag(rawValue: 0x420079)
    public static let responseHeader = Tag(rawValue: 0x42007A)
    public static let responseMessage = Tag(rawValue: 0x42007B)
    public static let responsePayload = Tag(rawValue: 0x42007C)
    public static let resultMessage = Tag(rawValue: 0x42007D)
    public static let resultReason = Tag(rawValue: 0x42007E)
    public static let resultStatus = Tag(rawValue: 0x42007F)
    public static let revocationMessage = Tag(rawValue: 0x420080)
    public static let revocationReason = Tag(rawValue: 0x420081)
    public static let revocationReasonCode = Tag(rawValue: 0x420082)
    public static let right = Tag(rawValue: 0x420150)
    public static let rights = Tag(rawValue: 0x42014D)
    public static let rotateAutomatic = Tag(rawValue: 0x42016B)
    public static let rotateDate = Tag(rawValue: 0x42016D)
    public static let rotateGeneration = Tag(rawValue: 0x42016E)
    public static let rotateInterval = Tag(rawValue: 0x42016A)
    public static let rotateLatest = Tag(rawValue: 0x420172)
    public static let rotateName = Tag(rawValue: 0x42016F)
    public static let rotateNameType = Tag(rawValue: 0x420171)
    public static let rotateNameValue = Tag(rawValue: 0x420170)
    public static let rotateOffset = Tag(rawValue: 0x42016C)
    public static let salt = Tag(rawValue: 0x420084)
    public static let saltLength = Tag(rawValue: 0x420100)
    public static let secretData = Tag(rawValue: 0x420085)
    public static let secretDataType = Tag(rawValue: 0x420086)
    public static let sensitive = Tag(rawValue: 0x420120)
    public static let serialNumber = Tag(rawValue: 0x420087)
    public static let serverCorrelationValue = Tag(rawValue: 0x420106)
    public static let serverHashedPassword = Tag(rawValue: 0x420155)
    public static let serverInformation = Tag(rawValue: 0x420088)
    public static let serverLoad = Tag(rawValue: 0x420130)
    public static let serverName = Tag(rawValue: 0x42012D)
    public static let serverPort = Tag(rawValue: 0x4200EE)
    public static let serverSerialNumber = Tag(rawValue: 0x42012E)
    public static let serverURI = Tag(rawValue: 0x4200ED)
    public static let serverVersion = Tag(rawValue: 0x42012F)
    public static let shortUniqueIdentifier = Tag(rawValue: 0x420136)
    public static let shreddingAlgorithm = Tag(rawValue: 0x4200F4)
    public static let signatureData = Tag(rawValue: 0x4200C3)
    public static let splitKey = Tag(rawValue: 0x420089)
    public static let splitKeyMethod = Tag(rawValue: 0x42008A)
    public static let splitKeyParts = Tag(rawValue: 0x42008B)
    public static let splitKeyThreshold = Tag(rawValue: 0x42008C)
    public static let state = Tag(rawValue: 0x42008D)
    public static let storageStatusMask = Tag(rawValue: 0x42008E)
    public static let streamingCapability = Tag(rawValue: 0x4200EF)
    public static let subjectAlternativeName = Tag(rawValue: 0x4200B3)
    public static let subjectDistinguishedName = Tag(rawValue: 0x4200B4)
    public static let submissionDate = Tag(rawValue: 0x420174)
    public static let symmetricKey = Tag(rawValue: 0x42008F)
    public static let tag = Tag(rawValue: 0x420138)
    public static let tagLength = Tag(rawValue: 0x4200CE)
    public static let template = Tag(rawValue: 0x420090)
    public static let templateAttribute = Tag(rawValue: 0x420091)
    public static let ticket = Tag(rawValue: 0x420149)
    public static let ticketType = Tag(rawValue: 0x42014A)
    public static let ticketValue = Tag(rawValue: 0x42014B)
    public static let timeStamp = Tag(rawValue: 0x420092)
    public static let trailerField = Tag(rawValue: 0x420104)
    public static let uniqueBatchItemID = Tag(rawValue: 0x420093)
    public static let uniqueIdentifier = Tag(rawValue: 0x420094)
    public static let unwrapMode = Tag(rawValue: 0x4200F2)
    public static let usageLimits = Tag(rawValue: 0x420095)
    public static let usageLimitsCount = Tag(rawValue: 0x420096)
    public static let usageLimitsTotal = Tag(rawValue: 0x420097)
    public static let usageLimitsUnit = Tag(rawValue: 0x420098)
    public static let username = Tag(rawValue: 0x420099)
    public static let validationAuthorityCountry = Tag(rawValue: 0x4200E1)
    public static let validationAuthorityType = Tag(rawValue: 0x4200E0)
    public static let validationAuthorityURI = Tag(rawValue: 0x4200E2)
    public static let validationCertificateIdentifier = Tag(rawValue: 0x4200E7)
    public static let validationCertificateURI = Tag(rawValue: 0x4200E8)
    public static let validationInformation = Tag(rawValue: 0x4200DF)
    public static let validationLevel = Tag(rawValue: 0x4200E6)
    public static let validationProfile = Tag(rawValue: 0x4200EA)
    public static let validationType = Tag(rawValue: 0x4200E5)
    public static let validationVendorURI = Tag(rawValue: 0x4200E9)
    public static let validationVersionMajor = Tag(rawValue: 0x4200E3)
    public static let validationVersionMinor = Tag(rawValue: 0x4200E4)
    public static let validityDate = Tag(rawValue: 0x42009A)
    public static let validityIndicator = Tag(rawValue: 0x42009B)
    public static let vendorExtension = Tag(rawValue: 0x42009C)
    public static let vendorIdentification = Tag(rawValue: 0x42009D)
    public static let wrappingMethod = Tag(rawValue: 0x42009E)
    public static let x = Tag(rawValue: 0x42009F)
    public static let x509CertificateIdentifier = Tag(rawValue: 0x4200B5)
    public static let x509CertificateIssuer = Tag(rawValue: 0x4200B6)
    public static let x509CertificateSubject = Tag(rawValue: 0x4200B7)
    public static let y = Tag(rawValue: 0x4200A0)

    /// Every standard tag with its normalised name.
    package static let names: [(value: UInt32, name: StaticString)] = [
        (0x420001, "ActivationDate"),
        (0x420158, "AdjustmentType"),
        (0x420162, "AdjustmentValue"),
        (0x420135, "AlternateFailoverEndpoints"),
        (0x4200BF, "AlternativeName"),
        (0x4200C1, "AlternativeNameType"),
        (0x4200C0, "AlternativeNameValue"),
        (0x420121, "AlwaysSensitive"),
        (0x420002, "ApplicationData"),
        (0x420003, "ApplicationNamespace"),
        (0x420004, "ApplicationSpecificInformation"),
        (0x420005, "ArchiveDate"),
        (0x4200F0, "AsynchronousCapability"),
        (0x420006, "AsynchronousCorrelationValue"),
        (0x420176, "AsynchronousCorrelationValues"),
        (0x420007, "AsynchronousIndicator"),
        (0x420173, "AsynchronousRequest"),
        (0x4200CC, "AttestationAssertion"),
        (0x4200F1, "AttestationCapability"),
        (0x4200D3, "AttestationCapableIndicator"),
        (0x4200CB, "AttestationMeasurement"),
        (0x4200C7, "AttestationType"),
        (0x420008, "Attribute"),
        (0x420009, "AttributeIndex"),
        (0x42000A, "AttributeName"),
        (0x42013B, "AttributeReference"),
        (0x42000B, "AttributeValue"),
        (0x420125, "Attributes"),
        (0x4200FE, "AuthenticatedEncryptionAdditionalData"),
        (0x4200FF, "AuthenticatedEncryptionTag"),
        (0x42000C, "Authentication"),
        (0x4200FA, "BatchContinueCapability"),
        (0x42000D, "BatchCount"),
        (0x42000E, "BatchErrorContinuationOption"),
        (0x42000F, "BatchItem"),
        (0x420010, "BatchOrderOption"),
        (0x4200F9, "BatchUndoCapability"),
        (0x420011, "BlockCipherMode"),
        (0x420133, "BuildDate"),
        (0x420132, "BuildLevel"),
        (0x420027, "CRTCoefficient"),
        (0x420012, "CancellationResult"),
        (0x4200F7, "CapabilityInformation"),
        (0x420013, "Certificate"),
        (0x420014, "CertificateIdentifier"),
        (0x420015, "CertificateIssuer"),
        (0x420016, "CertificateIssuerAlternativeName"),
        (0x420118, "CertificateIssuerC"),
        (0x420114, "CertificateIssuerCN"),
        (0x42011E, "CertificateIssuerDC"),
        (0x42011F, "CertificateIssuerDNQualifier"),
        (0x420017, "CertificateIssuerDistinguishedName"),
        (0x420117, "CertificateIssuerEmail"),
        (0x42011A, "CertificateIssuerL"),
        (0x420115, "CertificateIssuerO"),
        (0x420116, "CertificateIssuerOU"),
        (0x420119, "CertificateIssuerST"),
        (0x42011C, "CertificateIssuerSerialNumber"),
        (0x42011D, "CertificateIssuerTitle"),
        (0x42011B, "CertificateIssuerUID"),
        (0x4200AD, "CertificateLength"),
        (0x420018, "CertificateRequest"),
        (0x420019, "CertificateRequestType"),
        (0x420139, "CertificateRequestUniqueIdentifier"),
        (0x420140, "CertificateRequestValue"),
        (0x4200AF, "CertificateSerialNumber"),
        (0x42001A, "CertificateSubject"),
        (0x42001B, "CertificateSubjectAlternativeName"),
        (0x42010C, "CertificateSubjectC"),
        (0x420108, "CertificateSubjectCN"),
        (0x420112, "CertificateSubjectDC"),
        (0x420113, "CertificateSubjectDNQualifier"),
        (0x42001C, "CertificateSubjectDistinguishedName"),
        (0x42010B, "CertificateSubjectEmail"),
        (0x42010E, "CertificateSubjectL"),
        (0x420109, "CertificateSubjectO"),
        (0x42010A, "CertificateSubjectOU"),
        (0x42010D, "CertificateSubjectST"),
        (0x420110, "CertificateSubjectSerialNumber"),
        (0x420111, "CertificateSubjectTitle"),
        (0x42010F, "CertificateSubjectUID"),
        (0x42001D, "CertificateType"),
        (0x42001E, "CertificateValue"),
        (0x420105, "ClientCorrelationValue"),
        (0x4200F6, "ClientRegistrationMethod"),
        (0x420134, "ClusterInfo"),
        (0x4200FD, "Comment"),
        (0x420126, "CommonAttributes"),
        (0x420163, "CommonProtectionStorageMasks"),
        (0x42001F, "CommonTemplateAttribute"),
        (0x420020, "CompromiseDate"),
        (0x420021, "CompromiseOccurrenceDate"),
        (0x420169, "Constraint"),
        (0x420168, "Constraints"),
        (0x420022, "ContactInformation"),
        (0x4200D6, "CorrelationValue"),
        (0x4200D0, "CounterLength"),
        (0x420023, "Credential"),
        (0x420024, "CredentialType"),
        (0x420025, "CredentialValue"),
        (0x420026, "CriticalityIndicator"),
        (0x420028, "CryptographicAlgorithm"),
        (0x420029, "CryptographicDomainParameters"),
        (0x42002A, "CryptographicLength"),
        (0x42002B, "CryptographicParameters"),
        (0x42002C, "CryptographicUsageMask"),
        (0x42013C, "CurrentAttribute"),
        (0x42002D, "CustomAttribute"),
        (0x42002E, "D"),
        (0x4200DB, "DRBGAlgorithm"),
        (0x4200C2, "Data"),
        (0x4200C4, "DataLength"),
        (0x42002F, "DeactivationDate"),
        (0x420152, "DefaultsInformation"),
        (0x420030, "DerivationData"),
        (0x420031, "DerivationMethod"),
        (0x420032, "DerivationParameters"),
        (0x4200FC, "Description"),
        (0x4200F3, "DestroyAction"),
        (0x420033, "DestroyDate"),
        (0x4200A2, "DeviceIdentifier"),
        (0x4200B0, "DeviceSerialNumber"),
        (0x420034, "Digest"),
        (0x420035, "DigestValue"),
        (0x420107, "DigestedData"),
        (0x4200AE, "DigitalSignatureAlgorithm"),
        (0x4200A3, "EncodingOption"),
        (0x420036, "EncryptionKeyInformation"),
        (0x420151, "EndpointRole"),
        (0x420154, "Ephemeral"),
        (0x42012A, "ExtensionAttribute"),
        (0x42012C, "ExtensionDescription"),
        (0x420129, "ExtensionEnumeration"),
        (0x4200A4, "ExtensionInformation"),
        (0x4200A5, "ExtensionName"),
        (0x42012B, "ExtensionParentStructureTag"),
        (0x4200A6, "ExtensionTag"),
        (0x4200A7, "ExtensionType"),
        (0x420122, "Extractable"),
        (0x4200DC, "FIPS186Variation"),
        (0x4200D8, "FinalIndicator"),
        (0x4200CF, "FixedFieldLength"),
        (0x4200A8, "Fresh"),
        (0x420037, "G"),
        (0x420157, "HashedPassword"),
        (0x420038, "HashingAlgorithm"),
        (0x42003D, "IVCounterNonce"),
        (0x4200CD, "IVLength"),
        (0x4200D7, "InitIndicator"),
        (0x4200D1, "InitialCounterValue"),
        (0x420039, "InitialDate"),
        (0x42003A, "InitializationVector"),
        (0x420160, "InteropFunction"),
        (0x420161, "InteropIdentifier"),
        (0x4200D2, "InvocationFieldLength"),
        (0x42003B, "Issuer"),
        (0x4200B1, "IssuerAlternativeName"),
        (0x4200B2, "IssuerDistinguishedName"),
        (0x42003C, "IterationCount"),
        (0x42003E, "J"),
        (0x42003F, "Key"),
        (0x420040, "KeyBlock"),
        (0x420041, "KeyCompressionType"),
        (0x420042, "KeyFormatType"),
        (0x420043, "KeyMaterial"),
        (0x420044, "KeyPartIdentifier"),
        (0x420083, "KeyRoleType"),
        (0x420045, "KeyValue"),
        (0x4200B8, "KeyValueLocation"),
        (0x4200BA, "KeyValueLocationType"),
        (0x4200B9, "KeyValueLocationValue"),
        (0x4200BB, "KeyValuePresent"),
        (0x4200F8, "KeyWrapType"),
        (0x420046, "KeyWrappingData"),
        (0x420047, "KeyWrappingSpecification"),
        (0x420048, "LastChangeDate"),
        (0x420049, "LeaseTime"),
        (0x42004A, "Link"),
        (0x42004B, "LinkType"),
        (0x42004C, "LinkedObjectIdentifier"),
        (0x4200D5, "LocatedItems"),
        (0x420141, "LogMessage"),
        (0x4200C6, "MACData"),
        (0x42004D, "MACSignature"),
        (0x42004E, "MACSignatureKeyInformation"),
        (0x4200A9, "MachineIdentifier"),
        (0x420101, "MaskGenerator"),
        (0x420102, "MaskGeneratorHashingAlgorithm"),
        (0x42004F, "MaximumItems"),
        (0x420050, "MaximumResponseSize"),
        (0x4200AA, "MediaIdentifier"),
        (0x420051, "MessageExtension"),
        (0x420052, "Modulus"),
        (0x42013A, "NISTKeyType"),
        (0x420053, "Name"),
        (0x420054, "NameType"),
        (0x420055, "NameValue"),
        (0x4200AB, "NetworkIdentifier"),
        (0x420123, "NeverExtractable"),
        (0x42013D, "NewAttribute"),
        (0x4200C8, "Nonce"),
        (0x4200C9, "NonceID"),
        (0x4200CA, "NonceValue"),
        (0x420153, "ObjectDefaults"),
        (0x420056, "ObjectGroup"),
        (0x4200AC, "ObjectGroupMember"),
        (0x420166, "ObjectGroups"),
        (0x420057, "ObjectType"),
        (0x420167, "ObjectTypes"),
        (0x42014E, "Objects"),
        (0x420058, "Offset"),
        (0x4200D4, "OffsetItems"),
        (0x420156, "OneTimePassword"),
        (0x420059, "OpaqueDataType"),
        (0x42005A, "OpaqueDataValue"),
        (0x42005B, "OpaqueObject"),
        (0x42005C, "Operation"),
        (0x42005D, "OperationPolicyName"),
        (0x42014F, "Operations"),
        (0x4200BC, "OriginalCreationDate"),
        (0x42005E, "P"),
        (0x4200BD, "PGPKey"),
        (0x4200BE, "PGPKeyVersion"),
        (0x42015A, "PKCS_11Function"),
        (0x42015B, "PKCS_11InputParameters"),
        (0x420159, "PKCS_11Interface"),
        (0x42015C, "PKCS_11OutputParameters"),
        (0x42015D, "PKCS_11ReturnCode"),
        (0x4200FB, "PKCS_12FriendlyName"),
        (0x420103, "PSource"),
        (0x42005F, "PaddingMethod"),
        (0x4200A1, "Password"),
        (0x4200DD, "PredictionResistance"),
        (0x420060, "PrimeExponentP"),
        (0x420061, "PrimeExponentQ"),
        (0x420062, "PrimeFieldSize"),
        (0x420063, "PrivateExponent"),
        (0x420064, "PrivateKey"),
        (0x420127, "PrivateKeyAttributes"),
        (0x420065, "PrivateKeyTemplateAttribute"),
        (0x420066, "PrivateKeyUniqueIdentifier"),
        (0x420164, "PrivateProtectionStorageMasks"),
        (0x420067, "ProcessStartDate"),
        (0x420175, "ProcessingStage"),
        (0x420131, "ProductName"),
        (0x4200EB, "ProfileInformation"),
        (0x4200EC, "ProfileName"),
        (0x420142, "ProfileVersion"),
        (0x420143, "ProfileVersionMajor"),
        (0x420144, "ProfileVersionMinor"),
        (0x420068, "ProtectStopDate"),
        (0x420145, "ProtectionLevel"),
        (0x420146, "ProtectionPeriod"),
        (0x42015E, "ProtectionStorageMask"),
        (0x42015F, "ProtectionStorageMasks"),
        (0x420069, "ProtocolVersion"),
        (0x42006A, "ProtocolVersionMajor"),
        (0x42006B, "ProtocolVersionMinor"),
        (0x42006C, "PublicExponent"),
        (0x42006D, "PublicKey"),
        (0x420128, "PublicKeyAttributes"),
        (0x42006E, "PublicKeyTemplateAttribute"),
        (0x42006F, "PublicKeyUniqueIdentifier"),
        (0x420165, "PublicProtectionStorageMasks"),
        (0x420070, "PutFunction"),
        (0x420071, "Q"),
        (0x420072, "QString"),
        (0x420073, "Qlength"),
        (0x420147, "QuantumSafe"),
        (0x420148, "QuantumSafeCapability"),
        (0x420074, "QueryFunction"),
        (0x4200DA, "RNGAlgorithm"),
        (0x4200F5, "RNGMode"),
        (0x4200D9, "RNGParameters"),
        (0x4200C5, "RandomIV"),
        (0x4200DE, "RandomNumberGenerator"),
        (0x420075, "RecommendedCurve"),
        (0x420124, "ReplaceExisting"),
        (0x420076, "ReplacedUniqueIdentifier"),
        (0x42014C, "RequestCount"),
        (0x420077, "RequestHeader"),
        (0x420078, "RequestMessage"),
        (0x420079, "RequestPayload"),
        (0x42007A, "ResponseHeader"),
        (0x42007B, "ResponseMessage"),
        (0x42007C, "ResponsePayload"),
        (0x42007D, "ResultMessage"),
        (0x42007E, "ResultReason"),
        (0x42007F, "ResultStatus"),
        (0x420080, "RevocationMessage"),
        (0x420081, "RevocationReason"),
        (0x420082, "RevocationReasonCode"),
        (0x420150, "Right"),
        (0x42014D, "Rights"),
        (0x42016B, "RotateAutomatic"),
        (0x42016D, "RotateDate"),
        (0x42016E, "RotateGeneration"),
        (0x42016A, "RotateInterval"),
        (0x420172, "RotateLatest"),
        (0x42016F, "RotateName"),
        (0x420171, "RotateNameType"),
        (0x420170, "RotateNameValue"),
        (0x42016C, "RotateOffset"),
        (0x420084, "Salt"),
        (0x420100, "SaltLength"),
        (0x420085, "SecretData"),
        (0x420086, "SecretDataType"),
        (0x420120, "Sensitive"),
        (0x420087, "SerialNumber"),
        (0x420106, "ServerCorrelationValue"),
        (0x420155, "ServerHashedPassword"),
        (0x420088, "ServerInformation"),
        (0x420130, "ServerLoad"),
        (0x42012D, "ServerName"),
        (0x4200EE, "ServerPort"),
        (0x42012E, "ServerSerialNumber"),
        (0x4200ED, "ServerURI"),
        (0x42012F, "ServerVersion"),
        (0x420136, "ShortUniqueIdentifier"),
        (0x4200F4, "ShreddingAlgorithm"),
        (0x4200C3, "SignatureData"),
        (0x420089, "SplitKey"),
        (0x42008A, "SplitKeyMethod"),
        (0x42008B, "SplitKeyParts"),
        (0x42008C, "SplitKeyThreshold"),
        (0x42008D, "State"),
        (0x42008E, "StorageStatusMask"),
        (0x4200EF, "StreamingCapability"),
        (0x4200B3, "SubjectAlternativeName"),
        (0x4200B4, "SubjectDistinguishedName"),
        (0x420174, "SubmissionDate"),
        (0x42008F, "SymmetricKey"),
        (0x420138, "Tag"),
        (0x4200CE, "TagLength"),
        (0x420090, "Template"),
        (0x420091, "TemplateAttribute"),
        (0x420149, "Ticket"),
        (0x42014A, "TicketType"),
        (0x42014B, "TicketValue"),
        (0x420092, "TimeStamp"),
        (0x420104, "TrailerField"),
        (0x420093, "UniqueBatchItemID"),
        (0x420094, "UniqueIdentifier"),
        (0x4200F2, "UnwrapMode"),
        (0x420095, "UsageLimits"),
        (0x420096, "UsageLimitsCount"),
        (0x420097, "UsageLimitsTotal"),
        (0x420098, "UsageLimitsUnit"),
        (0x420099, "Username"),
        (0x4200E1, "ValidationAuthorityCountry"),
        (0x4200E0, "ValidationAuthorityType"),
        (0x4200E2, "ValidationAuthorityURI"),
        (0x4200E7, "ValidationCertificateIdentifier"),
        (0x4200E8, "ValidationCertificateURI"),
        (0x4200DF, "ValidationInformation"),
        (0x4200E6, "ValidationLevel"),
        (0x4200EA, "ValidationProfile"),
        (0x4200E5, "ValidationType"),
        (0x4200E9, "ValidationVendorURI"),
        (0x4200E3, "ValidationVersionMajor"),
        (0x4200E4, "ValidationVersionMinor"),
        (0x42009A, "ValidityDate"),
        (0x42009B, "ValidityIndicator"),
        (0x42009C, "VendorExtension"),
        (0x42009D, "VendorIdentification"),
        (0x42009E, "WrappingMethod"),
        (0x42009F, "X"),
        (0x4200B5, "X_509CertificateIdentifier"),
        (0x4200B6, "X_509CertificateIssuer"),
        (0x4200B7, "X_509CertificateSubject"),
        (0x4200A0, "Y"),
    ]
}
