import CPcap
// Which of the two owns a structure of C depends on the order in which the compiler loads modules.
import CoreFoundation
import Glibc
import Shared

/// An open interface of libpcap, which picks TPACKET_V3 by itself.
struct LiveHandle: ~Copyable {
    /// After so many milliseconds the kernel hands over a block of packets that is not full.
    private static let retireMs: Int32 = 100

    let pcap: OpaquePointer
    let linkType: LinkType
    let isNanoseconds: Bool
    private var lastStatistics = pcap_stat()

    /// - Parameter fanoutGroup: workers of one interface share a number; nil for a single worker.
    /// - Throws: ``CaptureError/cannotCapture(interface:reason:)``, ``CaptureError/badFilter(filter:reason:)``.
    init(_ settings: LiveSettings, fanoutGroup: UInt16?) throws(CaptureError) {
        var reason = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let made = pcap_create(settings.interface, &reason) else {
            throw .cannotCapture(interface: settings.interface, reason: Self.text(reason))
        }
        pcap_set_snaplen(made, Int32(clamping: settings.snapLength))
        pcap_set_promisc(made, settings.promiscuous ? 1 : 0)
        pcap_set_timeout(made, Self.retireMs)
        pcap_set_buffer_size(made, Int32(clamping: settings.bufferBytes))
        let wantsNanoseconds = pcap_set_tstamp_precision(made, PCAP_TSTAMP_PRECISION_NANO) == 0
        guard pcap_activate(made) >= 0 else {
            let why = String(cString: pcap_geterr(made))
            pcap_close(made)
            throw .cannotCapture(interface: settings.interface, reason: why + "; it takes root or CAP_NET_RAW")
        }
        do throws(CaptureError) {
            if let filter = settings.filter { try Self.apply(filter, to: made) }
            if let fanoutGroup { try Self.join(fanoutGroup, made, settings.interface) }
        } catch {
            pcap_close(made)
            throw error
        }
        // libpcap's own waiting may last for ever on a silent interface (pcap(3), "read timeout"); ours does not.
        guard pcap_setnonblock(made, 1, &reason) == 0 else {
            pcap_close(made)
            throw .cannotCapture(interface: settings.interface, reason: Self.text(reason))
        }
        isNanoseconds = wantsNanoseconds && pcap_get_tstamp_precision(made) == PCAP_TSTAMP_PRECISION_NANO
        linkType = LinkType(fileValue: UInt32(bitPattern: pcap_datalink(made)))
        pcap = made
    }

    deinit { pcap_close(pcap) }

    private static func text(_ bytes: [CChar]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func apply(_ filter: String, to pcap: OpaquePointer) throws(CaptureError) {
        var program = bpf_program()
        guard pcap_compile(pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            throw .badFilter(filter: filter, reason: String(cString: pcap_geterr(pcap)))
        }
        defer { pcap_freecode(&program) }
        guard pcap_setfilter(pcap, &program) == 0 else {
            throw .badFilter(filter: filter, reason: String(cString: pcap_geterr(pcap)))
        }
    }

    /// packet(7): PACKET_FANOUT by a program, and with fragments of IPv4 put together.
    private static func join(_ group: UInt16, _ pcap: OpaquePointer, _ interface: String) throws(CaptureError) {
        let (solPacket, packetFanout, fanoutData): (Int32, Int32, Int32) = (263, 18, 22)
        let (byProgram, defragment): (Int32, Int32) = (6, 0x8000)
        var argument = Int32(group) | (byProgram | defragment) << 16
        var instructions = FanOutProgram().instructions.map {
            bpf_insn(code: $0.code, jt: $0.yes, jf: $0.no, k: $0.operand)
        }
        let isJoined =
            setsockopt(pcap_fileno(pcap), solPacket, packetFanout, &argument, 4) == 0
            && instructions.withUnsafeMutableBufferPointer { buffer in
                // The kernel's own structure is laid out as libpcap's.
                var program = bpf_program(bf_len: UInt32(buffer.count), bf_insns: buffer.baseAddress)
                let size = socklen_t(MemoryLayout<bpf_program>.size)
                return setsockopt(pcap_fileno(pcap), solPacket, fanoutData, &program, size) == 0
            }
        guard isJoined else {
            throw .cannotCapture(interface: interface, reason: "fan-out: " + String(cString: strerror(errno)))
        }
    }

    /// Waits until there are packets.
    /// - Returns: false when there were none for longer than the kernel may hold some back.
    func waitForPackets() -> Bool {
        var waiting = pollfd(fd: pcap_get_selectable_fd(pcap), events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, Self.retireMs * 2) > 0
    }

    /// Adds what the kernel counted since the last call.
    mutating func addStatistics(to counters: inout LiveCounters) {
        var now = pcap_stat()
        guard pcap_stats(pcap, &now) == 0 else { return }
        counters.received &+= UInt64(now.ps_recv &- lastStatistics.ps_recv)
        counters.droppedByKernel &+= UInt64(now.ps_drop &- lastStatistics.ps_drop)
        counters.droppedByInterface &+= UInt64(now.ps_ifdrop &- lastStatistics.ps_ifdrop)
        lastStatistics = now
    }
}
