internal import Shared

/// What goes to the outside.
extension DayLog {
    /// Asks the company's name server; nil answers mean that the name does not exist.
    mutating func resolve(_ name: String, by device: Device, at second: Double, type: String = "A", answers: [String]?)
    {
        let server = company.controllers[chance.chance(0.85) ? 0 : 1]
        let rtt = chance.between(0.0004, 0.03)
        let head = connect(
            Connection(
                from: device, to: server.address, port: 53, toMAC: server.mac, proto: "udp", service: "dns", at: second,
                duration: rtt, sent: UInt64(name.utf8.count + 18),
                received: UInt64(name.utf8.count + 18 + 16 * (answers?.count ?? 4))))
        let fields = Records.dns
        begin(fields, head, at: second)
        batch.set(fields.proto, "udp")
        batch.set(fields.transId, UInt64(chance.int(1, 65_535)))
        batch.set(fields.rtt, interval(rtt))
        batch.set(fields.query, name)
        batch.set(fields.qclass, 1)
        batch.set(fields.qclassName, "C_INTERNET")
        let number: UInt64 = type == "TXT" ? 16 : (type == "AAAA" ? 28 : (type == "SRV" ? 33 : 1))
        batch.set(fields.qtype, number)
        batch.set(fields.qtypeName, type)
        batch.set(fields.rcode, answers == nil ? 3 : 0)
        batch.set(fields.rcodeName, answers == nil ? "NXDOMAIN" : "NOERROR")
        batch.set(fields.aa, name.hasSuffix(company.domain))
        batch.set(fields.tc, false)
        batch.set(fields.rd, true)
        batch.set(fields.ra, true)
        batch.set(fields.z, 0)
        if let answers {
            batch.set(fields.answers, answers)
            let ttl = UInt64(bitPattern: Interval.seconds(300).nanoseconds)
            batch.set(fields.ttls, answers.map { _ in ttl })
        }
        batch.set(fields.rejected, false)
        batch.end()
    }

    /// Looks the name up where needed and gives its address.
    mutating func locate(_ name: String, by device: Device, at second: Double) -> IPAddress {
        let address = Internet.address(of: name, chance.int(0, 1))
        if mustResolve(name, by: device, at: second) {
            resolve(name, by: device, at: max(0, second - 0.05), answers: [address.description])
        }
        return address
    }

    /// A TLS connection to a name outside.
    @discardableResult
    mutating func tls(
        _ device: Device, to name: String, _ program: Applications.Program, at second: Double, duration: Double,
        sent: Double, received: Double, port: UInt16 = 443
    ) -> Head {
        let address = locate(name, by: device, at: second)
        let head = connect(
            Connection(
                from: device, to: address, port: port, service: "ssl", at: second, duration: duration,
                sent: UInt64(max(0, sent)) + 900, received: UInt64(max(0, received)) + 4200))
        hello(name, program, head, at: second + 0.02)
        return head
    }

    mutating func hello(_ name: String?, _ program: Applications.Program, _ head: Head, at second: Double) {
        let fields = Records.ssl
        begin(fields, head, at: second)
        let isNew = program.ja4.hasPrefix("t13")
        batch.set(fields.version, isNew ? "TLSv13" : "TLSv12")
        batch.set(fields.cipher, isNew ? "TLS_AES_128_GCM_SHA256" : "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
        batch.set(fields.curve, "x25519")
        batch.set(fields.serverName, name)
        batch.set(fields.resumed, chance.chance(0.3))
        batch.set(fields.nextProtocol, isNew ? "h2" : nil)
        batch.set(fields.established, true)
        batch.set(fields.ja3, program.ja3)
        batch.set(fields.ja4, program.ja4)
        batch.end()
    }

    /// A request in clear text.
    mutating func http(
        _ device: Device, to name: String, path: String, _ program: Applications.Program, at second: Double,
        received: Double, mime: String, method: String = "GET", sent: Double = 0
    ) {
        let address = locate(name, by: device, at: second)
        let size = UInt64(max(120, received))
        let duration = 0.05 + Double(size) / 4e6
        let head = connect(
            Connection(
                from: device, to: address, port: 80, service: "http", at: second, duration: duration,
                sent: 420 + UInt64(sent), received: size + 380))
        let fields = Records.http
        begin(fields, head, at: second + 0.01)
        batch.set(fields.transDepth, 1)
        batch.set(fields.method, method)
        batch.set(fields.host, name)
        batch.set(fields.uri, path)
        batch.set(fields.version, "1.1")
        batch.set(fields.userAgent, program.userAgent)
        batch.set(fields.requestBodyLen, UInt64(sent))
        batch.set(fields.responseBodyLen, size)
        batch.set(fields.statusCode, 200)
        batch.set(fields.statusMsg, "OK")
        let fuid = "F" + chance.base62(17)
        batch.set(fields.respFuids, [fuid])
        batch.set(fields.respMimeTypes, [mime])
        batch.end()
        carried(fuid, head, path: path, mime: mime, size: size, at: second + 0.02, duration: duration)
    }

    private mutating func carried(
        _ fuid: String, _ head: Head, path: String, mime: String, size: UInt64, at second: Double, duration: Double
    ) {
        let fields = Records.files
        begin(fields, head, at: second)
        batch.set(fields.fuid, fuid)
        batch.set(fields.txHosts, [head.to.description])
        batch.set(fields.rxHosts, [head.from.description])
        batch.set(fields.connUids, [head.uid])
        batch.set(fields.source, "HTTP")
        batch.set(fields.depth, 0)
        batch.set(fields.mimeType, mime)
        if mime == "application/x-dosexec" {
            batch.set(fields.filename, path.split(separator: "/").last.map(String.init))
        }
        batch.set(fields.duration, interval(duration))
        batch.set(fields.isOrig, false)
        batch.set(fields.seenBytes, size)
        batch.set(fields.totalBytes, size)
        batch.set(fields.missingBytes, 0)
        batch.end()
    }

    /// A datagram exchange.
    mutating func udp(
        _ device: Device, to address: IPAddress, port: UInt16, service: String?, at second: Double, duration: Double,
        sent: Double, received: Double
    ) {
        connect(
            Connection(
                from: device, to: address, port: port, proto: "udp", service: service, at: second, duration: duration,
                sent: UInt64(sent), received: UInt64(received)))
    }
}
