import CoreMetrics
import Synchronization

/// The metrics of this process, kept so that `/metrics` can show them. It stands behind swift-metrics:
/// whatever this server or a library counts goes through that, and another backend can take its place.
///
/// Thread-safe. Keeps a bounded number of series; what comes beyond is not counted.
package final class PrometheusStore: MetricsFactory {
    package init() {}

    private struct Key: Hashable {
        var name: String
        /// As it stands between the braces.
        var labels: String
    }

    private static let seriesMax = 2000
    private let series = Mutex<[Key: any PrometheusSeries]>([:])

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        find(label, dimensions) { CounterSeries() } ?? CounterSeries()
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        find(label, dimensions) { GaugeSeries() } ?? GaugeSeries()
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        find(label, dimensions) { HistogramSeries() } ?? HistogramSeries()
    }

    package func destroyCounter(_: any CounterHandler) {}
    package func destroyRecorder(_: any RecorderHandler) {}
    package func destroyTimer(_: any TimerHandler) {}

    private func find<Series: PrometheusSeries>(
        _ name: String, _ dimensions: [(String, String)], _ make: () -> Series
    ) -> Series? {
        let labels = dimensions.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        let key = Key(name: Self.legal(name), labels: labels)
        return series.withLock { series in
            if let known = series[key] { return known as? Series }
            guard series.count < Self.seriesMax else { return nil }
            let made = make()
            series[key] = made
            return made
        }
    }

    /// All series in the text form of Prometheus, version 0.0.4.
    package func text() -> String {
        let all = series.withLock { $0 }
        var text = ""
        var named = ""
        for (key, series) in all.sorted(by: { ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels) })
        {
            if key.name != named { text += "# TYPE \(key.name) \(type(of: series).type)\n" }
            named = key.name
            series.append(to: &text, name: key.name, labels: key.labels)
        }
        return text
    }

    /// Libraries use dots and dashes, which Prometheus does not know.
    private static func legal(_ name: String) -> String {
        String(
            name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") ? $0 : "_" })
    }

    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}

/// A series as it is shown.
private protocol PrometheusSeries: AnyObject, Sendable {
    static var type: String { get }
    func append(to text: inout String, name: String, labels: String)
}

private func sample(_ name: String, _ labels: String) -> String {
    labels.isEmpty ? name : "\(name){\(labels)}"
}

private final class CounterSeries: CounterHandler, PrometheusSeries {
    static let type = "counter"
    private let value = Atomic<Int64>(0)

    func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { value.store(0, ordering: .relaxed) }

    func append(to text: inout String, name: String, labels: String) {
        text += "\(sample(name, labels)) \(value.load(ordering: .relaxed))\n"
    }
}

private final class GaugeSeries: RecorderHandler, PrometheusSeries {
    static let type = "gauge"
    private let value = Mutex(0.0)

    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { self.value.withLock { $0 = value } }

    func append(to text: inout String, name: String, labels: String) {
        text += "\(sample(name, labels)) \(value.withLock { $0 })\n"
    }
}

private final class HistogramSeries: TimerHandler, PrometheusSeries {
    static let type = "histogram"
    /// Upper bounds in nanoseconds, and as they are shown in seconds.
    private static let bounds: [(nanoseconds: Int64, text: String)] = [
        (100_000, "0.0001"), (500_000, "0.0005"), (1_000_000, "0.001"), (5_000_000, "0.005"),
        (25_000_000, "0.025"), (100_000_000, "0.1"), (500_000_000, "0.5"), (2_500_000_000, "2.5"),
        (10_000_000_000, "10"),
    ]

    private struct Contents {
        var counts = [UInt64](repeating: 0, count: HistogramSeries.bounds.count + 1)
        var sum: Int64 = 0
    }
    private let contents = Mutex(Contents())

    func recordNanoseconds(_ duration: Int64) {
        let at = Self.bounds.firstIndex { duration <= $0.nanoseconds } ?? Self.bounds.count
        contents.withLock { contents in
            contents.counts[at] += 1
            contents.sum &+= duration
        }
    }

    func append(to text: inout String, name: String, labels: String) {
        let contents = contents.withLock { $0 }
        let before = labels.isEmpty ? "" : labels + ","
        var count: UInt64 = 0
        for (at, bound) in Self.bounds.enumerated() {
            count += contents.counts[at]
            text += "\(name)_bucket{\(before)le=\"\(bound.text)\"} \(count)\n"
        }
        count += contents.counts[Self.bounds.count]
        text += "\(name)_bucket{\(before)le=\"+Inf\"} \(count)\n"
        text += "\(sample(name + "_sum", labels)) \(Double(contents.sum) / 1e9)\n"
        text += "\(sample(name + "_count", labels)) \(count)\n"
    }
}
