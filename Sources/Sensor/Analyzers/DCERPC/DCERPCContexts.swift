internal import Shared

/// Which interface each context of a conversation means (C706 section 12.6.4.3). None is forgotten, and none changed
/// before the server says so: who binds many, or what the server refuses, would hide calls.
struct DCERPCContexts: Sendable {
    /// Places in ``interfaces`` by the contexts' numbers, all 65 536 of which may be in use.
    private var places: [UInt16: UInt16] = [:]
    private var interfaces: [RPCInterfaces.Interface] = []
    /// Places of interfaces by their identifiers. Those that have a name are as many as the table has.
    private var known: [String: UInt16] = [:]
    private var unnamedCount = 0
    /// What was asked for and is not answered, in the order in which it came.
    private var offers: [Offer] = []

    /// The contexts of a bind.
    private struct Offer: Sendable {
        let callID: UInt32
        var contexts: [(number: UInt16, place: UInt16, isNew: Bool)] = []
    }

    /// Interfaces without a name that are told apart.
    private static let unnamedLimit = 256
    /// Binds that wait for their answers: clients wait for each.
    private static let offerLimit = 16

    /// No bind was seen.
    var isEmpty: Bool { interfaces.isEmpty }

    /// Bytes of memory: of an interface with its identifier about 200.
    var heldBytes: Int {
        places.capacity * 6 + interfaces.count * 200 + offers.reduce(0) { $0 + 64 + $1.contexts.capacity * 6 }
    }

    subscript(_ context: UInt16) -> RPCInterfaces.Interface? { places[context].map { interfaces[Int($0)] } }

    /// Takes the list of a bind or alter_context. Calls in new contexts may come before the answer.
    /// - Throws: ``DecodeError`` when it is cut; what precedes that counts.
    mutating func offer(_ pdu: [UInt8]) throws(DecodeError) {
        var offer = Offer(callID: DCERPCHeader.number32(pdu, at: 12))
        let isFollowed = offers.count < Self.offerLimit
        defer { if isFollowed { offers.append(offer) } }
        var reader = ByteReader(pdu.dropFirst(24))
        let count = try reader.byte()
        try reader.skip(3)
        let isLittleEndian = DCERPCHeader.isLittleEndian(pdu)
        var last: (identifier: ArraySlice<UInt8>, place: UInt16)?
        for _ in 0..<count {
            let context: UInt16 = isLittleEndian ? try reader.le() : try reader.be()
            let item = try reader.take(2)
            let identifier = try reader.take(16)
            // Features of the transfer syntax are negotiated as further contexts of the same interface.
            let isSame = last.map { $0.identifier.elementsEqual(identifier) } ?? false
            let same = isSame ? last?.place : nil
            let place = same ?? self.place(of: identifier, isLittleEndian: isLittleEndian)
            last = (identifier, place)
            let isNew = places[context] == nil
            if isNew { places[context] = place }
            if isFollowed { offer.contexts.append((context, place, isNew)) }
            try reader.skip(4 + 20 * Int(item.first ?? 0))
        }
    }

    private mutating func place(of identifier: ArraySlice<UInt8>, isLittleEndian: Bool) -> UInt16 {
        // It is a number in the sender's order like the others (C706 section 14.1 and appendix A).
        let text = isLittleEndian ? GUIDText.mixedEndian(identifier) : GUIDText.bigEndian(identifier)
        return place(of: text ?? "")
    }

    private mutating func place(of identifier: String) -> UInt16 {
        if let place = known[identifier] { return place }
        if !RPCInterfaces.isKnown(identifier) {
            // One stands for all that are too many.
            guard unnamedCount < Self.unnamedLimit || identifier.isEmpty else { return place(of: "") }
            unnamedCount += 1
        }
        let place = UInt16(truncatingIfNeeded: interfaces.count)
        interfaces.append(RPCInterfaces.interface(identifier))
        known[identifier] = place
        return place
    }

    /// Takes the list of results of a bind_ack or alter_context_resp, as far as it is there.
    mutating func answer(_ pdu: [UInt8]) {
        guard let offer = takeOffer(DCERPCHeader.number32(pdu, at: 12)) else { return }
        // Behind the address that was bound, from a multiple of four on (C706 section 12.6.4.4).
        let start = (26 + DCERPCHeader.number16(pdu, at: 24) + 3) & ~3
        var reader = ByteReader(pdu.dropFirst(start))
        guard let count = try? reader.byte(), (try? reader.skip(3)) != nil else { return }
        for context in offer.contexts.prefix(Int(count)) {
            guard let result = try? reader.take(24).prefix(2) else { return }
            if result.contains(where: { $0 != 0 }) {
                refuse(context)
            } else if !context.isNew {
                places[context.number] = context.place
            }
        }
    }

    /// The server refused a bind or alter_context as a whole.
    mutating func refuse(callID: UInt32) {
        if let offer = takeOffer(callID) { for context in offer.contexts { refuse(context) } }
    }

    private mutating func refuse(_ context: (number: UInt16, place: UInt16, isNew: Bool)) {
        if context.isNew, places[context.number] == context.place { places[context.number] = nil }
    }

    /// Takes out what an answer is to; answers to what was asked before that do not come any more.
    private mutating func takeOffer(_ callID: UInt32) -> Offer? {
        guard let index = offers.firstIndex(where: { $0.callID == callID }) else { return nil }
        let offer = offers[index]
        offers.removeFirst(index + 1)
        return offer
    }
}
