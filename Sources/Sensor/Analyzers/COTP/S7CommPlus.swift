internal import Shared

/// S7comm-plus, the protocol of Siemens S7-1200 and S7-1500 (no public specification; as ICSNPP describes it).
enum S7CommPlus {
    /// Writes a record of one message: protocol, version, length; in version 3 a digest; then operation and function.
    static func write(_ message: RawSpan, from side: Side, into sink: inout RecordSink) {
        guard let version = try? message.byte(at: 1), (1...3).contains(version) else { return }
        // The digest tells its own length (32).
        let start = version == 3 ? 5 + Int((try? message.byte(at: 4)) ?? 0) : 4
        guard let operation = try? message.byte(at: start) else { return }
        let plus = Records.s7commPlus
        sink.begin(plus)
        sink.batch.set(plus.isOrig, side == .originator)
        sink.batch.set(plus.version, UInt64(version))
        let code = Hexadecimal.code(operation, digits: 2)
        sink.batch.set(plus.opcode, code)
        sink.batch.set(plus.opcodeName, operations, operation, otherwise: "Unknown s7comm-plus opcode-\(code)")
        if operation == 0x31 || operation == 0x32, let function = try? message.readBE(at: start + 3, as: UInt16.self) {
            let code = Hexadecimal.code(function, digits: 4)
            sink.batch.set(plus.functionCode, code)
            sink.batch.set(plus.functionName, functions, function, otherwise: "Unknown s7comm-plus function-\(code)")
        }
        sink.end()
    }

    private static let operations: CodeNames = [0x31: "Request", 0x32: "Response", 0x33: "Notification"]
    private static let functions: CodeNames = [
        0x04BB: "Explore", 0x04CA: "Create Object", 0x04D4: "Delete Object", 0x04F2: "Set Variable",
        0x0524: "Get Link", 0x0542: "Set Multi Variables", 0x054C: "Get Multi Variables", 0x0556: "Begin Sequence",
        0x0560: "End Sequence", 0x056B: "Invoke", 0x0586: "Get Variable Sub Streamed",
    ]
}
