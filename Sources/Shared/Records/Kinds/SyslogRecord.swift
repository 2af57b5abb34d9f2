/// A syslog message.
public struct SyslogRecord: ConnectionRecordSchema {
    public static let name = "syslog"
    public static let meaning = "A syslog message"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let proto = TextField(6, "proto", "Transport protocol")
    public let facility = TextField(7, "facility", "What part of the system it is about")
    public let severity = TextField(8, "severity", "How bad it is")
    public let message = TextField(9, "message", "The text")

    public init() {}
}

extension Records {
    public static let syslog = SyslogRecord()
}
