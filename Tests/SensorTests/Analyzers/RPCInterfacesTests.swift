import Shared
import Testing

@testable import Sensor

/// Names as Zeek's `consts.zeek` has them.
@Suite struct RPCInterfacesTests {
    @Test(arguments: [
        // Services, from the first to the last of their operations.
        ("8fb6d884-2388-11d0-8c35-00c04fda2795", UInt16(0), "W32Time", "W32TimeSync"),
        ("6bffd098-a112-3610-9833-46c3f874532d", 3, "dhcpsrv", "R_DhcpEnumSubnets"),
        ("5b821720-f63b-11d0-aad2-00c04fc324db", 132, "dhcpsrv2", "R_DhcpV4GetClientInfoEx"),
        ("b9785960-524f-11df-8b6d-83dcded72085", 0, "ISDKey", "GetKey"),
        ("3c4728c5-f0ab-448b-bda1-6ce01eb0a6d5", 26, "RpcSrvDHCPC", "RpcSrvGetDhcpServicedConnections"),
        ("5ca4a760-ebb1-11cf-8611-00a0245420ed", 19, "winstation_rpc", "RpcWinStationShadowTarget"),
        ("5ca4a760-ebb1-11cf-8611-00a0245420ed", 70, "winstation_rpc", "RpcWinStationGetAllProcesses_NT6"),
        // Components, whose first operations are another's.
        ("7fe0d935-dda6-443f-85d0-1cfb58fe41dd", 32, "ICertAdminD2", "GetCAProperty"),
        ("20d15747-6c48-4254-a358-65039fd8c63c", 9, "IServerHealthReport2", "GetReport"),
        ("20d15747-6c48-4254-a358-65039fd8c63c", 10, "IServerHealthReport2", "unknown-10"),
        ("20d15747-6c48-4254-a358-65039fd8c63c", 16, "IServerHealthReport2", "GetCompressedReport"),
        ("20d15747-6c48-4254-a358-65039fd8c63c", 8, "IServerHealthReport2", "unknown-8"),
        ("20d15747-6c48-4254-a358-65039fd8c63c", 17, "IServerHealthReport2", "unknown-17"),
        // Many operations, of which some are not used on the wire (MS-CMRP, MS-FASP and MS-DMRP section 3).
        ("b97db8b2-4c63-11cf-bff6-08002be23f2f", 0, "clusapi", "ApiOpenCluster"),
        ("b97db8b2-4c63-11cf-bff6-08002be23f2f", 80, "clusapi", "unknown-80"),
        ("b97db8b2-4c63-11cf-bff6-08002be23f2f", 108, "clusapi", "ApiSetServiceAccountPassword"),
        ("b97db8b2-4c63-11cf-bff6-08002be23f2f", 117, "clusapi", "ApiOpenClusterEx"),
        ("b97db8b2-4c63-11cf-bff6-08002be23f2f", 185, "clusapi", "ApiClusterNativeUpdateControl"),
        ("6b5bdd1e-528c-422c-af8c-a4079be4fe48", 12, "RemoteFW", "RRPC_FWAddConnectionSecurityRule"),
        ("6b5bdd1e-528c-422c-af8c-a4079be4fe48", 0x51, "RemoteFW", "RRPC_FWQueryFirewallRules2_26"),
        ("d2d79df5-3400-11d0-b40b-00aa005ff586", 3, "IVolumeClient", "EnumDisks"),
        ("d2d79df5-3400-11d0-b40b-00aa005ff586", 47, "IVolumeClient", "ReAttachDisk"),
        ("d2d79df5-3400-11d0-b40b-00aa005ff586", 48, "IVolumeClient", "unknown-48"),
        ("135698d2-3a37-4d26-99df-e2bb6ae3ac61", 3, "IVolumeClient3", "EnumDisksEx"),
        // The one that worms came in through (MS05-039).
        ("8d9f4e40-a03d-11ce-8f69-08003e30051b", 54, "pnp", "PNP_QueryResConfList"),
        ("8d9f4e40-a03d-11ce-8f69-08003e30051b", 74, "pnp", "PNP_DeleteServiceDevices"),
        // Nothing but a name.
        ("c8cb7687-e6d3-11d2-a958-00c04f682e16", 0, "DAV RPC SERVICE", "unknown-0"),
        // Where Zeek differs from Microsoft's documents.
        ("df1941c5-fe89-4e79-bf10-463657acf44d", 5, "efsrpc", "EfsDecryptFileSrv"),
        ("c681d488-d850-11d0-8c52-00c04fd90f7e", 21, "efsrpc2", "EfsRpcEncryptFileExServ"),
        ("c681d488-d850-11d0-8c52-00c04fd90f7e", 10, "efsrpc2", "Opnum10NotUsedOnWire"),
        ("a8e0653c-2744-4389-a61d-7373df8b2292", 12, "FileServerVssAgent", "PrepareShadowCopy"),
        ("9556dc99-828c-11cf-a37e-00aa003240c7", 16, "IWbemServices", "DeleteClass"),
        ("12345678-1234-abcd-ef00-01234567cffb", 49, "netlogon", "NetrChainSetClientAttributes"),
        ("a4f1db00-ca47-1067-b31f-00dd010662da", 13, "exchange_mapi", "EcUnknown0xD"),
        ("484809d6-4239-471b-b5bc-61df8c23ac48", 0, "TermSrvSession", "RpcOpenSession"),
        ("484809d6-4239-471b-b5bc-61df8c23ac48", 9, "TermSrvSession", "RpcShowMessageBox"),
        ("484809d6-4239-471b-b5bc-61df8c23ac48", 13, "TermSrvSession", "unknown-13"),
        ("484809d6-4239-471b-b5bc-61df8c23ac48", 17, "TermSrvSession", "RpcGetSessionInformationEx"),
        // What Zeek has no names for: MS-LSAD, MS-NRPC, MS-SAMR and MS-DNSP, each section 3.1.4 or 3.1.5.
        ("12345778-1234-abcd-ef00-0123456789ab", 94, "lsarpc", "CredrBackupCredentials"),
        ("12345778-1234-abcd-ef00-0123456789ab", 128, "lsarpc", "unknown-128"),
        ("12345778-1234-abcd-ef00-0123456789ab", 130, "lsarpc", "LsarOpenPolicy3"),
        ("12345778-1234-abcd-ef00-0123456789ab", 135, "lsarpc", "LsarOpenPolicyWithCreds"),
        ("12345678-1234-abcd-ef00-01234567cffb", 59, "netlogon", "NetrServerAuthenticateKerberos"),
        ("12345778-1234-abcd-ef00-0123456789ac", 74, "samr", "SamrValidateComputerAccountReuseAttempt"),
        ("12345778-1234-abcd-ef00-0123456789ac", 77, "samr", "SamrAccountIsDelegatedManagedServiceAccount"),
        ("50abc2a4-574d-40b3-9d66-ee4fd5fba076", 10, "dnsserver", "DnssrvUpdateRecord3"),
        ("50abc2a4-574d-40b3-9d66-ee4fd5fba076", 18, "dnsserver", "DnssrvEnumRecords4"),
        ("367abb81-9844-35f1-ad32-98f038001003", 64, "svcctl", "OpenSCManager2"),
    ])
    func operationsAreNamed(identifier: String, number: UInt16, name: String, operation: String) {
        let interface = RPCInterfaces.interface(identifier)
        #expect(interface.name == name)
        #expect(interface.operation(number) == operation)
    }

