/// Where the console listens and what it shows.
public struct ConsoleSettings: Sendable {
    /// Address to listen on; `0.0.0.0` for all.
    public var host = "127.0.0.1"
    /// 0 takes a free port.
    public var port = 8443
    /// PEM, leaf first.
    public var certificateChain: [UInt8] = []
    /// PEM.
    public var privateKey: [UInt8] = []
    /// Where Debian's libjs-dygraphs put its files.
    public var dygraphsDirectory = "/usr/share/javascript/dygraphs"
    /// Replaces the templates, strings and assets that came with the program.
    public var resourceDirectory: String?

    public init() {}
}
