/// Every protocol that the sensor knows: one line each, asked in this order when a stream begins.
public enum AnalyzerRegistry {
    public static let all: [any ProtocolAnalyzer.Type] = [
        DNSAnalyzer.self,
        TLSAnalyzer.self,
        HTTPAnalyzer.self,
        DHCPAnalyzer.self,
        SSHAnalyzer.self,
        SMTPAnalyzer.self,
        FTPAnalyzer.self,
        POP3Analyzer.self,
        IMAPAnalyzer.self,
        SOCKSAnalyzer.self,
        KerberosAnalyzer.self,
        DCERPCAnalyzer.self,
        SMBAnalyzer.self,
        DTLSAnalyzer.self,
        QUICAnalyzer.self,
        LDAPAnalyzer.self,
        SNMPAnalyzer.self,
        RADIUSAnalyzer.self,
        SyslogAnalyzer.self,
        NTPAnalyzer.self,
        ModbusAnalyzer.self,
        MQTTAnalyzer.self,
        MySQLAnalyzer.self,
        RedisAnalyzer.self,
    ]
}
