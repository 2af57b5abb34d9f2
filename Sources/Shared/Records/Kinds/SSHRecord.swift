/// An SSH session's opening.
public struct SSHRecord: ConnectionRecordSchema {
    public static let name = "ssh"
    public static let meaning = "An SSH session's opening"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let version = NumberField<UInt64>(6, "version", "Protocol version, 1 or 2")
    public let authSuccess = NumberField<Bool>(
        7, "auth_success", "Authentication succeeded, inferred from packet sizes; absent when it cannot be told")
    public let authAttempts = NumberField<UInt64>(
        8, "auth_attempts", "Authentication attempts, inferred")
    public let direction = TextField(
        9, "direction", "INBOUND or OUTBOUND across the border of the private networks")
    public let client = TextField(10, "client", "Software of the client")
    public let server = TextField(11, "server", "Software of the server")
    public let cipherAlg = TextField(12, "cipher_alg", "Cipher that was agreed")
    public let macAlg = TextField(13, "mac_alg", "Integrity algorithm that was agreed")
    public let compressionAlg = TextField(14, "compression_alg", "Compression that was agreed")
    public let kexAlg = TextField(15, "kex_alg", "Key exchange that was agreed")
    public let hostKeyAlg = TextField(16, "host_key_alg", "Algorithm of the host key")
    public let hostKeyFingerprint = TextField(
        17, "host_key_fingerprint", "Fingerprint of the host key")
    public let hasshVersion = TextField(18, "hasshVersion", "Version of the HASSH method")
    public let hassh = TextField(19, "hassh", "HASSH fingerprint of the client")
    public let hasshServer = TextField(20, "hasshServer", "HASSH fingerprint of the server")
    public let cshka = TextField(21, "cshka", "Algorithms the client accepts for the host key")
    public let sshka = TextField(22, "sshka", "Algorithms the server offers for its host key")
    public let reversedConn = NumberField<Bool>(
        23, "reversed_conn", "The originator, shown as client, acts as SSH's server: a reverse shell")

    public init() {}
}

extension Records {
    public static let ssh = SSHRecord()
}