    @Test func whatIsNotKnownHasItsIdentifier() {
        let identifier = "00000000-1111-2222-3333-444444444444"
        #expect(RPCInterfaces.interface(identifier).name == "unknown-\(identifier)")
        #expect(RPCInterfaces.interface(identifier).operation(1) == "unknown-1")
    }

    /// C706 section 14.1: who sends its numbers with their highest byte first does so in identifiers as well.
    @Test func bothOrdersOfBytesNameTheSame() throws {
        func pdu(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
            [5, 0, type, 3, 0, 0, 0, 0, 0, UInt8(16 + body.count), 0, 0, 0, 0, 0, 1] + body
        }
        // Security accounts (MS-SAMR section 1.9), version 1, with NDR, version 2.
        let bind = Wire.hex("10B8 10B8 00000000 01000000 0000 0100 12345778 1234 ABCD EF00 0123456789AC 00000001")
        let syntax = Wire.hex("8A885D04 1CEB 11C9 9FE8 08002B104860 00000002")
        var harness = AnalyzerHarness(DCERPCAnalyzer.self)
        harness.feed(pdu(11, bind + syntax), from: .originator)
        harness.feed(pdu(0, Wire.hex("00000000 0000 000D")), from: .originator)
        harness.finish()
        #expect(harness.failure == nil)
        let call = try #require(harness.records(DCERPCRecord.kind).first)
        #expect(call[Records.dceRpc.endpoint] == "samr")
        #expect(call[Records.dceRpc.operation] == "SamrEnumerateUsersInDomain")
    }
}
