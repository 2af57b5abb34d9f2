/// Which worker the kernel gives a packet to, as a program of classic BPF (packet(7), PACKET_FANOUT_CBPF): by the two
/// hosts, those inside of a tunnel where there is one.
///
/// The kernel's own hash takes ports in, and with them tears apart what belongs together: directions of VXLAN and
/// Geneve, whose outer ports differ (RFC 7348 section 5), fragments of IPv6, and connections that one announces to
/// another (FTP, SIP). By the hosts alone all traffic between two of them goes to one worker, as with captures
/// (``PacketShare``).
struct FanOutProgram {
    /// An instruction of classic BPF; where it compares, `yes` and `no` tell how many others are passed over.
    struct Instruction: Equatable, Sendable {
        var code: UInt16
        var yes: UInt8 = 0
        var no: UInt8 = 0
        var operand: UInt32
    }

    private(set) var instructions: [Instruction] = []
    /// Where blocks begin, and which jumps lead there: classic BPF jumps forward only.
    private var places: [Block: Int] = [:]
    private var jumps: [(from: Int, to: Block)] = []

    private enum Block {
        case tag, secondTag, session, labels, labelled, controlWord, controlled, ipv4, ipv6, udp, vxlan, vxlanExtended
        case geneve, gre, handed, mirrored, mirroredThird, frame, frameTag, inner4, inner6, done
    }

    /// Words of scratch memory.
    private enum Slot {
        static let hash: UInt32 = 0
        static let base: UInt32 = 1
        static let kept: UInt32 = 2
        static let type: UInt32 = 3
        static let flags: UInt32 = 4
    }

    /// Offsets of these begin at the network header, and at what the kernel knows of the packet (linux/filter.h).
    private static let networkOffset = UInt32(bitPattern: -0x100000)
    private static let protocolOffset = UInt32(bitPattern: -0x1000)

    /// Labels of one packet (RFC 3032) that are looked through.
    private static let labelLimit = 4

    /// Instructions (linux/bpf_common.h): of the accumulator, where no other is named; the index is register X.
    private enum Code {
        static let loadConstant: UInt16 = 0x00
        static let loadSlot: UInt16 = 0x60
        static let loadOfPacket: UInt16 = 0x28
        static let loadBehindIndex: UInt16 = 0x40
        static let indexFromSlot: UInt16 = 0x61
        static let indexFromAccumulator: UInt16 = 0x07
        static let store: UInt16 = 0x02
        static let add: UInt16 = 0x04
        static let addIndex: UInt16 = 0x0C
        static let xorIndex: UInt16 = 0xAC
        static let multiply: UInt16 = 0x24
        static let and: UInt16 = 0x54
        static let shiftLeft: UInt16 = 0x64
        static let shiftRight: UInt16 = 0x74
        static let jump: UInt16 = 0x05
        static let jumpIfEqual: UInt16 = 0x15
        static let returnIt: UInt16 = 0x16
    }

    private enum Size {
        static let word: UInt16 = 0x00
        static let half: UInt16 = 0x08
        static let byte: UInt16 = 0x10
    }

    init() {
        emit(Code.loadConstant, 0)
        store(Slot.hash)
        store(Slot.base)
        emit(Code.loadOfPacket, Self.protocolOffset)
        dispatch(tag: .tag)
        begin(.tag)
        passTag()
        dispatch(tag: .secondTag)
        begin(.secondTag)
        passTag()
        dispatch(tag: nil)
        writeSession()
        writeLabels()
        writeHosts()
        writeDatagrams()
        writeGRE()
        writeFrame()
        writeInnerHosts()
        begin(.done)
        emit(Code.loadSlot, Slot.hash)
        emit(Code.shiftRight, 16)
        emit(Code.returnIt, 0)
        for (from, block) in jumps {
            if let place = places[block] { instructions[from].operand = UInt32(place - from - 1) }
        }
    }

    private mutating func emit(_ code: UInt16, _ operand: UInt32, yes: UInt8 = 0, no: UInt8 = 0) {
        instructions.append(Instruction(code: code, yes: yes, no: no, operand: operand))
    }

    private mutating func begin(_ block: Block) { places[block] = instructions.count }

    private mutating func jump(_ block: Block) {
        jumps.append((instructions.count, block))
        emit(Code.jump, 0)
    }

    /// Jumps when the accumulator is `value`.
    private mutating func jump(_ block: Block, ifEqual value: UInt32) {
        emit(Code.jumpIfEqual, value, yes: 0, no: 1)
        jump(block)
    }

    private mutating func jump(_ block: Block, unlessEqual value: UInt32) {
        emit(Code.jumpIfEqual, value, yes: 1, no: 0)
        jump(block)
    }

