internal import Shared

/// ONC RPC (RFC 5531), with which NFS and its helpers are called: named by a call of a program that is known.
struct SunRPCAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "sunrpc"
    static var transports: Transports { [.tcp, .udp] }

    /// Head of a call up to the length of its credentials.
    private static let headLength = 32
    /// Longest credentials or verifier (section 8.2).
    private static let secretLimit: UInt32 = 400

    init() {}

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        program(payload) == nil ? .noMatch : .match
    }

    /// The program that is called; over TCP behind a record mark (section 11).
    private static func program(_ payload: RawSpan) -> UInt32? {
        if let number = program(payload, at: 0) { return number }
        guard let mark: UInt32 = try? payload.readBE(at: 0), mark & 0x8000_0000 != 0, mark & 0x7FFF_FFFF >= 40 else {
            return nil
        }
        return program(payload, at: 4)
    }

    /// Number, call, version 2, program, its version, procedure, credentials and verifier.
    private static func program(_ payload: RawSpan, at start: Int) -> UInt32? {
        guard let call: UInt64 = try? payload.readBE(at: start + 4), call == 2,
            let program: UInt32 = try? payload.readBE(at: start + 12), name(program) != nil,
            let version: UInt32 = try? payload.readBE(at: start + 16), (1...4).contains(version),
            let procedure: UInt32 = try? payload.readBE(at: start + 20), procedure < 64,
            let flavor: UInt32 = try? payload.readBE(at: start + 24), flavor <= 6,
            let length: UInt32 = try? payload.readBE(at: start + 28), length <= secretLimit,
            let verifier: UInt32 = try? payload.readBE(at: start + headLength + Int(length)), verifier <= 6
        else { return nil }
        return program
    }

    /// Programs that are met (IANA, "RPC program numbers"); those without an own name of a service are empty.
    private static func name(_ program: UInt32) -> StaticString? {
        switch program {
        case 100_000: "portmapper"
        case 100_003: "nfs"
        case 100_005: "mount"
        // rstat, rusers, ypserv, ypbind, yppasswd, walld, rquotad, sprayd, nlockmgr, status, nfs_acl.
        case 100_001, 100_002, 100_004, 100_007, 100_009, 100_008, 100_011, 100_012, 100_021, 100_024, 100_227: ""
        default: nil
        }
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if let program = Self.program(payload), let name = Self.name(program), name.utf8CodeUnitCount > 0 {
            sink.found(service: name)
        }
        return .finished
    }
}
