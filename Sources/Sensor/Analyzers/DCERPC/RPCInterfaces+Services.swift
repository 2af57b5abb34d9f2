/// Interfaces of RPC: services that few machines offer, and printing (MS-RPRN, MS-PAR, MS-PAN).
extension RPCInterfaces {
    /// MS-EFSR, MS-FSRVP, MS-DFSNM, MS-DSSP, MS-DNSP, MS-BRWSA, MS-ICPR, MS-WCCE, MS-EVEN6, MS-TSCH, MS-RSP and others.
    static let services: [String: Interface] = [
        "c681d488-d850-11d0-8c52-00c04fd90f7e": Interface("efsrpc2", encryption),
        "df1941c5-fe89-4e79-bf10-463657acf44d": Interface("efsrpc", encryption),
        "a8e0653c-2744-4389-a61d-7373df8b2292": Interface(
            "FileServerVssAgent",
            "GetSupportedVersion SetContext StartShadowCopySet AddToShadowCopySet "
                + "CommitShadowCopySet ExposeShadowCopySet RecoveryCompleteShadowCopySet "
                + "AbortShadowCopySet IsPathSupported IsPathShadowCopied GetShareMapping "
                + "DeleteShareMapping PrepareShadowCopy"),
        "4fc742e0-4a10-11cf-8273-00aa004ae673": Interface(
            "netdfs",
            "NetrDfsManagerGetVersion NetrDfsAdd NetrDfsRemove NetrDfsSetInfo NetrDfsGetInfo "
                + "NetrDfsEnum NetrDfsRename NetrDfsMove NetrDfsManagerGetConfigInfo "
                + "NetrDfsManagerSendSiteInfo NetrDfsAddFtRoot NetrDfsRemoveFtRoot NetrDfsAddStdRoot "
                + "NetrDfsRemoveStdRoot NetrDfsManagerInitialize NetrDfsAddStdRootForced "
                + "NetrDfsGetDcAddress NetrDfsSetDcAddress NetrDfsFlushFtTable NetrDfsAdd2 "
                + "NetrDfsRemove2 NetrDfsEnumEx NetrDfsSetInfo2"),
        "3919286a-b10c-11d0-9ba8-00c04fd92ef5": Interface(
            "dssetup",
            "DsRolerGetPrimaryDomainInformation DsRolerDnsNameToFlatName DsRolerDcAsDc "
                + "DsRolerDcAsReplica DsRolerDemoteDc DsRolerGetDcOperationProgress "
                + "DsRolerGetDcOperationResults DsRolerCancel DsRolerServerSaveStateForUpgrade "
                + "DsRolerUpgradeDownlevelServer DsRolerAbortDownlevelServerUpgrade"),
        "50abc2a4-574d-40b3-9d66-ee4fd5fba076": Interface(
            "dnsserver",
            "DnssrvOperation DnssrvQuery DnssrvComplexOperation DnssrvEnumRecords "
                + "DnssrvUpdateRecord DnssrvOperation2 DnssrvQuery2 DnssrvComplexOperation2 "
                + "DnssrvEnumRecords2 DnssrvUpdateRecord2 DnssrvUpdateRecord3 DnssrvEnumRecords3 DnssrvOperation3 "
                + "DnssrvQuery3 DnssrvComplexOperation3 DnssrvOperation4 DnssrvQuery4 DnssrvUpdateRecord4 "
                + "DnssrvEnumRecords4"),
        "6bffd098-a112-3610-9833-012892020162": Interface(
            "browser",
            "BrowserrServerEnum BrowserrDebugCall BrowserrQueryOtherDomains "
                + "BrowserrResetNetlogonState BrowserrDebugTrace BrowserrQueryStatistics "
                + "BrowserrResetStatistics NetrBrowserStatisticsClear NetrBrowserStatisticsGet "
                + "BrowserrSetNetlogonState BrowserrQueryEmulatedDomains BrowserrServerEnumEx"),
        "91ae6020-9e3c-11cf-8d7c-00aa00c091be": Interface(
            "ICertPassage",
            "CertServerRequest"),
        "d99e6e70-fc88-11d0-b498-00a0c90312f3": Interface(
            "ICertRequestD",
            "- - - Request GetCACert Ping"),
        "5422fd3a-d4b8-4cef-a12e-e87d4ca22e90": Interface(
            "ICertRequestD2",
            "- - - Request GetCACert Ping Request2 GetCAProperty GetCAPropertyInfo Ping2"),
        "f6beaff7-1e19-4fbb-9f8f-b89e2018337c": Interface(
            "IEventService",
            "EvtRpcRegisterRemoteSubscription EvtRpcRemoteSubscriptionNextAsync "
                + "EvtRpcRemoteSubscriptionNext EvtRpcRemoteSubscriptionWaitAsync "
                + "EvtRpcRegisterControllableOperation EvtRpcRegisterLogQuery EvtRpcClearLog "
                + "EvtRpcExportLog EvtRpcLocalizeExportLog EvtRpcMessageRender "
                + "EvtRpcMessageRenderDefault EvtRpcQueryNext EvtRpcQuerySeek EvtRpcClose EvtRpcCancel "
                + "EvtRpcAssertConfig EvtRpcRetractConfig EvtRpcOpenLogHandle EvtRpcGetLogFileInfo "
                + "EvtRpcGetChannelList EvtRpcGetChannelConfig EvtRpcPutChannelConfig "
                + "EvtRpcGetPublisherList EvtRpcGetPublisherListForChannel EvtRpcGetPublisherMetadata "
                + "EvtRpcGetPublisherResourceMetadata EvtRpcGetEventMetadataEnum "
                + "EvtRpcGetNextEventMetadata EvtRpcGetClassicLogDisplayName"),
        "378e52b0-c0a9-11cf-822d-00aa0051e40f": Interface(
            "sasec",
            "SASetAccountInformation SASetNSAccountInformation SAGetNSAccountInformation "
                + "SAGetAccountInformation"),
        "0a74ef1c-41a4-4e06-83ae-dc74fb1cdd53": Interface(
            "idletask",
            "ItSrvRegisterIdleTask ItSrvUnregisterIdleTask ItSrvProcessIdleTasks "
                + "ItSrvSetDetectionParameters"),
        "894de0c0-0d55-11d3-a322-00c04fa321a1": Interface(
            "InitShutdown",
            "BaseInitiateShutdown BaseAbortShutdown BaseInitiateShutdownEx"),
        "d95afe70-a6d5-4259-822e-2c84da1ddb0d": Interface(
            "WindowsShutdown",
            "WsdrInitiateShutdown WsdrAbortShutdown"),
        "12b81e99-f207-4a4c-85d3-77b42f76fd14": Interface(
            "ISeclogon",
            "SeclCreateProcessWithLogonW SeclCreateProcessWithLogonExW"),
        "17fdd703-1827-4e34-79d4-24a55c53bb37": Interface(
            "msgsvc",
            "NetrMessageNameAdd NetrMessageNameEnum NetrMessageNameGetInfo NetrMessageNameDel"),
        "5a7b91f8-ff00-11d0-a9b2-00c04fb6e6fc": Interface(
            "msgsvcsend",
            "NetrSendMessage"),
        "f5cc59b4-4264-101a-8c59-08002b2f8426": Interface(
            "FrsRpc",
            "FrsRpcSendCommPkt FrsRpcVerifyPromotionParent FrsRpcStartPromotionParent FrsNOP "
                + "FrsBackupComplete FrsBackupComplete FrsBackupComplete FrsBackupComplete "
                + "FrsBackupComplete FrsBackupComplete FrsRpcVerifyPromotionParentEx"),
        "45f52c28-7f9f-101a-b52b-08002b2efabe": Interface(
            "winspipe",
            "R_WinsRecordAction R_WinsStatus R_WinsTrigger R_WinsDoStaticInit R_WinsDoScavenging "
                + "R_WinsGetDbRecs R_WinsTerm R_WinsBackup R_WinsDelDbRecs R_WinsPullRange "
                + "R_WinsSetPriorityClass R_WinsResetCounters R_WinsWorkerThdUpd R_WinsGetNameAndAdd "
                + "R_WinsGetBrowserNames_Old R_WinsDeleteWins R_WinsSetFlags R_WinsGetDbRecsByName "
                + "R_WinsStatusWHdl R_WinsDoScavengingNew"),
        "5ca4a760-ebb1-11cf-8611-00a0245420ed": Interface(
            "winstation_rpc",
            "RpcWinStationOpenServer RpcWinStationCloseServer RpcIcaServerPing "
                + "RpcWinStationEnumerate RpcWinStationRename RpcWinStationQueryInformation "
                + "RpcWinStationSetInformation RpcWinStationSendMessage RpcLogonIdFromWinStationName "
                + "RpcWinStationNameFromLogonId RpcWinStationConnect RpcWinStationVirtualOpen "
                + "RpcWinStationBeepOpen RpcWinStationDisconnect RpcWinStationReset "
                + "RpcWinStationShutdownSystem RpcWinStationWaitSystemEvent RpcWinStationShadow "
                + "RpcWinStationShadowTargetSetup RpcWinStationShadowTarget "
                + furtherSessions),
        "906b0ce0-c70b-1067-b317-00dd010662da": Interface("IXnRemote", ""),
        "51c82175-844e-4750-b0d8-ec255555bc06": Interface("KMS", ""),
        "3faf4738-3a21-4307-b46c-fdda9bb8c0d5": Interface("AudioSrv", ""),
        "c386ca3e-9061-4a72-821e-498d83be188f": Interface("AudioRpc", ""),
        "3d267954-eeb7-11d1-b94e-00c04fa3080d": Interface("HydraLsPipe", ""),
        "3c4728c5-f0ab-448b-bda1-6ce01eb0a6d5": Interface(
            "RpcSrvDHCPC",
            """
            RpcSrvEnableDhcp RpcSrvRenewLease RpcSrvRenewLeaseByBroadcast RpcSrvReleaseLease \
            RpcSrvSetFallbackParams RpcSrvGetFallbackParams RpcSrvFallbackRefreshParams \
            RpcSrvStaticRefreshParams RpcSrvRemoveDnsRegistrations RpcSrvRequestParams \
            RpcSrvPersistentRequestParams RpcSrvRegisterParams RpcSrvDeRegisterParams \
            RpcSrvEnumInterfaces RpcSrvQueryLeaseInfo RpcSrvSetClassId RpcSrvGetClassId \
            RpcSrvSetClientId RpcSrvGetClientId RpcSrvNotifyMediaReconnected \
            RpcSrvGetOriginalSubnetMask RpcSrvSetMSFTVendorSpecificOptions \
            RpcSrvRequestCachedParams RpcSrvRegisterConnectionStateNotification \
            RpcSrvDeRegisterConnectionStateNotification RpcSrvGetNotificationStatus \
            RpcSrvGetDhcpServicedConnections
            """),
        "3c4728c5-f0ab-448b-bda1-6ce01eb0a6d6": Interface(
            "dhcpcsvc6",
            "RpcSrvRequestPrefix RpcSrvRenewPrefix RpcSrvReleasePrefix RpcSrvRequestParams"),
        "342cfd40-3c6c-11ce-a893-08002b2e9c6d": Interface(
            "llsrpc",
            "LlsrConnect LlsrClose"),
        "57674cd0-5200-11ce-a897-08002b2e9c6d": Interface(
            "lls_license",
            "LlsrLicenseRequestW LlsrLicenseFree"),
        "83da7c00-e84f-11d2-9807-00c04f8ec850": Interface("sfcapi", ""),
        "2f5f3220-c126-1076-b549-074d078619da": Interface("nddeapi", ""),
    ]

