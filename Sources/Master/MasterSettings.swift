import Foundation

/// What the master is told on its command line.
public struct MasterSettings: Sendable {
    /// Directory of everything that the master keeps: authority, private cluster, logs.
    public var state: String
    /// libpq connection string or URI of a given server; nil for the private cluster.
    public var database: String?
    /// Where sensors connect: host and port.
    public var listen = "[::]:4747"
    /// Where people and programs connect.
    public var console = "127.0.0.1:8443"
    /// Gets the first account's password when there is no account yet.
    public var firstPasswordFile: String?
    /// Days of event time that the search tables keep.
    public var retentionDays = 30

    public init(state: String) { self.state = state }

    /// `HOST:PORT`, with an IPv6 address in brackets; nil when it is neither.
    public static func hostAndPort(_ text: String) -> (host: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return host.isEmpty ? nil : (String(host), port)
    }

    /// Directory of the master's certificate authority.
    public var authority: String { state + "/authority" }

    /// - Throws: ``SettingsError`` when an address is not one.
    func ingest() throws(SettingsError) -> IngestSettings {
        guard let address = Self.hostAndPort(listen) else { throw .address(option: "--listen", text: listen) }
        var settings = IngestSettings()
        (settings.host, settings.port) = address
        settings.names = names(address.host)
        return settings
    }

    /// The console's address, with a certificate of the master's own authority.
    func consoleSettings(authority: CertificateAuthority) throws -> ConsoleSettings {
        guard let address = Self.hostAndPort(console) else {
            throw SettingsError.address(option: "--console", text: console)
        }
        var settings = ConsoleSettings()
        (settings.host, settings.port) = address
        let own = try authority.consoleCertificate(
            directory: self.authority, names: names(address.host), now: Date())
        settings.certificateChain = Array((own.certificate + authority.pem).utf8)
        settings.privateKey = Array(own.key.utf8)
        return settings
    }

    /// Names under which this machine may be reached: its own, and the address to listen on unless it means all.
    private func names(_ host: String) -> [String] {
        let own = ProcessInfo.processInfo.hostName
        return ["::", "0.0.0.0"].contains(host) ? [own] : [own, host]
    }
}

/// Settings that cannot be used.
public enum SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    case address(option: String, text: String)
    case cannotListen(host: String, port: Int, reason: String)

    public var description: String {
        switch self {
        case .cannotListen(let host, let port, let reason):
            "cannot listen on \(host), port \(port): \(reason); stop what uses it, or choose another with "
                + "--listen or --console"
        case .address(let option, let text): "\(option) \(text) is not HOST:PORT, such as 0.0.0.0:4747 or [::]:4747"
        }
    }
}
