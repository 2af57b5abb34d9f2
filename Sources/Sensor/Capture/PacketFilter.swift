import CPcap

/// A filter in tcpdump's language (pcap-filter(7)), compiled once for each kind of link.
public final class PacketFilter {
    public let expression: String
    private var programs: [LinkType: bpf_program] = [:]
    /// Kinds of link for which it makes no sense, and why.
    private var refusals: [LinkType: String] = [:]
    /// Of these, those of packets since the last ``takeRefusals()``.
    private var refused: Set<LinkType> = []
    private static let maximumSnapLength: Int32 = 262_144

    /// - Throws: ``CaptureError/badFilter(filter:reason:)`` when it does not compile for Ethernet.
    public init(_ expression: String) throws(CaptureError) {
        self.expression = expression
        programs[.ethernet] = try Self.compile(expression, .ethernet)
    }

    deinit {
        for var program in programs.values { pcap_freecode(&program) }
    }

    /// Whether a packet passes. One of a link type for which the filter makes no sense does not.
    public func passes(_ packet: CapturedPacket) -> Bool {
        guard let program = program(packet.linkType) else { return false }
        guard let base = packet.bytes.baseAddress else { return false }
        return bpf_filter(
            program.bf_insns, base.assumingMemoryBound(to: UInt8.self), UInt32(clamping: packet.wireLength),
            UInt32(clamping: packet.bytes.count)) != 0
    }

    /// Why packets since the last call did not pass whatever was in them: one sentence for each kind of link.
    func takeRefusals() -> [String] {
        defer { refused = [] }
        return refused.sorted { $0.rawValue < $1.rawValue }.map {
            "the filter '\(expression)' does not work for packets of link type \($0.rawValue), so that none of them "
                + "passed: \(refusals[$0] ?? "")"
        }
    }

    private func program(_ type: LinkType) -> bpf_program? {
        if let known = programs[type] { return known }
        if refusals[type] == nil {
            do throws(CaptureError) {
                let made = try Self.compile(expression, type)
                programs[type] = made
                return made
            } catch {
                guard case .badFilter(_, let reason) = error else { return nil }
                refusals[type] = reason
            }
        }
        refused.insert(type)
        return nil
    }

    private static func compile(_ expression: String, _ type: LinkType) throws(CaptureError) -> bpf_program {
        // Raw IP has another number inside libpcap than in files.
        let number: Int32 = type == .raw ? 12 : Int32(type.rawValue)
        guard let handle = pcap_open_dead(number, maximumSnapLength) else {
            throw .badFilter(filter: expression, reason: "libpcap refuses link type \(type.rawValue)")
        }
        defer { pcap_close(handle) }
        var program = bpf_program()
        guard pcap_compile(handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            throw .badFilter(filter: expression, reason: String(cString: pcap_geterr(handle)))
        }
        return program
    }
}