    /// MS-RPRN, MS-PAR, MS-PAN.
    static let printing: [String: Interface] = [
        "12345678-1234-abcd-ef00-0123456789ab": Interface(
            "spoolss",
            "RpcEnumPrinters RpcOpenPrinter RpcSetJob RpcGetJob RpcEnumJobs RpcAddPrinter "
                + "RpcDeletePrinter RpcSetPrinter RpcGetPrinter RpcAddPrinterDriver "
                + "RpcEnumPrinterDrivers RpcGetPrinterDriver RpcGetPrinterDriverDirectory "
                + "RpcDeletePrinterDriver RpcAddPrintProcessor RpcEnumPrintProcessors "
                + "RpcGetPrintProcessorDirectory RpcStartDocPrinter RpcStartPagePrinter RpcWritePrinter "
                + "RpcEndPagePrinter RpcAbortPrinter RpcReadPrinter RpcEndDocPrinter RpcAddJob "
                + "RpcScheduleJob RpcGetPrinterData RpcSetPrinterData RpcWaitForPrinterChange "
                + "RpcClosePrinter RpcAddForm RpcDeleteForm RpcGetForm RpcSetForm RpcEnumForms "
                + "RpcEnumPorts RpcEnumMonitors RpcAddPort RpcConfigurePort RpcDeletePort "
                + "RpcCreatePrinterIC RpcPlayGdiScriptOnPrinterIC RpcDeletePrinterIC "
                + "RpcAddPrinterConnection RpcDeletePrinterConnection RpcPrinterMessageBox "
                + "RpcAddMonitor RpcDeleteMonitor RpcDeletePrintProcessor RpcAddPrintProvidor "
                + "RpcDeletePrintProvidor RpcEnumPrintProcessorDatatypes RpcResetPrinter "
                + "RpcGetPrinterDriver2 RpcClientFindFirstPrinterChangeNotification "
                + "RpcFindNextPrinterChangeNotification RpcFindClosePrinterChangeNotification "
                + "RpcRouterFindFirstPrinterChangeNotificationOld RpcReplyOpenPrinter "
                + "RpcRouterReplyPrinter RpcReplyClosePrinter RpcAddPortEx "
                + "RpcRemoteFindFirstPrinterChangeNotification RpcSpoolerInit RpcResetPrinterEx "
                + "RpcRemoteFindFirstPrinterChangeNotificationEx RpcRouterReplyPrinterEx "
                + "RpcRouterRefreshPrinterChangeNotification RpcSetAllocFailCount RpcSplOpenPrinter "
                + "RpcAddPrinterEx RpcSetPort RpcEnumPrinterData RpcDeletePrinterData RpcClusterSplOpen "
                + "RpcClusterSplClose RpcClusterSplIsAlive RpcSetPrinterDataEx RpcGetPrinterDataEx "
                + "RpcEnumPrinterDataEx RpcEnumPrinterKey RpcDeletePrinterDataEx RpcDeletePrinterKey "
                + "RpcSeekPrinter RpcDeletePrinterDriverEx RpcAddPerMachineConnection "
                + "RpcDeletePerMachineConnection RpcEnumPerMachineConnections RpcXcvData "
                + "RpcAddPrinterDriverEx RpcSplOpenPrinter RpcGetSpoolFileInfo RpcCommitSpoolData "
                + "RpcCloseSpoolFileHandle RpcFlushPrinter RpcSendRecvBidiData RpcAddDriverCatalog "
                + "RpcAddPrinterConnection2 RpcDeletePrinterConnection2 "
                + "RpcInstallPrinterDriverFromPackage RpcUploadPrinterDriverPackage "
                + "RpcGetCorePrinterDrivers RpcCorePrinterDriverInstalled "
                + "RpcGetPrinterDriverPackagePath RpcReportJobProcessingProgress"),
        "76f03f96-cdfd-44fc-a22c-64950a001209": Interface(
            "IRemoteWinspool",
            "RpcAsyncOpenPrinter RpcAsyncAddPrinter RpcAsyncSetJob RpcAsyncGetJob "
                + "RpcAsyncEnumJobs RpcAsyncAddJob RpcAsyncScheduleJob RpcAsyncDeletePrinter "
                + "RpcAsyncSetPrinter RpcAsyncGetPrinter RpcAsyncStartDocPrinter "
                + "RpcAsyncStartPagePrinter RpcAsyncWritePrinter RpcAsyncEndPagePrinter "
                + "RpcAsyncEndDocPrinter RpcAsyncAbortPrinter RpcAsyncGetPrinterData "
                + "RpcAsyncGetPrinterDataEx RpcAsyncSetPrinterData RpcAsyncSetPrinterDataEx "
                + "RpcAsyncClosePrinter RpcAsyncAddForm RpcAsyncDeleteForm RpcAsyncGetForm "
                + "RpcAsyncSetForm RpcAsyncEnumForms RpcAsyncGetPrinterDriver RpcAsyncEnumPrinterData "
                + "RpcAsyncEnumPrinterDataEx RpcAsyncEnumPrinterKey RpcAsyncDeletePrinterData "
                + "RpcAsyncDeletePrinterDataEx RpcAsyncDeletePrinterKey RpcAsyncXcvData "
                + "RpcAsyncSendRecvBidiData RpcAsyncCreatePrinterIC RpcAsyncPlayGdiScriptOnPrinterIC "
                + "RpcAsyncDeletePrinterIC RpcAsyncEnumPrinters RpcAsyncAddPrinterDriver "
                + "RpcAsyncEnumPrinterDrivers RpcAsyncGetPrinterDriverDirectory "
                + "RpcAsyncDeletePrinterDriver RpcAsyncDeletePrinterDriverEx RpcAsyncAddPrintProcessor "
                + "RpcAsyncEnumPrintProcessors RpcAsyncGetPrintProcessorDirectory RpcAsyncEnumPorts "
                + "RpcAsyncEnumMonitors RpcAsyncAddPort RpcAsyncSetPort RpcAsyncAddMonitor "
                + "RpcAsyncDeleteMonitor RpcAsyncDeletePrintProcessor "
                + "RpcAsyncEnumPrintProcessorDatatypes RpcAsyncAddPerMachineConnection "
                + "RpcAsyncDeletePerMachineConnection RpcAsyncEnumPerMachineConnections "
                + "RpcSyncRegisterForRemoteNotifications RpcSyncUnRegisterForRemoteNotifications "
                + "RpcSyncRefreshRemoteNotifications RpcAsyncGetRemoteNotifications "
                + "RpcAsyncInstallPrinterDriverFromPackage RpcAsyncUploadPrinterDriverPackage "
                + "RpcAsyncGetCorePrinterDrivers RpcAsyncCorePrinterDriverInstalled "
                + "RpcAsyncGetPrinterDriverPackagePath RpcAsyncDeletePrinterDriverPackage "
                + "RpcAsyncReadPrinter RpcAsyncResetPrinter RpcAsyncGetJobNamedPropertyValue "
                + "RpcAsyncSetJobNamedProperty RpcAsyncDeleteJobNamedProperty "
                + "RpcAsyncEnumJobNamedProperties RpcAsyncLogJobInfoForBranchOffice"),
        "ae33069b-a2a8-46ee-a235-ddfd339be281": Interface(
            "IRPCRemoteObject",
            "IRPCRemoteObject_Create IRPCRemoteObject_Delete"),
        "0b6edbfa-4a24-4fc6-8a23-942b1eca65d1": Interface(
            "IRPCAsyncNotify",
            "IRPCAsyncNotify_RegisterClient IRPCAsyncNotify_UnregisterClient - "
                + "IRPCAsyncNotify_GetNewChannel IRPCAsyncNotify_GetNotificationSendResponse "
                + "IRPCAsyncNotify_GetNotification IRPCAsyncNotify_CloseChannel"),
    ]

