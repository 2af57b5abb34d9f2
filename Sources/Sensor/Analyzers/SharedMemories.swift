/// What the analyzers of one worker remember across connections.
struct SharedMemories: Sendable {
    var certificates = KnownCertificates()
    /// They move from broadcast to unicast.
    var dhcpConversations = DHCPConversations()
    /// Asked for each new connection of TCP.
    var ftpDataChannels = DataChannels()
    /// Likewise. Apart from FTP's, for anybody who may talk in a channel can fill it.
    var ircDataChannels = DataChannels(after: DataChannels.ircNumbers)
    /// Asked for each new connection of UDP. Apart from FTP's, for anybody can send requests in any name and fill it.
    var tftpDataChannels = DataChannels()
    /// Of SIP, for RTP.
    var media = MediaAgreements()

    /// Some connection of TCP was announced.
    var awaitsStreams: Bool { !ftpDataChannels.isEmpty || !ircDataChannels.isEmpty }
}
