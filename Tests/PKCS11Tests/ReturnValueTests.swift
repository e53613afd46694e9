import PKCS11
import Testing

@Suite struct ReturnValueTests {
    @Test(
        arguments: [
            (0xB3, .newSession), (0xB0, .newSession), (0x90, .newSession), (0x101, .login),
            (0x190, .initialise), (0x32, .reconnect), (0x30, .reconnect), (0xE0, .reconnect),
            (0x82, .lookUp), (0x60, .lookUp), (0x5, .again), (0x6, .again), (0xA0, .operatorActs),
            (0xA4, .operatorActs), (0x1B8, .operatorActs), (0x70, .none), (0xD1, .none),
            (0x8000_0001, .none),
        ] as [(UInt, ReturnValue.Remedy)])
    func callsForItsRemedy(_ code: UInt, _ remedy: ReturnValue.Remedy) {
        #expect(ReturnValue(rawValue: code).remedy == remedy)
    }

    @Test func isNamedAsInTheStandard() {
        #expect(ReturnValue(rawValue: 0xA0).name == "CKR_PIN_INCORRECT (0xa0)")
        #expect(ReturnValue(rawValue: 0x8000_0001).name == "CK_RV 0x80000001")
    }
}
