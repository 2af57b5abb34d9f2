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
    /// As the next worker of the interface is to share it.
    let share: Share

    /// How the packets of an interface are shared among workers.
    enum Share {
        /// Not at all: one worker has them all.
        case none
        /// In a new group, of this worker and those that join it.
        case first
        /// In the group with this number.
        case with(UInt16)
    }

    /// - Throws: ``CaptureError/cannotCapture(interface:reason:)``, ``CaptureError/badFilter(filter:reason:)``.
    init(_ settings: LiveSettings, _ share: Share = .none) throws(CaptureError) {
        var reason = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let made = pcap_create(settings.interface, &reason) else {
            throw .cannotCapture(interface: settings.interface, reason: Self.text(reason))
        }
        pcap_set_snaplen(made, Int32(clamping: settings.snapLength))
        pcap_set_promisc(made, settings.promiscuous ? 1 : 0)
        pcap_set_timeout(made, Self.retireMs)
        pcap_set_buffer_size(made, Int32(clamping: settings.bufferBytes))
        let wantsNanoseconds = pcap_set_tstamp_precision(made, PCAP_TSTAMP_PRECISION_NANO) == 0
        let status = pcap_activate(made)
        guard status >= 0 else {
            let why = Self.reason(status, made)
            pcap_close(made)
            throw .cannotCapture(interface: settings.interface, reason: why)
        }
        let joined: Share
        do throws(CaptureError) {
            if let filter = settings.filter { try Self.apply(filter, to: made) }
            let isLoopback = Self.isLoopback(made)
            if isLoopback { Self.ignoreOutgoing(made) }
            joined = try Self.join(share, isLoopback, made, settings.interface)
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
        self.share = joined
        pcap = made
    }

    deinit { pcap_close(pcap) }

    private static func text(_ bytes: [CChar]) -> String {
        String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What went wrong when the interface was opened.
    private static func reason(_ status: Int32, _ pcap: OpaquePointer) -> String {
        let why = String(cString: pcap_geterr(pcap))
        let isForbidden = status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED
        return (why.isEmpty ? String(cString: pcap_statustostr(status)) : why)
            + (isForbidden ? "; it takes root or CAP_NET_RAW" : "")
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

    /// Whether the socket is of the loopback interface: what it is bound to tells the hardware (packet(7),
    /// `sockaddr_ll`; ARPHRD_LOOPBACK of linux/if_arp.h).
    private static func isLoopback(_ pcap: OpaquePointer) -> Bool {
        let (addressBytes, hardwareOffset, loopback) = (20, 8, UInt16(772))
        let address = UnsafeMutableRawBufferPointer.allocate(byteCount: addressBytes, alignment: 8)
        defer { address.deallocate() }
        var size = socklen_t(addressBytes)
        guard let base = address.baseAddress?.assumingMemoryBound(to: sockaddr.self),
            getsockname(pcap_fileno(pcap), base, &size) == 0, size >= 10
        else { return false }
        return address.loadUnaligned(fromByteOffset: hardwareOffset, as: UInt16.self) == loopback
    }

    /// Over loopback the kernel shows each packet on its way out and again on its way in. libpcap leaves the first out,
    /// but both are counted and take room in the ring: they are not to be kept at all (PACKET_IGNORE_OUTGOING of
    /// linux/if_packet.h; kernels before 4.20 do not know it).
    private static func ignoreOutgoing(_ pcap: OpaquePointer) {
        let (solPacket, packetIgnoreOutgoing): (Int32, Int32) = (263, 23)
        var isWanted: Int32 = 1
        _ = setsockopt(pcap_fileno(pcap), solPacket, packetIgnoreOutgoing, &isWanted, 4)
    }

    /// packet(7): PACKET_FANOUT by a program, and with fragments of IPv4 put together. The kernel picks the number of a
    /// new group, which belongs to one interface and to nobody else's sockets.
    /// - Returns: how the next worker joins.
    private static func join(
        _ share: Share, _ isLoopback: Bool, _ pcap: OpaquePointer, _ interface: String
    ) throws(CaptureError) -> Share {
        let (solPacket, packetFanout, fanoutData): (Int32, Int32, Int32) = (263, 18, 22)
        let (byProgram, defragment, newNumber): (Int32, Int32, Int32) = (6, 0x8000, 0x2000)
        let ignoreOutgoing: Int32 = isLoopback ? 0x4000 : 0
        let kind = byProgram | defragment | ignoreOutgoing
        var argument: Int32
        switch share {
        case .none: return .none
        case .first: argument = (kind | newNumber) << 16
        case .with(let group): argument = Int32(group) | kind << 16
        }
        let socket = pcap_fileno(pcap)
        var instructions = FanOutProgram().instructions.map {
            bpf_insn(code: $0.code, jt: $0.yes, jf: $0.no, k: $0.operand)
        }
        var size = socklen_t(MemoryLayout<Int32>.size)
        let isJoined =
            setsockopt(socket, solPacket, packetFanout, &argument, size) == 0
            && instructions.withUnsafeMutableBufferPointer { buffer in
                // The kernel's own structure is laid out as libpcap's.
                var program = bpf_program(bf_len: UInt32(buffer.count), bf_insns: buffer.baseAddress)
                let size = socklen_t(MemoryLayout<bpf_program>.size)
                return setsockopt(socket, solPacket, fanoutData, &program, size) == 0
            }
            && getsockopt(socket, solPacket, packetFanout, &argument, &size) == 0
        guard isJoined else {
            throw .cannotCapture(interface: interface, reason: "fan-out: " + String(cString: strerror(errno)))
        }
        return .with(UInt16(truncatingIfNeeded: argument))
    }

    /// Why reading failed.
    var failure: String { String(cString: pcap_geterr(pcap)) }

    /// Waits until there are packets.
    /// - Returns: false when there were none for longer than the kernel may hold some back.
    func waitForPackets() -> Bool {
        var waiting = pollfd(fd: pcap_get_selectable_fd(pcap), events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, Self.retireMs * 2) > 0
    }
}
