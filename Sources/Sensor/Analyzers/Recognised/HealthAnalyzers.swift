internal import Shared

/// DICOM, pictures of patients (PS3.8 section 9.3): named by the request for an association, or that it is granted.
struct DICOMAnalyzer: NamingAnalyzer {
    static let service: StaticString = "dicom"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // Kind, length, version 1, both titles in printable letters, 32 reserved bytes, and the first item: the context
        // of the application.
        guard let kind: UInt16 = try? payload.readBE(at: 0), kind == 0x0100 || kind == 0x0200,
            let length: UInt32 = try? payload.readBE(at: 2), length >= 68, length < 1 << 20,
            let version: UInt16 = try? payload.readBE(at: 6), version & 1 == 1,
            payload.byteCount >= 42, payload.extracting(10..<42).withUnsafeBytes({ WireText.isPrintable($0) })
        else { return .noMatch }
        return payload.byteCount < 76 || (try? payload.byte(at: 74)) == 0x10 ? .match : .noMatch
    }
}

/// HL7 of version 2 in its lower layer (HL7, "Transport Specification: MLLP", release 1): admissions, orders, findings.
struct HL7Analyzer: NamingAnalyzer {
    static let service: StaticString = "hl7"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // A vertical tab, and the header of a message, a batch or a file.
        payload.starts(with: "\u{0B}MSH|") || payload.starts(with: "\u{0B}BHS|") || payload.starts(with: "\u{0B}FHS|")
            ? .match : .noMatch
    }
}