    /// Operations of the encrypting file system (MS-EFSR), the same by both of its interfaces.
    private static let encryption =
        """
        EfsRpcOpenFileRaw EfsRpcReadFileRaw EfsRpcWriteFileRaw EfsRpcCloseRaw EfsRpcEncryptFileSrv \
        EfsDecryptFileSrv EfsRpcQueryUsersOnFile EfsRpcQueryRecoveryAgents \
        EfsRpcRemoveUsersFromFile EfsRpcAddUsersToFile Opnum10NotUsedOnWire EfsRpcNotSupported \
        EfsRpcFileKeyInfo EfsRpcDuplicateEncryptionInfoFile Opnum14NotUsedOnWire \
        EfsRpcAddUsersToFileEx EfsRpcFileKeyInfoEx Opnum17NotUsedOnWire \
        EfsRpcGetEncryptedFileMetadata EfsRpcSetEncryptedFileMetadata EfsRpcFlushEfsCache \
        EfsRpcEncryptFileExServ EfsRpcQueryProtectors
        """

    /// Operations of winstation_rpc from 20 on.
    private static let furtherSessions =
        """
        RpcWinStationGenerateLicense RpcWinStationInstallLicense RpcWinStationEnumerateLicenses \
        RpcWinStationActivateLicense RpcWinStationRemoveLicense RpcWinStationQueryLicense \
        RpcWinStationSetPoolCount RpcWinStationQueryUpdateRequired RpcWinStationCallback \
        RpcWinStationGetApplicationInfo RpcWinStationReadRegistry RpcWinStationWaitForConnect \
        RpcWinStationNotifyLogon RpcWinStationNotifyLogoff RpcWinStationEnumerateProcesses \
        RpcWinStationAnnoyancePopup RpcWinStationEnumerateProcesses RpcWinStationTerminateProcess \
        RpcServerNWLogonSetAdmin RpcServerNWLogonQueryAdmin RpcWinStationNtsdDebug \
        RpcWinStationBreakPoint RpcWinStationCheckForApplicationName RpcWinStationGetAllProcesses \
        RpcWinStationGetProcessSid RpcWinStationGetTermSrvCountersValue \
        RpcWinStationReInitializeSecurity RpcWinStationBroadcastSystemMessage \
        RpcWinStationSendWindowMessage RpcWinStationNotifyNewSession \
        RpcServerGetInternetConnectorStatus RpcServerSetInternetConnectorStatus \
        RpcServerQueryInetConnectorInformation RpcWinStationGetLanAdapterName \
        RpcWinStationUpdateUserConfig RpcWinStationQueryLogonCredentials \
        RpcWinStationRegisterConsoleNotification RpcWinStationUnRegisterConsoleNotification \
        RpcWinStationUpdateSettings RpcWinStationShadowStop RpcWinStationCloseServerEx \
        RpcWinStationIsHelpAssistantSession RpcWinStationGetMachinePolicy \
        RpcWinStationUpdateClientCachedCredentials RpcWinStationFUSCanRemoteUserDisconnect \
        RpcWinStationCheckLoopBack RpcConnectCallback RpcWinStationNotifyDisconnectPipe \
        RpcWinStationSessionInitialized RpcRemoteAssistancePrepareSystemRestore \
        RpcWinStationGetAllProcesses_NT6 RpcWinStationRegisterNotificationEvent \
        RpcWinStationUnRegisterNotificationEvent RpcWinStationAutoReconnect \
        RpcWinStationCheckAccess RpcWinStationOpenSessionDirectory
        """
}
