internal import Foundation
public import Protocol

/// What a sensor keeps of its enrolment, in its state directory: `sensor.key`, `sensor.crt`, `ca.crt`, `master.json`.
public struct SensorState: Sendable {
    public let directory: String
    public let identity: SensorIdentity
    public let master: MasterAddress
    /// The end of the sensor's certificate.
    let validUntil: Date
    let key: String
    let certificate: String
    let ca: String

    /// - Throws: ``UplinkError/notEnrolled(_:)``, ``UplinkError/damaged(_:)``, ``UplinkError/certificate(_:)``, or
    ///   ``FileError``.
    public init(directory: String) throws {
        guard PrivateFile.exists(directory + "/master.json") else { throw UplinkError.notEnrolled(directory) }
        self.directory = directory
        master = try Self.sound(directory + "/master.json") {
            try JSONDecoder().decode(MasterAddress.self, from: Data($0.utf8))
        }
        ca = try Self.sound(directory + "/ca.crt") { ca in
            _ = try MutualTLS.client(ca: ca)
            return ca
        }
        let (facts, certificate) = try Self.sound(directory + "/sensor.crt") { (try CertificateFacts(pem: $0), $0) }
        key = try Self.sound(directory + "/sensor.key") { [ca] key in
            _ = try MutualTLS.client(key: key, chain: certificate, ca: ca)
            return key
        }
        self.certificate = certificate
        guard let identity = facts.identity else {
            throw UplinkError.certificate("\(directory)/sensor.crt is not a sensor's certificate; enrol again")
        }
        (self.identity, validUntil) = (identity, facts.notAfter)
    }

    /// What a file of the state means.
    private static func sound<Content>(_ path: String, _ read: (String) throws -> Content) throws -> Content {
        let text = try PrivateFile.read(path)
        do { return try read(text) } catch { throw UplinkError.damaged(path) }
    }

    /// Writes what an enrolment begins with.
    static func begin(directory: String, key: SensorKey) throws {
        try PrivateFile.makeDirectory(directory)
        try PrivateFile.write(key.pem, to: directory + "/sensor.key")
    }

    /// Leaves nothing of an enrolment that was refused.
    /// - Parameter isNew: whether the directory was not there before.
    static func undo(directory: String, isNew: Bool) {
        unlink(directory + "/sensor.key")
        if isNew { rmdir(directory) }
    }

    /// Writes what an enrolment brought; `master.json` comes last, so that a half-written state counts as none.
    static func write(directory: String, master: MasterAddress, enrolled: WireEnrolled) throws {
        let chain = enrolled.chain.map { PEM.certificate(der: Array($0)) }.joined()
        try PrivateFile.write(chain, to: directory + "/sensor.crt")
        try PrivateFile.write(PEM.certificate(der: Array(enrolled.ca)), to: directory + "/ca.crt")
        let text = String(decoding: try JSONEncoder().encode(master), as: UTF8.self)
        try PrivateFile.write(text, to: directory + "/master.json")
    }
}

/// Where a master listens.
public struct MasterAddress: Sendable, Codable, Equatable, CustomStringConvertible {
    public let host: String
    public let port: Int

    public init(host: String, port: Int) { (self.host, self.port) = (host, port) }

    /// Reads `HOST:PORT`, `[IPV6]:PORT`.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: port)
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
