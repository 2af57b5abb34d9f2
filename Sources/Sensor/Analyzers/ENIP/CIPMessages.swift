internal import Shared

/// Messages of the Common Industrial Protocol (CIP Networks Library volume 1, section 2-4): a service, asked of an
/// object that a path names; and the answers.
struct CIPMessages: Sendable {
    /// Messages within one: those of a packet of several services, within one that is routed on.
    private static let depthLimit = 3
    /// Services of one packet of several; more do not fit into 4,096 bytes.
    private static let serviceLimit = 1024
    /// Bytes of the name of a tag that records show; controllers allow 40 a part.
    private static let symbolLimit = 256

    /// Requests that wait for their answers.
    private var requests = CIPRequests()

    var heldBytes: Int { requests.heldBytes }

    /// Where a request goes (appendix C-1.4).
    private struct Path {
        var classID, instanceID, attributeID: UInt32?
        /// Names of a tag and its parts, with points between them.
        var symbol = ""
    }

    mutating func write(
        _ message: ByteReader, _ exchange: CIPExchange, from side: Side, into sink: inout RecordSink
    ) {
        // What cannot be read is left out; the messages around it are still good.
        try? write(message, exchange, from: side, depth: 0, into: &sink)
    }

    /// - Parameter isRouted: inside of another message, whose answer may be this one's.
    private mutating func write(
        _ message: ByteReader, _ exchange: CIPExchange, from side: Side, depth: Int, isRouted: Bool = false,
        into sink: inout RecordSink
    ) throws(DecodeError) {
        guard depth < Self.depthLimit else { throw .limit(.count) }
        var reader = message
        let service = try reader.byte()
        guard service & 0x80 == 0 else {
            return try writeResponse(&reader, service & 0x7F, exchange, from: side, depth: depth, into: &sink)
        }
        let size = 2 * Int(try reader.byte())
        let path = Self.read(path: try reader.reader(size))
        let asked = CIPService(code: service, isConnectionManagers: path.classID == 6)
        if depth == 0 { requests.append(asked, exchange) } else if isRouted { requests.route(asked) }
        begin(asked, exchange, from: side, isResponse: false, into: &sink)
        Self.set(path, into: &sink)
        sink.end()
        switch (service, path.classID) {
        case (0x0A, _): try writeSeveral(reader, exchange, from: side, depth: depth, into: &sink)
        case (0x52, 6):
            try reader.skip(2)
            let length = Int(try reader.le(UInt16.self))
            let inner = try reader.reader(length)
            try write(inner, exchange, from: side, depth: depth + 1, isRouted: depth == 0, into: &sink)
        default: break
        }
    }

    private mutating func writeResponse(
        _ reader: inout ByteReader, _ service: UInt8, _ exchange: CIPExchange, from side: Side, depth: Int,
        into sink: inout RecordSink
    ) throws(DecodeError) {
        try reader.skip(1)
        let status = try reader.byte()
        let extra = 2 * Int(try reader.byte())
        let cip = Records.cip
        let isConnectionManagers =
            depth == 0 && requests.isConnectionManagers(answer: service, status: status, exchange)
        let answered = CIPService(code: service, isConnectionManagers: isConnectionManagers)
        begin(answered, exchange, from: side, isResponse: true, into: &sink)
        let code = Hexadecimal.code(status, digits: 2)
        sink.batch.set(cip.statusCode, code)
        sink.batch.set(cip.status, CIPNames.statuses, status, otherwise: "Unknown CIP Status-\(code)")
        var rest = reader
        if extra >= 2, let extended = try? rest.le(UInt16.self) {
            sink.batch.set(cip.extendedStatusCode, Hexadecimal.code(extended, digits: 4))
        }
        sink.end()
        guard service == 0x0A else { return }
        try reader.skip(extra)
        try writeSeveral(reader, exchange, from: side, depth: depth, into: &sink)
    }

    /// A packet of several services (volume 1, appendix ): how many, where each begins, and they themselves.
    private mutating func writeSeveral(
        _ list: ByteReader, _ exchange: CIPExchange, from side: Side, depth: Int, into sink: inout RecordSink
    ) throws(DecodeError) {
        var reader = list
        let count = Swift.min(Int(try reader.le(UInt16.self)), Self.serviceLimit)
        var offsets: [Int] = []
        for _ in 0..<count { offsets.append(Int(try reader.le(UInt16.self))) }
        // Each service must begin behind the one before it: no byte is read twice.
        var end = 2 + 2 * count
        for (index, offset) in offsets.enumerated() {
            let next = index + 1 < count ? offsets[index + 1] : list.count
            guard offset >= end, next >= offset, next <= list.count else { throw .invalid(.offset) }
            end = next
            var inner = list
            try inner.skip(offset)
            try write(try inner.reader(next - offset), exchange, from: side, depth: depth + 1, into: &sink)
        }
    }

