internal import Shared

/// What is known of an RDP session, and its record.
struct RDPFacts {
    /// Certificates of one chain.
    private static let chainLimit = 16
    /// Virtual channels that a client may ask for, [MS-RDPBCGR] section 2.2.1.3.4.
    private static let channelLimit = 31

    var time: Timestamp?
    var cookie, result, securityProtocol: String?
    private var channels: [String]?
    private var layout, build, name, productID, depth: String?
    private var width, height: UInt64?
    private var certificateType, level, method: String?
    private var isPermanent: Bool?
    private var certificateCount: UInt64 = 0
    private var isWritten = false

    init() {}

    /// Settings of the client: core (section 2.2.1.3.2) and network (section 2.2.1.3.4).
    mutating func takeClient(_ message: GCCBlocks) throws(DecodeError) {
        for block in message.blocks {
            switch block.type {
            case 0xC001: try takeCore(block.content)
            case 0xC003: try takeChannels(block.content)
            default: break
            }
        }
    }

    private mutating func takeCore(_ block: ByteReader) throws(DecodeError) {
        var reader = block
        try reader.skip(4)
        width = UInt64(try reader.le(UInt16.self))
        height = UInt64(try reader.le(UInt16.self))
        try reader.skip(4)
        layout = RDPNames.layout(try reader.le())
        build = RDPNames.build(try reader.le())
        name = UTF16Text.littleEndian(Self.untilZero(try reader.take(32)))
        // Keyboard and input method: 76 bytes. From here on, older clients end anywhere.
        guard reader.count >= 76 + 12 else { return }
        try reader.skip(76 + 8)
        depth = RDPNames.colourDepth(try reader.le())
        guard (try? reader.skip(2)) != nil, let flags = try? reader.le(UInt16.self) else { return }
        if flags & 2 != 0 { depth = "32bit" }
        guard let identifier = try? reader.take(64) else { return }
        let text = UTF16Text.littleEndian(Self.untilZero(identifier))
        productID = text.isEmpty ? nil : text
    }

    /// The 16-bit units before the first that is zero.
    private static func untilZero(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var end = bytes.startIndex
        while end + 1 < bytes.endIndex, bytes[end] != 0 || bytes[end + 1] != 0 { end += 2 }
        return bytes[..<end]
    }

    private mutating func takeChannels(_ block: ByteReader) throws(DecodeError) {
        var reader = block
        let count = Int(clamping: try reader.le(UInt32.self))
        var names: [String] = []
        for _ in 0..<Swift.min(count, Self.channelLimit) {
            guard let name = try? reader.take(8), (try? reader.skip(4)) != nil else { break }
            names.append(name.prefix { $0 != 0 }.wireText)
        }
        channels = names
    }

    /// Security settings of the server, section 2.2.1.4.3.
    mutating func takeServer(_ message: GCCBlocks, into sink: inout RecordSink) throws(DecodeError) {
        guard let block = message.blocks.first(where: { $0.type == 0x0C02 }) else { return }
        var reader = block.content
        method = RDPNames.encryptionMethod(try reader.le())
        level = RDPNames.encryptionLevel(try reader.le())
        guard let random = try? reader.le(UInt32.self), let length = try? reader.le(UInt32.self),
            (try? reader.skip(Int(random))) != nil, var certificate = try? reader.reader(Int(length)),
            let version = try? certificate.le(UInt32.self)
        else { return }
        isPermanent = version & 0x8000_0000 == 0
        certificateType = RDPNames.certificate(version & 0x7FFF_FFFF)
        switch version & 0x7FFF_FFFF {
        case 1: certificateCount = 1
        case 2: takeChain(&certificate, into: &sink)
        default: break
        }
    }

    /// A chain of X.509 certificates, [MS-RDPELE] section 2.2.1.4.2.
    private mutating func takeChain(_ reader: inout ByteReader, into sink: inout RecordSink) {
        guard let count = try? reader.le(UInt32.self) else { return }
        for _ in 0..<Swift.min(Int(count), Self.chainLimit) {
            guard let length = try? reader.le(UInt32.self), let der = try? reader.take(Int(length)) else { return }
            certificateCount += 1
            var file = FileStream(source: "RDP", isOriginator: false, into: &sink)
            file.mimeType = "application/x-x509-user-cert"
            file.append(der.span.bytes, at: sink.now)
            file.finish(into: &sink)
            do throws(DecodeError) {
                let certificate = try Certificate(der: der)
                X509Writer.write(certificate, id: file.fuid, isLeaf: true, isClient: false, into: &sink)
            } catch {
                sink.weird("x509_malformed", source: "rdp")
            }
        }
    }

    /// Writes the record, once, when it tells more than that there was a connection.
    mutating func write(into sink: inout RecordSink) {
        guard !isWritten, cookie != nil || layout != nil || result != nil else { return }
        isWritten = true
        let rdp = Records.rdp
        sink.begin(rdp, at: time)
        sink.batch.set(rdp.cookie, cookie)
        sink.batch.set(rdp.result, result)
        sink.batch.set(rdp.securityProtocol, securityProtocol)
        sink.batch.set(rdp.clientChannels, channels)
        sink.batch.set(rdp.keyboardLayout, layout)
        sink.batch.set(rdp.clientBuild, build)
        sink.batch.set(rdp.clientName, name)
        sink.batch.set(rdp.clientDigProductId, productID)
        sink.batch.set(rdp.desktopWidth, width)
        sink.batch.set(rdp.desktopHeight, height)
        sink.batch.set(rdp.requestedColorDepth, depth)
        sink.batch.set(rdp.certType, certificateType)
        sink.batch.set(rdp.certCount, certificateCount)
        sink.batch.set(rdp.certPermanent, isPermanent)
        sink.batch.set(rdp.encryptionLevel, level)
        sink.batch.set(rdp.encryptionMethod, method)
        sink.end()
    }
}
