/// Writes Prometheus' text format: what a metric is stands once, before its samples.
struct MetricFamilies {
    enum Kind: String { case gauge, counter }

    private(set) var text = ""

    /// One metric. `samples`: A value and its labels each; without any, only what the metric is.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [MetricSample]) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples { text += name + sample.description + "\n" }
    }

    /// A metric without labels.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Int64) {
        add(name, kind, help, [MetricSample(value)])
    }
}

/// The labels of a sample, in order.
struct MetricLabels: ExpressibleByDictionaryLiteral, CustomStringConvertible {
    private var pairs: [(name: String, value: String)]

    init(dictionaryLiteral pairs: (String, String)...) { self.pairs = pairs.map { ($0.0, $0.1) } }

    func adding(_ name: String, _ value: String) -> MetricLabels {
        var more = self
        more.pairs.append((name, value))
        return more
    }

    var description: String {
        guard !pairs.isEmpty else { return "" }
        return "{" + pairs.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

/// A value of a metric, with its labels.
struct MetricSample: CustomStringConvertible {
    private let labels: MetricLabels
    private let value: String

    init(_ value: Int64, _ labels: MetricLabels = [:]) {
        self.value = String(value)
        self.labels = labels
    }

    /// A moment, or how long something lasts, in seconds.
    init(microseconds: Int64, _ labels: MetricLabels = [:]) {
        let (whole, fraction) = microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        let digits = String(fraction)
        value = (microseconds < 0 ? "-" : "") + "\(whole)." + String(repeating: "0", count: 6 - digits.count) + digits
        self.labels = labels
    }

    var description: String { "\(labels) \(value)" }
}
