/// How the master listens to its sensors.
public struct IngestSettings: Sendable, Codable, Equatable {
    /// Address to listen on; `::` is every address, of both families.
    public var host = "::"
    /// TCP port; 0 takes any free one.
    public var port = 4747
    /// Names and addresses under which sensors reach this master, for its certificate. The host's own name is known.
    public var names: [String] = []
    /// Batches of one sensor that may be on their way without acknowledgement, 1 to 1,024.
    public var window = 64
    /// Bytes of batches that wait for the database, of all sensors, before no more are read.
    public var queueBytes = 64 << 20
    /// Connections at once, those that are not enrolled yet included.
    public var connections = 2_000
    /// Seconds that a new connection has to say who it is.
    public var greetingSeconds = 15
    /// Seconds between two looks at the list of revoked certificates.
    public var revocationSeconds = 5

    public init() {}
}
