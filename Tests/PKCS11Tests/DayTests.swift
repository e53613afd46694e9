import PKCS11
import Testing

@Suite struct DayTests {
    @Test(
        arguments: [
            (0, "19700101"), (-1, "19691231"), (19_782, "20240229"), (47_482, "21000101"),
            (11_016, "20000229"), (-25_508, "19000301"), (2_932_896, "99991231"),
        ] as [(Int32, String)])
    func writesDaysAsDates(_ day: Int32, _ date: String) {
        #expect(String(decoding: Day.date(day), as: UTF8.self) == date)
        #expect(Day.number(Array(date.utf8)) == day)
    }

    @Test func readsBackEveryDayOfFourCenturies() {
        for day in Int32(-146_097)...146_097 {
            let date = Day.date(day)
            guard Day.number(date) == day else {
                Issue.record("\(day) comes back as \(String(describing: Day.number(date)))")
                return
            }
        }
    }

    @Test(arguments: ["", "2024", "2024-2-9", "20241301", "20240100", "20240132", "202402290"])
    func refusesWhatIsNoDate(_ text: String) {
        #expect(Day.number(Array(text.utf8)) == nil)
    }
}
