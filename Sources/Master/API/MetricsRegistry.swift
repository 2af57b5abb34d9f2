public import CoreMetrics
import NIOConcurrencyHelpers

/// Collects the program's metrics and writes them in Prometheus' text format 0.0.4.
///
/// Counters, gauges and meters become a value; timers and recorders a `_count` and a `_sum` (seconds for timers).
public final class MetricsRegistry: MetricsFactory, Sendable {
    private let cells = NIOLockedValueBox<[Key: Cell]>([:])

    /// Distinct label sets kept; further ones share one cell that is not shown.
    public static let limit = 10_000

    private struct Key: Hashable, Comparable {
        var name: String
        var labels: String

        static func < (a: Key, b: Key) -> Bool { (a.name, a.labels) < (b.name, b.labels) }
    }

    public init() {}

    private func cell(_ label: String, _ dimensions: [(String, String)], _ kind: Cell.Kind) -> Cell {
        let key = Key(name: Self.name(label), labels: Self.labels(dimensions))
        return cells.withLockedValue { cells in
            if let cell = cells[key] { return cell }
            let cell = Cell(kind)
            if cells.count < Self.limit { cells[key] = cell }
            return cell
        }
    }

    /// Every metric, sorted by name, with its type once.
    public func exposition() -> String {
        let all = cells.withLockedValue { $0 }.sorted { $0.key < $1.key }
        var text = ""
        var last = ""
        for (key, cell) in all {
            if key.name != last { text += "# TYPE \(key.name) \(cell.kind.rawValue)\n" }
            last = key.name
            let value = cell.value.withLockedValue { $0 }
            let labels = key.labels.isEmpty ? "" : "{\(key.labels)}"
            if cell.kind == .summary {
                text += "\(key.name)_sum\(labels) \(Self.number(value.sum))\n"
                text += "\(key.name)_count\(labels) \(value.count)\n"
            } else {
                text += "\(key.name)\(labels) \(Self.number(value.sum))\n"
            }
        }
        return text
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return value == value.rounded() && value.magnitude < 9e15 ? String(Int(value)) : String(value)
    }

    /// Letters, digits, underscores and colons; anything else becomes an underscore.
    static func name(_ label: String) -> String {
        let text = String(label.map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "_" || $0 == ":" ? $0 : "_" })
        return text.first?.isNumber ?? true ? "_" + text : text
    }

    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.sorted { $0.0 < $1.0 }.map { key, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(name(key).replacing(":", with: "_"))=\"\(escaped)\""
        }.joined(separator: ",")
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        cell(label, dimensions, .counter)
    }
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler { cell(label, dimensions, .counter) }
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler { cell(label, dimensions, aggregate ? .summary : .gauge) }
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        cell(label, dimensions, .gauge)
    }
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        cell(label, dimensions, .summary)
    }
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}
}

/// One metric with one set of labels.
private final class Cell: CounterHandler, FloatingPointCounterHandler, RecorderHandler, MeterHandler, TimerHandler {
    enum Kind: String { case counter, gauge, summary }

    let kind: Kind
    let value = NIOLockedValueBox((sum: 0.0, count: 0))

    init(_ kind: Kind) { self.kind = kind }

    private func add(_ amount: Double) { value.withLockedValue { $0 = ($0.sum + amount, $0.count + 1) } }

    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
    func reset() { value.withLockedValue { $0 = (0, 0) } }
    func record(_ amount: Int64) { record(Double(amount)) }
    func record(_ amount: Double) { kind == .gauge ? set(amount) : add(amount) }
    func set(_ amount: Int64) { set(Double(amount)) }
    func set(_ amount: Double) { value.withLockedValue { $0 = (amount, 1) } }
    func recordNanoseconds(_ duration: Int64) { add(Double(duration) / 1e9) }
}
