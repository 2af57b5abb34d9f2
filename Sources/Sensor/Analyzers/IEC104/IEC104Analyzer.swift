internal import Shared

/// IEC 60870-5-104, telecontrol of power grids: every command, parameter and file, and reports of values summed up by
/// type, cause and station.
struct IEC104Analyzer: FramedAnalyzer {
    static let service: StaticString = "iec104"

    /// Kinds of reports that are summed up at a time on one connection.
    private static let reportLimit = 32
    /// A sum of reports is written when it is this old: connections of control rooms live for months.
    private static let reportAge = Interval.seconds(300)

    static let frameLimit = IEC104Frame.limit
    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    private var reports: [IEC104Unit] = []

    init() {}

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        IEC104Frame.fill(payload) ? .match : .noMatch
    }

    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int { try IEC104Frame.length(bytes) }

    mutating func finish(into sink: inout RecordSink) {
        for report in reports { report.write(into: &sink) }
        reports.removeAll()
    }

    mutating func takeFrame(_ frame: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        let control = try frame.byte(at: 2)
        switch control & 3 {
        case 0, 2:
            let unit = try IEC104Unit(frame, from: side, at: sink.now)
            if unit.isReport { add(unit, into: &sink) } else { unit.write(into: &sink) }
        // Tests of the link and receipts tell nothing.
        case 3 where control & 0x3C != 0: writeUnnumbered(control, from: side, into: &sink)
        default: break
        }
    }

    /// Transfer of data is started or stopped.
    private func writeUnnumbered(_ control: UInt8, from side: Side, into sink: inout RecordSink) {
        let iec = Records.iec104
        sink.begin(iec)
        sink.batch.set(iec.isOrig, side == .originator)
        sink.batch.set(iec.apduType, name: "U")
        sink.batch.set(iec.linkFunction, IEC104Frame.unnumbered, control, otherwise: "unknown-\(control)")
        sink.end()
    }

    private mutating func add(_ unit: IEC104Unit, into sink: inout RecordSink) {
        if let index = reports.firstIndex(where: { $0.isLike(unit) }) {
            if sink.now - reports[index].start < Self.reportAge {
                reports[index].unitCount += 1
                reports[index].objectCount += unit.objectCount
                return
            }
            reports.remove(at: index).write(into: &sink)
        }
        if reports.count == Self.reportLimit { reports.removeFirst().write(into: &sink) }
        reports.append(unit)
    }
}
