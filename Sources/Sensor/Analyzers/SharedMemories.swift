/// What the analyzers of one worker remember across connections.
struct SharedMemories: Sendable {
    var certificates = KnownCertificates()
    /// They move from broadcast to unicast.
    var dhcpConversations = DHCPConversations()
    /// Asked for each new connection of TCP.
    var ftpDataChannels = DataChannels()
    /// Asked for each new connection of UDP. Apart from FTP's, for anybody can send requests in any name and fill it.
    var tftpDataChannels = DataChannels()
    /// Of SIP, for RTP.
    var media = MediaAgreements()
}
