/// A login of a miner at its pool.
public struct StratumRecord: ConnectionRecordSchema {
    public static let name = "stratum"
    public static let meaning = "A login of a miner at its pool"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let method = TextField(6, "method", "Method: mining.authorize, eth_submitLogin, login")
    public let user = TextField(7, "user", "Name or wallet that is mined for")
    public let worker = TextField(8, "worker", "Name of the machine at the pool")
    public let agent = TextField(9, "agent", "Software of the miner")
    public let success = NumberField<Bool>(10, "success", "The pool took it")

    public init() {}
}

extension Records {
    public static let stratum = StratumRecord()
}