    private func begin(
        _ service: CIPService, _ exchange: CIPExchange, from side: Side, isResponse: Bool,
        into sink: inout RecordSink
    ) {
        let cip = Records.cip
        sink.begin(cip)
        sink.batch.set(cip.isOrig, side == .originator)
        sink.batch.set(cip.sequenceCount, exchange.sequence)
        sink.batch.set(cip.direction, name: isResponse ? "response" : "request")
        sink.batch.set(cip.serviceCode, Hexadecimal.code(service.code, digits: 2))
        if service.isConnectionManagers, let name = CIPNames.connectionServices[service.code] {
            sink.batch.set(cip.service, name: name)
        } else {
            sink.batch.set(cip.service, CIPNames.services, service.code, otherwise: "unknown")
        }
    }

    private static func set(_ path: Path, into sink: inout RecordSink) {
        let cip = Records.cip
        if let classID = path.classID {
            sink.batch.set(cip.classID, Hexadecimal.code(classID, digits: 2))
            sink.batch.set(cip.className, CIPNames.classes, classID, otherwise: "unknown")
        }
        sink.batch.set(cip.instanceID, path.instanceID.map { Hexadecimal.code($0, digits: 2) })
        sink.batch.set(cip.attributeID, path.attributeID.map { Hexadecimal.code($0, digits: 2) })
        if !path.symbol.isEmpty { sink.batch.set(cip.symbol, path.symbol) }
    }

    /// Reads segments until one that is not understood: logical ones (class, instance, attribute, member) and names.
    private static func read(path: ByteReader) -> Path {
        var reader = path
        var path = Path()
        // Every segment has two bytes at least, so a path of 510 bytes ends.
        while let segment = try? reader.byte() {
            if segment == 0x91 {
                guard let length = try? Int(reader.byte()), let name = try? reader.take(length) else { break }
                if length & 1 != 0 { try? reader.skip(1) }
                if path.symbol.utf8.count + length < symbolLimit {
                    path.symbol += path.symbol.isEmpty ? name.wireText : "." + name.wireText
                }
                continue
            }
            guard segment >> 5 == 1, let value = readLogical(&reader, format: segment & 3) else { break }
            switch segment >> 2 & 7 {
            case 0: path.classID = value
            case 1: path.instanceID = value
            case 2 where !path.symbol.isEmpty: path.symbol += "[\(value)]"
            case 4: path.attributeID = value
            default: break
            }
        }
        return path
    }

    /// A value of one byte, or of two or four behind a byte of padding.
    private static func readLogical(_ reader: inout ByteReader, format: UInt8) -> UInt32? {
        switch format {
        case 0: return (try? reader.byte()).map(UInt32.init)
        case 1:
            try? reader.skip(1)
            return (try? reader.le(UInt16.self)).map(UInt32.init)
        case 2:
            try? reader.skip(1)
            return try? reader.le(UInt32.self)
        default: return nil
        }
    }
}

/// What a device says of itself when identities are asked for (CIP Networks Library volume 2, table 2-4.4).
enum CIPIdentity {
    static func write(_ item: ByteReader, from side: Side, into sink: inout RecordSink) {
        let identity = Records.cipIdentity
        sink.begin(identity)
        sink.batch.set(identity.isOrig, side == .originator)
        // A short item is told as far as it goes.
        var item = item
        try? set(&item, into: &sink)
        sink.end()
    }

    private static func set(_ item: inout ByteReader, into sink: inout RecordSink) throws(DecodeError) {
        let identity = Records.cipIdentity
        sink.batch.set(identity.encapsulationVersion, UInt64(try item.le(UInt16.self)))
        try item.skip(2)
        sink.batch.set(identity.socketPort, UInt64(try item.be(UInt16.self)))
        sink.batch.set(identity.socketAddress, IPAddress(v4: try item.be(UInt32.self)))
        try item.skip(8)
        let vendor = try item.le(UInt16.self)
        sink.batch.set(identity.vendorID, UInt64(vendor))
        sink.batch.set(identity.vendorName, CIPNames.vendors, vendor, otherwise: "unknown")
        let type = try item.le(UInt16.self)
        sink.batch.set(identity.deviceTypeID, UInt64(type))
        sink.batch.set(identity.deviceTypeName, CIPNames.deviceTypes, type, otherwise: "unknown")
        sink.batch.set(identity.productCode, UInt64(try item.le(UInt16.self)))
        sink.batch.set(identity.revision, "\(try item.byte()).\(try item.byte())")
        sink.batch.set(identity.deviceStatus, Hexadecimal.code(try item.le(UInt16.self), digits: 4))
        sink.batch.set(identity.serialNumber, Hexadecimal.code(try item.le(UInt32.self), digits: 8))
        sink.batch.set(identity.productName, try item.vector(lengthBytes: 1).rest.wireText)
        sink.batch.set(identity.deviceState, Hexadecimal.code(try item.byte(), digits: 4))
    }
}
