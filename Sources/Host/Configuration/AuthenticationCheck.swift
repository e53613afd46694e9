/// What is half configured about TLS and about who may come in. Half of it is an error: plain HTTP, and
/// letting everybody in, are only what nobody asked otherwise for.
struct AuthenticationCheck {
    struct Mistake: Equatable {
        /// The option that is to be changed.
        var option: String
        var message: String
    }

    private let settings: Settings
    private var mistakes: [Mistake] = []

    static func mistakes(in settings: Settings) -> [Mistake] {
        var check = AuthenticationCheck(settings: settings)
        check.checkServer()
        check.checkClients()
        check.checkTokens()
        check.checkIssuers()
        check.checkUsers()
        return check.mistakes
    }

    private init(settings: Settings) { self.settings = settings }

    private mutating func refuse(_ option: String, _ message: String) {
        mistakes.append(Mistake(option: option, message: message))
    }

    private mutating func checkServer() {
        let (p12, password) = (settings.httpsP12File, settings.httpsP12Password)
        let (certificate, key) = (settings.httpsCertificateFile, settings.httpsKeyFile)
        if p12 != nil, password == nil {
            refuse(
                "https-p12-file",
                "needs its password: set https-p12-password-file, or https-p12-password = \"\" if it "
                    + "has none")
        }
        if p12 == nil, password != nil { refuse("https-p12-password", "there is no https-p12-file") }
        if p12 != nil, certificate ?? key ?? settings.httpsChainFile != nil {
            return refuse("https-p12-file", "choose a PKCS#12 or PEM files, not both")
        }
        if certificate != nil, key == nil { refuse("https-cert-file", "needs https-key-file") }
        if key != nil, certificate == nil { refuse("https-key-file", "needs https-cert-file") }
        if settings.httpsChainFile != nil, certificate == nil {
            refuse("https-chain-file", "needs https-cert-file and https-key-file")
        }
    }

    private mutating func checkClients() {
        if settings.authorityCertFile != nil,
            settings.httpsP12File ?? settings.httpsCertificateFile == nil
        {
            refuse(
                "authority-cert-file",
                "client certificates need HTTPS: set https-p12-file, or https-cert-file and "
                    + "https-key-file")
        }
        guard settings.authorityCertFile == nil else { return }
        if settings.clientCRLFile != nil { refuse("client-crl-file", "needs authority-cert-file") }
        if settings.certificateGroups {
            refuse("client-certificate-groups", "needs authority-cert-file")
        }
    }

    private mutating func checkTokens() {
        if settings.apiTokenID?.isEmpty == true { refuse("api-token-id", "must not be empty") }
        if settings.apiTokenIgnoreCase, settings.apiTokenID == nil {
            refuse("api-token-ignore-case", "needs api-token-id")
        }
        if settings.apiTokens, settings.authorityCertFile == nil, settings.apiTokenID == nil,
            settings.tokenIssuers.isEmpty
        {
            refuse("api-tokens", "needs another way to authenticate, by which tokens are made")
        }
    }

    private mutating func checkIssuers() {
        let count = settings.jwtIssuers.count
        if count == 0 {
            if !settings.jwksURIs.isEmpty { refuse("jwks-uri", "needs jwt-issuer-uri") }
            if !settings.jwtAudiences.isEmpty { refuse("jwt-audience", "needs jwt-issuer-uri") }
        } else {
            if !settings.jwksURIs.isEmpty, settings.jwksURIs.count != count {
                refuse("jwks-uri", "must have one value for each of jwt-issuer-uri, in its order")
            }
            if settings.jwtAudiences.count != count {
                refuse(
                    "jwt-audience",
                    "must have one value for each of jwt-issuer-uri, in its order: without it a token "
                        + "that was made for another service would be taken")
            }
        }
        var seen: Set<String> = []
        for issuer in settings.tokenIssuers {
            if issuer.issuer.isEmpty || !seen.insert(issuer.issuer).inserted {
                refuse("jwt-issuer-uri", "\"\(issuer.issuer)\" is empty or given twice")
            }
            if KeySetAddress(issuer.keys) == nil {
                refuse(
                    "jwks-uri",
                    "\"\(Redaction.url(issuer.keys))\" is no address that begins with https:// or file:///")
            }
            if issuer.audiences.contains("") { refuse("jwt-audience", "must not be empty") }
        }
        if settings.jwksCAFile != nil, settings.tokenIssuers.isEmpty {
            refuse("jwks-ca-file", "needs jwt-issuer-uri")
        }
    }

    private mutating func checkUsers() {
        if !Principal.isUserName(settings.defaultUsername) {
            refuse("default-username", "must have 1 to 255 bytes, and be neither * nor group:...")
        }
        for (option, names) in [
            ("auditors", settings.auditors), ("monitors", settings.monitors),
            ("privileged-users", settings.privilegedUsers),
        ] {
            for name in names where !Principal.isUserName(name) && !Principal.isGroup(name) {
                refuse(option, "\"\(name)\" is neither a user nor a group, group:NAME")
            }
        }
    }
}
