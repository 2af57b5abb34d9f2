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
}