    private mutating func store(_ slot: UInt32) { emit(Code.store, slot) }

    /// Loads what lies `offset` bytes behind the base.
    private mutating func load(_ size: UInt16, _ offset: UInt32) {
        emit(Code.indexFromSlot, Slot.base)
        emit(Code.loadBehindIndex | size, Self.networkOffset &+ offset)
    }

    private mutating func and(_ mask: UInt32) { emit(Code.and, mask) }

    /// Moves the base on; the accumulator stays.
    private mutating func advance(_ count: UInt32) {
        store(Slot.kept)
        emit(Code.loadSlot, Slot.base)
        emit(Code.add, count)
        store(Slot.base)
        emit(Code.loadSlot, Slot.kept)
    }

    /// Moves the base on by what the accumulator says.
    private mutating func advanceByAccumulator() {
        emit(Code.indexFromSlot, Slot.base)
        emit(Code.addIndex, 0)
        store(Slot.base)
    }

    private mutating func forget() {
        emit(Code.loadConstant, 0)
        store(Slot.hash)
    }

    /// Takes a word into the hash, mixed: else pairs whose addresses differ alike would all have one worker.
    private mutating func fold(_ offset: UInt32, _ factor: UInt32) {
        load(Size.word, offset)
        emit(Code.multiply, factor)
        store(Slot.kept)
        emit(Code.shiftRight, 15)
        emit(Code.indexFromAccumulator, 0)
        emit(Code.loadSlot, Slot.kept)
        emit(Code.xorIndex, 0)
        emit(Code.multiply, 0x85EB_CA77)
        emit(Code.indexFromSlot, Slot.hash)
        // In a sum, the order of the two hosts does not count.
        emit(Code.addIndex, 0)
        store(Slot.hash)
    }

    private mutating func foldIPv4() { for offset: UInt32 in [12, 16] { fold(offset, Self.factors[0]) } }

    private mutating func foldIPv6() {
        for (index, factor) in Self.factors.enumerated() {
            for start: UInt32 in [8, 24] { fold(start + 4 * UInt32(index), factor) }
        }
    }

    /// One for each word of an address: odd, and unlike one another.
    private static let factors: [UInt32] = [0x9E37_79B1, 0xC2B2_AE3D, 0x27D4_EB2F, 0x1656_67B1]

    /// Goes on by the EtherType in the accumulator, whose content begins at the base.
    private mutating func dispatch(tag: Block?) {
        jump(.ipv4, ifEqual: UInt32(EtherType.ipv4))
        jump(.ipv6, ifEqual: UInt32(EtherType.ipv6))
        jump(.session, ifEqual: UInt32(EtherType.pppoeSession))
        jump(.labels, ifEqual: UInt32(EtherType.mpls))
        if let tag {
            jump(tag, ifEqual: UInt32(EtherType.vlan))
            jump(tag, ifEqual: UInt32(EtherType.providerBridge))
        }
        jump(.done)
    }

    /// A VLAN tag: two bytes of its own, then the next type.
    private mutating func passTag() {
        load(Size.half, 2)
        advance(4)
    }

    /// PPPoE (RFC 2516): six bytes, then the protocol of PPP.
    private mutating func writeSession() {
        begin(.session)
        load(Size.half, 6)
        advance(8)
        jump(.ipv4, ifEqual: 0x21)
        jump(.ipv6, ifEqual: 0x57)
        jump(.done)
    }

    /// MPLS (RFC 3032): what lies under the last label is told by its first nibble.
    private mutating func writeLabels() {
        begin(.labels)
        for _ in 0..<Self.labelLimit {
            load(Size.byte, 2)
            advance(4)
            and(1)
            jump(.labelled, ifEqual: 1)
        }
        jump(.done)
        begin(.labelled)
        load(Size.byte, 0)
        emit(Code.shiftRight, 4)
        jump(.ipv4, ifEqual: 4)
        jump(.ipv6, ifEqual: 6)
        jump(.controlWord, ifEqual: 0)
        jump(.frame)
        begin(.controlWord)
        // It may be left out: then a frame begins here, whose address begins with zeros.
        let types: [UInt32] = [EtherType.ipv4, EtherType.ipv6, EtherType.arp, EtherType.vlan].map { UInt32($0) }
        load(Size.half, 16)
        for type in types { jump(.controlled, ifEqual: type) }
        load(Size.half, 12)
        for type in types { jump(.frame, ifEqual: type) }
        begin(.controlled)
        advance(4)
        jump(.frame)
    }

