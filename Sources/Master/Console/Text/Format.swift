public import Foundation
import Shared

/// Numbers, amounts and times as people of one language in one time zone write them.
public struct Format: Sendable {
    public let language: Language
    public let zone: TimeZone

    public init(language: Language, zone: TimeZone) { (self.language, self.zone) = (language, zone) }

    /// `1234567` as `1,234,567`: both languages group by three with a comma.
    public static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
            result.append(digit)
        }
        return (number < 0 ? "-" : "") + result
    }

    /// A number with as many decimals as its size deserves.
    public func number(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        guard value.magnitude < 9e15 else { return String(value) }
        if value.magnitude >= 100 || value == value.rounded() { return Self.grouped(Int(value.rounded())) }
        return decimal(value, places: value.magnitude >= 10 ? 1 : 2)
    }

    /// Fixed decimals without trailing zeros.
    private func decimal(_ value: Double, places: Int) -> String {
        var text = String(format: "%.\(places)f", value)
        while text.contains("."), text.hasSuffix("0") || text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// Bytes in decimal units with three figures: `1.13 GB`, `734 MB`, `512 B`.
    public func bytes(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
        var (scaled, unit) = (value, 0)
        // 999.5 would be written as 1000: the next unit begins there.
        while scaled.magnitude >= 999.5, unit < units.count - 1 { (scaled, unit) = (scaled / 1000, unit + 1) }
        if unit == 0 { return "\(Self.grouped(Int(scaled.rounded()))) B" }
        let places = scaled.magnitude >= 99.95 ? 0 : scaled.magnitude >= 9.995 ? 1 : 2
        return "\(decimal(scaled, places: places)) \(units[unit])"
    }

    /// A length of time in its two largest units: `2 h 14 min`, `2時間14分`.
    public func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "–" }
        let japanese = language == .ja
        if seconds < 1 {
            return "\(decimal(seconds * 1000, places: seconds < 0.01 ? 1 : 0))\(japanese ? "ミリ秒" : " ms")"
        }
        let total = Int(seconds.rounded())
        let parts = [
            (total / 86_400, japanese ? "日" : " d"), (total % 86_400 / 3600, japanese ? "時間" : " h"),
            (total % 3600 / 60, japanese ? "分" : " min"), (total % 60, japanese ? "秒" : " s"),
        ]
        let first = parts.firstIndex { $0.0 > 0 } ?? 3
        return parts[first...].prefix(2).filter { $0.0 > 0 }
            .map { Self.grouped($0.0) + $0.1 }.joined(separator: japanese ? "" : " ")
    }

    /// A score or share in whole percent.
    public func percent(_ value: Double) -> String { "\(Int(min(max(value, 0), 100).rounded(.down)))%" }

    /// A value of an observation as text.
    public func value(_ value: Value) -> String {
        switch value {
        case .number(let number): self.number(number)
        case .bytes(let bytes): self.bytes(bytes)
        case .seconds(let seconds): duration(seconds: seconds)
        case .time(let time): self.time(time)
        case .text(let text): text
        case .texts(let texts): list(texts)
        }
    }

    /// `a, b and c`; `a、b、c`. Long lists are cut after eight with their count.
    public func list(_ items: [String]) -> String {
        let shown = Array(items.prefix(8))
        let more = items.count - shown.count
        if language == .ja {
            return shown.joined(separator: "、") + (more > 0 ? "ほか\(Self.grouped(more))件" : "")
        }
        if more > 0 { return shown.joined(separator: ", ") + " and \(Self.grouped(more)) more" }
        guard let last = shown.last, shown.count > 1 else { return shown.first ?? "" }
        return shown.dropLast().joined(separator: ", ") + " and " + last
    }
}
