/// What the analyzers of a kind must remember across connections, one value per worker.
///
/// For protocols whose conversations do not keep to one connection: DHCP moves from broadcast to unicast.
protocol SharedMemory: Sendable {
    init()
}

/// The memories of one worker, by type.
struct SharedMemories: Sendable {
    private var values: [ObjectIdentifier: any SharedMemory] = [:]
    /// Has a place of its own, for taking it out of the table and putting it back would copy all of it.
    var certificates = KnownCertificates()
    /// Likewise.
    var dhcpConversations = DHCPConversations()
    /// Asked for each new connection of TCP.
    var ftpDataChannels = DataChannels()
    /// Asked for each new connection of UDP. Apart from FTP's, for anybody can send requests in any name and fill it.
    var tftpDataChannels = DataChannels()

    subscript<Memory: SharedMemory>(_ type: Memory.Type) -> Memory {
        get { values[ObjectIdentifier(type)] as? Memory ?? Memory() }
        set { values[ObjectIdentifier(type)] = newValue }
    }
}
