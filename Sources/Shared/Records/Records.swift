/// The registry of kinds of records: one line a kind.
public enum Records {
    public static let all: [any RecordSchema.Type] = [
        ConnRecord.self,
        ConnInterimRecord.self,
        DNSRecord.self,
        HTTPRecord.self,
        SSLRecord.self,
        X509Record.self,
        FilesRecord.self,
        SMBFilesRecord.self,
        SMBMappingRecord.self,
        NTLMRecord.self,
        KerberosRecord.self,
        SSHRecord.self,
        RDPRecord.self,
        FTPRecord.self,
        SMTPRecord.self,
        DHCPRecord.self,
        DCERPCRecord.self,
        LDAPRecord.self,
        LDAPSearchRecord.self,
        ModbusRecord.self,
        TunnelRecord.self,
        WeirdRecord.self,
        WeirdStatsRecord.self,
        StatsRecord.self,
        QUICRecord.self,
        SOCKSRecord.self,
        NTPRecord.self,
        SyslogRecord.self,
        SNMPRecord.self,
        RADIUSRecord.self,
        MQTTConnectRecord.self,
        MQTTPublishRecord.self,
        MQTTSubscribeRecord.self,
        MySQLRecord.self,
        RedisRecord.self,
        SIPRecord.self,
        RFBRecord.self,
        WebSocketRecord.self,
        LoginRecord.self,
        STUNRecord.self,
        PostgreSQLRecord.self,
        TDSRecord.self,
        TDSRPCRecord.self,
        TDSSQLBatchRecord.self,
        MongoDBRecord.self,
        AMQPRecord.self,
        IRCRecord.self,
        MailLoginRecord.self,
        IPsecRecord.self,
        StratumRecord.self,
        TFTPRecord.self,
        PERecord.self,
        DNP3Record.self,
        DNP3ControlRecord.self,
        COTPRecord.self,
        S7CommRecord.self,
        S7CommReadSZLRecord.self,
        S7CommUploadDownloadRecord.self,
        S7CommPlusRecord.self,
        IEC104Record.self,
        ENIPRecord.self,
        CIPRecord.self,
        CIPIdentityRecord.self,
        BACnetRecord.self,
        BACnetDiscoveryRecord.self,
        BACnetPropertyRecord.self,
        OPCUABinaryRecord.self,
        RTPRecord.self,
    ]

    /// The kinds as data, in the order of ``all``.
    public static let kinds: [RecordKind] = all.enumerated().map {
        RecordKind(index: $0.offset, schema: $0.element.init())
    }

    private static let indicesByName = Dictionary(
        uniqueKeysWithValues: kinds.map { ($0.name, $0.index) })
    private static let indicesByType = Dictionary(
        uniqueKeysWithValues: all.enumerated().map { (ObjectIdentifier($0.element), $0.offset) })

    /// The kind with this name (`conn`, `dns`, ...), or nil.
    public static func kind(named name: String) -> RecordKind? { indicesByName[name].map { kinds[$0] } }

    static func index(of schema: any RecordSchema.Type) -> Int {
        guard let index = indicesByType[ObjectIdentifier(schema)] else {
            preconditionFailure("\(schema.name) is not listed in Records.all")
        }
        return index
    }
}
