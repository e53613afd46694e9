import Host
import Testing

@Suite struct RedactionTests {
    @Test(arguments: [
        ("postgres://host:5432/kms", "postgres://host:5432/kms"),
        ("postgres://u:secret@host:5432/kms", "postgres://****@host:5432/kms"),
        ("postgres://u@host/kms", "postgres://****@host/kms"),
        ("postgres://u:sec/ret@host/kms", "postgres://****@host/kms"),
        ("postgres://u:sec?ret@host/kms", "postgres://****@host/kms"),
        ("postgres://u:sec@ret@host/kms", "postgres://****@host/kms"),
        ("redis://host/?password=secret&db=1", "redis://host/?password=****&db=1"),
        ("redis://host/?db=1&AuthToken=secret", "redis://host/?db=1&AuthToken=****"),
        ("redis://u:secret@host/?sslpassword=sec@ret", "redis://****@host/?sslpassword=****"),
        ("u:secret@host", "****@host"),
        ("host=h password=secret dbname=d", "host=h password=**** dbname=d"),
        ("", ""),
    ])
    func hidesUserInfoAndSecretItems(_ url: String, _ expected: String) {
        #expect(Redaction.url(url) == expected)
    }
}