    /// The outer hosts, which count unless others are inside. Of fragments nothing is looked into.
    private mutating func writeHosts() {
        begin(.ipv4)
        foldIPv4()
        load(Size.half, 6)
        and(0x3FFF)
        jump(.done, unlessEqual: 0)
        load(Size.byte, 9)
        store(Slot.type)
        load(Size.byte, 0)
        and(0x0F)
        emit(Code.shiftLeft, 2)
        advanceByAccumulator()
        emit(Code.loadSlot, Slot.type)
        dispatch()
        begin(.ipv6)
        foldIPv6()
        load(Size.byte, 6)
        advance(40)
        dispatch()
    }

    /// Goes on by the number of a protocol of IP in the accumulator.
    private mutating func dispatch() {
        jump(.udp, ifEqual: 17)
        jump(.gre, ifEqual: 47)
        jump(.inner4, ifEqual: 4)
        jump(.inner6, ifEqual: 41)
        jump(.done)
    }

    /// VXLAN (RFC 7348) with and without a number of what follows, and Geneve (RFC 8926).
    private mutating func writeDatagrams() {
        begin(.udp)
        load(Size.half, 2)
        // Addresses are handed out to clients that have none yet: one worker has all of that.
        for port: UInt32 in [67, 68, 546, 547] { jump(.handed, ifEqual: port) }
        jump(.vxlan, ifEqual: 4789)
        jump(.vxlan, ifEqual: 8472)
        jump(.vxlanExtended, ifEqual: 4790)
        jump(.geneve, ifEqual: 6081)
        jump(.done)
        begin(.handed)
        forget()
        jump(.done)
        begin(.vxlanExtended)
        load(Size.byte, 11)
        jump(.done, unlessEqual: 3)
        begin(.vxlan)
        load(Size.byte, 8)
        and(8)
        jump(.done, unlessEqual: 8)
        advance(16)
        jump(.frame)
        begin(.geneve)
        load(Size.half, 10)
        store(Slot.type)
        load(Size.byte, 8)
        and(0x3F)
        emit(Code.shiftLeft, 2)
        advanceByAccumulator()
        emit(Code.loadSlot, Slot.type)
        advance(16)
        dispatchInner()
    }

    /// GRE (RFC 2784, RFC 2890): four bytes for each of checksum, key and sequence number; and ERSPAN in it.
    private mutating func writeGRE() {
        begin(.gre)
        load(Size.half, 0)
        store(Slot.flags)
        load(Size.half, 2)
        store(Slot.type)
        advance(4)
        for (flag, shift) in [(0x8000, 13), (0x2000, 11), (0x1000, 10)] as [(UInt32, UInt32)] {
            advance(whereFlagged: flag, shift)
        }
        emit(Code.loadSlot, Slot.type)
        jump(.mirrored, ifEqual: UInt32(EtherType.erspan))
        jump(.mirroredThird, ifEqual: UInt32(EtherType.erspan3))
        dispatchInner()
        begin(.mirrored)
        // Type I has neither sequence number nor header of its own; type II has both.
        advance(whereFlagged: 0x1000, 9)
        jump(.frame)
        begin(.mirroredThird)
        load(Size.byte, 11)
        and(1)
        // The platform's header has eight bytes.
        emit(Code.shiftLeft, 3)
        emit(Code.add, 12)
        advanceByAccumulator()
        jump(.frame)
    }

    /// Moves the base on by a flag of GRE, shifted right.
    private mutating func advance(whereFlagged flag: UInt32, _ shift: UInt32) {
        emit(Code.loadSlot, Slot.flags)
        and(flag)
        emit(Code.shiftRight, shift)
        advanceByAccumulator()
    }

    private mutating func dispatchInner() {
        jump(.inner4, ifEqual: UInt32(EtherType.ipv4))
        jump(.inner6, ifEqual: UInt32(EtherType.ipv6))
        jump(.frame, ifEqual: UInt32(EtherType.transparentBridging))
        jump(.done)
    }

    /// An Ethernet frame inside, with one tag at most.
    private mutating func writeFrame() {
        begin(.frame)
        load(Size.half, 12)
        advance(14)
        jump(.inner4, ifEqual: UInt32(EtherType.ipv4))
        jump(.inner6, ifEqual: UInt32(EtherType.ipv6))
        jump(.frameTag, ifEqual: UInt32(EtherType.vlan))
        jump(.done)
        begin(.frameTag)
        passTag()
        jump(.inner4, ifEqual: UInt32(EtherType.ipv4))
        jump(.inner6, ifEqual: UInt32(EtherType.ipv6))
        jump(.done)
    }

    private mutating func writeInnerHosts() {
        begin(.inner4)
        forget()
        foldIPv4()
        jump(.done)
        begin(.inner6)
        forget()
        foldIPv6()
    }
}
