/// Names of well-known RPC interfaces and their operations, from Microsoft's protocol documents and C706, in
/// Zeek's spelling (without the `R` before names of svcctl and the like).
enum RPCInterfaces {
    /// Name of an interface, `unknown-` and its identifier otherwise.
    static func endpoint(_ uuid: String) -> String { table[uuid]?.name ?? "unknown-\(uuid)" }

    /// Name of an operation of an interface, `unknown-` and its number otherwise.
    static func operation(_ number: UInt16, of uuid: String) -> String {
        guard let operations = table[uuid]?.operations, Int(number) < operations.count,
            !operations[Int(number)].isEmpty
        else { return "unknown-\(number)" }
        return String(operations[Int(number)])
    }

    private struct Interface: Sendable {
        let name: String
        /// In the order of their numbers; an empty name where a number is not used on the wire.
        let operations: [Substring]

        init(_ name: String, _ operations: String) {
            self.name = name
            self.operations = operations.split(separator: " ").map { $0 == "-" ? "" : $0 }
        }
    }

    private static let table: [String: Interface] = [
        "e1af8308-5d1f-11c9-91a4-08002b14a0fa": Interface(
            "epmapper",
            "ept_insert ept_delete ept_lookup ept_map ept_lookup_handle_free ept_inq_object ept_mgmt_delete"),
        "367abb81-9844-35f1-ad32-98f038001003": Interface(
            "svcctl",
            "CloseServiceHandle ControlService DeleteService LockServiceDatabase QueryServiceObjectSecurity "
                + "SetServiceObjectSecurity QueryServiceStatus SetServiceStatus UnlockServiceDatabase "
                + "NotifyBootConfigStatus SetServiceBitsW ChangeServiceConfigW CreateServiceW "
                + "EnumDependentServicesW EnumServicesStatusW OpenSCManagerW OpenServiceW QueryServiceConfigW "
                + "QueryServiceLockStatusW StartServiceW GetServiceDisplayNameW GetServiceKeyNameW "
                + "SetServiceBitsA ChangeServiceConfigA CreateServiceA EnumDependentServicesA "
                + "EnumServicesStatusA OpenSCManagerA OpenServiceA QueryServiceConfigA "
                + "QueryServiceLockStatusA StartServiceA GetServiceDisplayNameA GetServiceKeyNameA "
                + "GetCurrentGroupStateW EnumServiceGroupW ChangeServiceConfig2A ChangeServiceConfig2W "
                + "QueryServiceConfig2A QueryServiceConfig2W QueryServiceStatusEx EnumServicesStatusExA "
                + "EnumServicesStatusExW SendTSMessage CreateServiceWOW64A CreateServiceWOW64W "
                + "QueryServiceTagInfo NotifyServiceStatusChange GetNotifyResults CloseNotifyHandle "
                + "ControlServiceExA ControlServiceExW SendPnPMessage ValidatePnPService OpenServiceStatusHandle "
                + "- QueryServiceConfigEx - - - CreateWowService - - - OpenSCManager2"),
        "12345778-1234-abcd-ef00-0123456789ac": Interface(
            "samr",
            "SamrConnect SamrCloseHandle SamrSetSecurityObject SamrQuerySecurityObject SamrShutdownSamServer "
                + "SamrLookupDomainInSamServer SamrEnumerateDomainsInSamServer SamrOpenDomain "
                + "SamrQueryInformationDomain SamrSetInformationDomain SamrCreateGroupInDomain "
                + "SamrEnumerateGroupsInDomain SamrCreateUserInDomain SamrEnumerateUsersInDomain "
                + "SamrCreateAliasInDomain SamrEnumerateAliasesInDomain SamrGetAliasMembership "
                + "SamrLookupNamesInDomain SamrLookupIdsInDomain SamrOpenGroup SamrQueryInformationGroup "
                + "SamrSetInformationGroup SamrAddMemberToGroup SamrDeleteGroup SamrRemoveMemberFromGroup "
                + "SamrGetMembersInGroup SamrSetMemberAttributesOfGroup SamrOpenAlias "
                + "SamrQueryInformationAlias SamrSetInformationAlias SamrDeleteAlias SamrAddMemberToAlias "
                + "SamrRemoveMemberFromAlias SamrGetMembersInAlias SamrOpenUser SamrDeleteUser "
                + "SamrQueryInformationUser SamrSetInformationUser SamrChangePasswordUser "
                + "SamrGetGroupsForUser SamrQueryDisplayInformation SamrGetDisplayEnumerationIndex "
                + "SamrTestPrivateFunctionsDomain SamrTestPrivateFunctionsUser "
                + "SamrGetUserDomainPasswordInformation SamrRemoveMemberFromForeignDomain "
                + "SamrQueryInformationDomain2 SamrQueryInformationUser2 SamrQueryDisplayInformation2 "
                + "SamrGetDisplayEnumerationIndex2 SamrCreateUser2InDomain SamrQueryDisplayInformation3 "
                + "SamrAddMultipleMembersToAlias SamrRemoveMultipleMembersFromAlias "
                + "SamrOemChangePasswordUser2 SamrUnicodeChangePasswordUser2 "
                + "SamrGetDomainPasswordInformation SamrConnect2 SamrSetInformationUser2 "
                + "SamrSetBootKeyInformation SamrGetBootKeyInformation SamrConnect3 SamrConnect4 "
                + "SamrUnicodeChangePasswordUser3 SamrConnect5 SamrRidToSid SamrSetDSRMPassword "
                + "SamrValidatePassword SamrQueryLocalizableAccountsInDomain "
                + "SamrPerformGenericOperation SamrSyncDSRMPasswordFromAccount "
                + "SamrLookupNamesInDomain2 SamrEnumerateUsersInDomain2 SamrUnicodeChangePasswordUser4"),
        "12345778-1234-abcd-ef00-0123456789ab": Interface(
            "lsarpc",
            "LsarClose LsarDelete LsarEnumeratePrivileges LsarQuerySecurityObject LsarSetSecurityObject "
                + "LsarChangePassword LsarOpenPolicy LsarQueryInformationPolicy LsarSetInformationPolicy "
                + "LsarClearAuditLog LsarCreateAccount LsarEnumerateAccounts LsarCreateTrustedDomain "
                + "LsarEnumerateTrustedDomains LsarLookupNames LsarLookupSids LsarCreateSecret "
                + "LsarOpenAccount LsarEnumeratePrivilegesAccount LsarAddPrivilegesToAccount "
                + "LsarRemovePrivilegesFromAccount LsarGetQuotasForAccount LsarSetQuotasForAccount "
                + "LsarGetSystemAccessAccount LsarSetSystemAccessAccount LsarOpenTrustedDomain "
                + "LsarQueryInfoTrustedDomain LsarSetInformationTrustedDomain LsarOpenSecret LsarSetSecret "
                + "LsarQuerySecret LsarLookupPrivilegeValue LsarLookupPrivilegeName "
                + "LsarLookupPrivilegeDisplayName LsarDeleteObject LsarEnumerateAccountsWithUserRight "
                + "LsarEnumerateAccountRights LsarAddAccountRights LsarRemoveAccountRights "
                + "LsarQueryTrustedDomainInfo LsarSetTrustedDomainInfo LsarDeleteTrustedDomain "
                + "LsarStorePrivateData LsarRetrievePrivateData LsarOpenPolicy2 LsarGetUserName "
                + "LsarQueryInformationPolicy2 LsarSetInformationPolicy2 LsarQueryTrustedDomainInfoByName "
                + "LsarSetTrustedDomainInfoByName LsarEnumerateTrustedDomainsEx LsarCreateTrustedDomainEx "
                + "LsarCloseTrustedDomainEx LsarQueryDomainInformationPolicy "
                + "LsarSetDomainInformationPolicy LsarOpenTrustedDomainByName LsarTestCall LsarLookupSids2 "
                + "LsarLookupNames2 LsarCreateTrustedDomainEx2 CredrWrite CredrRead CredrEnumerate "
                + "CredrWriteDomainCredentials CredrReadDomainCredentials CredrDelete CredrGetTargetInfo "
                + "CredrProfileLoaded LsarLookupNames3 CredrGetSessionTypes LsarRegisterAuditEvent "
                + "LsarGenAuditEvent LsarUnregisterAuditEvent LsarQueryForestTrustInformation "
                + "LsarSetForestTrustInformation CredrRename LsarLookupSids3 LsarLookupNames4"),
        "12345678-1234-abcd-ef00-01234567cffb": Interface(
            "netlogon",
            "NetrLogonUasLogon NetrLogonUasLogoff NetrLogonSamLogon NetrLogonSamLogoff NetrServerReqChallenge "
                + "NetrServerAuthenticate NetrServerPasswordSet NetrDatabaseDeltas NetrDatabaseSync "
                + "NetrAccountDeltas NetrAccountSync NetrGetDCName NetrLogonControl NetrGetAnyDCName "
                + "NetrLogonControl2 NetrServerAuthenticate2 NetrDatabaseSync2 NetrDatabaseRedo "
                + "NetrLogonControl2Ex NetrEnumerateTrustedDomains DsrGetDcName NetrLogonGetCapabilities "
                + "NetrLogonSetServiceBits NetrLogonGetTrustRid NetrLogonComputeServerDigest "
                + "NetrLogonComputeClientDigest NetrServerAuthenticate3 DsrGetDcNameEx DsrGetSiteName "
                + "NetrLogonGetDomainInfo NetrServerPasswordSet2 NetrServerPasswordGet "
                + "NetrLogonSendToSam DsrAddressToSiteNamesW DsrGetDcNameEx2 "
                + "NetrLogonGetTimeServiceParentDomain NetrEnumerateTrustedDomainsEx "
                + "DsrAddressToSiteNamesExW DsrGetDcSiteCoverageW NetrLogonSamLogonEx "
                + "DsrEnumerateDomainTrusts DsrDeregisterDnsHostRecords NetrServerTrustPasswordsGet "
                + "DsrGetForestTrustInformation NetrGetForestTrustInformation "
                + "NetrLogonSamLogonWithFlags NetrServerGetTrustInfo - DsrUpdateReadOnlyServerDnsRecords"),
        "e3514235-4b06-11d1-ab04-00c04fc2dcd2": Interface(
            "drsuapi",
            "DRSBind DRSUnbind DRSReplicaSync DRSGetNCChanges DRSUpdateRefs DRSReplicaAdd DRSReplicaDel "
                + "DRSReplicaModify DRSVerifyNames DRSGetMemberships DRSInterDomainMove DRSGetNT4ChangeLog "
                + "DRSCrackNames DRSWriteSPN DRSRemoveDsServer DRSRemoveDsDomain DRSDomainControllerInfo "
                + "DRSAddEntry DRSExecuteKCC DRSGetReplInfo DRSAddSidHistory DRSGetMemberships2 "
                + "DRSReplicaVerifyObjects DRSGetObjectExistence DRSQuerySitesByCost DRSInitDemotion "
                + "DRSReplicaDemotion DRSFinishDemotion DRSAddCloneDC DRSWriteNgcKey DRSReadNgcKey"),
        "4b324fc8-1670-01d3-1278-5a47bf6ee188": Interface(
            "srvsvc",
            "NetrCharDevEnum NetrCharDevGetInfo NetrCharDevControl NetrCharDevQEnum NetrCharDevQGetInfo "
                + "NetrCharDevQSetInfo NetrCharDevQPurge NetrCharDevQPurgeSelf NetrConnectionEnum "
                + "NetrFileEnum NetrFileGetInfo NetrFileClose NetrSessionEnum NetrSessionDel NetrShareAdd "
                + "NetrShareEnum NetrShareGetInfo NetrShareSetInfo NetrShareDel NetrShareDelSticky "
                + "NetrShareCheck NetrServerGetInfo NetrServerSetInfo NetrServerDiskEnum "
                + "NetrServerStatisticsGet NetrServerTransportAdd NetrServerTransportEnum "
                + "NetrServerTransportDel NetrRemoteTOD NetrServerSetServiceBits NetprPathType "
                + "NetprPathCanonicalize NetprPathCompare NetprNameValidate NetprNameCanonicalize "
                + "NetprNameCompare NetrShareEnumSticky NetrShareDelStart NetrShareDelCommit "
                + "NetrpGetFileSecurity NetrpSetFileSecurity NetrServerTransportAddEx "
                + "NetrServerSetServiceBitsEx NetrDfsGetVersion NetrDfsCreateLocalPartition "
                + "NetrDfsDeleteLocalPartition NetrDfsSetLocalVolumeState NetrDfsSetServerInfo "
                + "NetrDfsCreateExitPoint NetrDfsDeleteExitPoint NetrDfsModifyPrefix "
                + "NetrDfsFixLocalVolume NetrDfsManagerReportSiteInfo NetrServerTransportDelEx"),
        "6bffd098-a112-3610-9833-46c3f87e345a": Interface(
            "wkssvc",
            "NetrWkstaGetInfo NetrWkstaSetInfo NetrWkstaUserEnum NetrWkstaUserGetInfo NetrWkstaUserSetInfo "
                + "NetrWkstaTransportEnum NetrWkstaTransportAdd NetrWkstaTransportDel NetrUseAdd "
                + "NetrUseGetInfo NetrUseDel NetrUseEnum NetrMessageBufferSend "
                + "NetrWorkstationStatisticsGet NetrLogonDomainNameAdd NetrLogonDomainNameDel NetrJoinDomain "
                + "NetrUnjoinDomain NetrRenameMachineInDomain NetrValidateName NetrGetJoinInformation "
                + "NetrGetJoinableOUs NetrJoinDomain2 NetrUnjoinDomain2 NetrRenameMachineInDomain2 "
                + "NetrValidateName2 NetrGetJoinableOUs2 NetrAddAlternateComputerName "
                + "NetrRemoveAlternateComputerName NetrSetPrimaryComputerName NetrEnumerateComputerNames"),
        "338cd001-2244-31f1-aaaa-900038001003": Interface(
            "winreg",
            "OpenClassesRoot OpenCurrentUser OpenLocalMachine OpenPerformanceData OpenUsers BaseRegCloseKey "
                + "BaseRegCreateKey BaseRegDeleteKey BaseRegDeleteValue BaseRegEnumKey BaseRegEnumValue "
                + "BaseRegFlushKey BaseRegGetKeySecurity BaseRegLoadKey BaseRegNotifyChangeKeyValue "
                + "BaseRegOpenKey BaseRegQueryInfoKey BaseRegQueryValue BaseRegReplaceKey BaseRegRestoreKey "
                + "BaseRegSaveKey BaseRegSetKeySecurity BaseRegSetValue BaseRegUnLoadKey "
                + "BaseInitiateSystemShutdown BaseAbortSystemShutdown BaseRegGetVersion OpenCurrentConfig "
                + "OpenDynData BaseRegQueryMultipleValues BaseInitiateSystemShutdownEx BaseRegSaveKeyEx "
                + "OpenPerformanceText OpenPerformanceNlsText BaseRegQueryMultipleValues2 BaseRegDeleteKeyEx"),
        "1ff70682-0a51-30e8-076d-740be8cee98b": Interface(
            "atsvc", "NetrJobAdd NetrJobDel NetrJobEnum NetrJobGetInfo"),
        "86d35949-83c9-4044-b424-db363231fd0c": Interface(
            "ITaskSchedulerService",
            "SchRpcHighestVersion SchRpcRegisterTask SchRpcRetrieveTask SchRpcCreateFolder SchRpcSetSecurity "
                + "SchRpcGetSecurity SchRpcEnumFolders SchRpcEnumTasks SchRpcEnumInstances "
                + "SchRpcGetInstanceInfo SchRpcStopInstance SchRpcStop SchRpcRun SchRpcDelete SchRpcRename "
                + "SchRpcScheduledRuntimes SchRpcGetLastRunInfo SchRpcGetTaskInfo SchRpcGetNumberOfMissedRuns "
                + "SchRpcEnableTask"),
        "12345678-1234-abcd-ef00-0123456789ab": Interface(
            "spoolss",
            "RpcEnumPrinters RpcOpenPrinter RpcSetJob RpcGetJob RpcEnumJobs RpcAddPrinter RpcDeletePrinter "
                + "RpcSetPrinter RpcGetPrinter RpcAddPrinterDriver RpcEnumPrinterDrivers RpcGetPrinterDriver "
                + "RpcGetPrinterDriverDirectory RpcDeletePrinterDriver RpcAddPrintProcessor "
                + "RpcEnumPrintProcessors RpcGetPrintProcessorDirectory RpcStartDocPrinter "
                + "RpcStartPagePrinter RpcWritePrinter RpcEndPagePrinter RpcAbortPrinter RpcReadPrinter "
                + "RpcEndDocPrinter RpcAddJob RpcScheduleJob RpcGetPrinterData RpcSetPrinterData "
                + "RpcWaitForPrinterChange RpcClosePrinter - - - - - - - - - - - - - - - - - - - - - - - - - - "
                + "RpcFindClosePrinterChangeNotification - - - - - - - - "
                + "RpcRemoteFindFirstPrinterChangeNotificationEx - - - RpcOpenPrinterEx RpcAddPrinterEx - - - - "
                + "- - - - - - - - - - - - - - RpcAddPrinterDriverEx"),
        "99fcfec4-5260-101b-bbcb-00aa0021347a": Interface(
            "IObjectExporter", "ResolveOxid SimplePing ComplexPing ServerAlive ResolveOxid2 ServerAlive2"),
        "000001a0-0000-0000-c000-000000000046": Interface(
            "IRemoteSCMActivator", "- - - RemoteGetClassObject RemoteCreateInstance"),
        "00000131-0000-0000-c000-000000000046": Interface(
            "IRemUnknown", "- - - RemQueryInterface RemAddRef RemRelease"),
        "00000143-0000-0000-c000-000000000046": Interface(
            "IRemUnknown2", "- - - RemQueryInterface RemAddRef RemRelease RemQueryInterface2"),
        "f309ad18-d86a-11d0-a075-00c04fb68820": Interface(
            "IWbemLevel1Login", "- - - EstablishPosition RequestChallenge WBEMLogin NTLMLogin"),
        "d4781cd6-e5d3-44df-ad94-930efe48a887": Interface("IWbemLoginClientID", "- - - SetClientInfo"),
        "9556dc99-828c-11cf-a37e-00aa003240c7": Interface(
            "IWbemServices",
            "- - - OpenNamespace CancelAsyncCall QueryObjectSink GetObject GetObjectAsync PutClass "
                + "PutClassAsync DeleteClass DeleteClassAsync CreateClassEnum CreateClassEnumAsync "
                + "PutInstance PutInstanceAsync DeleteInstance DeleteInstanceAsync CreateInstanceEnum "
                + "CreateInstanceEnumAsync ExecQuery ExecQueryAsync ExecNotificationQuery "
                + "ExecNotificationQueryAsync ExecMethod ExecMethodAsync"),
        "00020400-0000-0000-c000-000000000046": Interface(
            "IDispatch", "- - - GetTypeInfoCount GetTypeInfo GetIDsOfNames Invoke"),
        "00020401-0000-0000-c000-000000000046": Interface(
            "ITypeInfo",
            "- - - GetTypeAttr GetTypeComp GetFuncDesc GetVarDesc GetNames GetRefTypeOfImplType "
                + "GetImplTypeFlags LocalGetIDsOfNames LocalInvoke GetDocumentation GetDllEntry GetRefTypeInfo "
                + "LocalAddressOfMember CreateInstance GetMops GetContainingTypeLib"),
        "f5cc5a18-4264-101a-8c59-08002b2f8426": Interface(
            "nspi",
            "NspiBind NspiUnbind NspiUpdateStat NspiQueryRows NspiSeekEntries NspiGetMatches "
                + "NspiResortRestriction NspiDNToMId NspiGetPropList NspiGetProps NspiCompareMIds NspiModProps "
                + "NspiGetSpecialTable NspiGetTemplateInfo NspiModLinkAtt NspiDeleteEntries NspiQueryColumns "
                + "NspiGetNamesFromIDs NspiGetIDsFromNames NspiResolveNames NspiResolveNamesW"),
        "a4f1db00-ca47-1067-b31f-00dd010662da": Interface(
            "exchange_mapi",
            "EcDoConnect EcDoDisconnect EcDoRpc EcGetMoreRpc EcRRegisterPushNotification "
                + "EcRUnregisterPushNotification EcDummyRpc EcRGetDCName EcRNetGetDCName EcDoRpcExt "
                + "EcDoConnectEx EcDoRpcExt2 - - EcDoAsyncConnectEx"),
        "1544f5e0-613c-11d1-93df-00c04fd7bd09": Interface(
            "rfr", "RfrGetNewDSA RfrGetFQDNFromServerDN"),
        "82273fdc-e32a-18c3-3f78-827929dc23ea": Interface(
            "eventlog",
            "ElfrClearELFW ElfrBackupELFW ElfrCloseEL ElfrDeregisterEventSource ElfrNumberOfRecords "
                + "ElfrOldestRecord ElfrChangeNotify ElfrOpenELW ElfrRegisterEventSourceW ElfrOpenBELW "
                + "ElfrReadELW ElfrReportEventW ElfrClearELFA ElfrBackupELFA ElfrOpenELA "
                + "ElfrRegisterEventSourceA ElfrOpenBELA ElfrReadELA ElfrReportEventA"),
        "c681d488-d850-11d0-8c52-00c04fd90f7e": Interface(
            "efsrpc",
            "EfsRpcOpenFileRaw EfsRpcReadFileRaw EfsRpcWriteFileRaw EfsRpcCloseRaw EfsRpcEncryptFileSrv "
                + "EfsRpcDecryptFileSrv EfsRpcQueryUsersOnFile EfsRpcQueryRecoveryAgents "
                + "EfsRpcRemoveUsersFromFile EfsRpcAddUsersToFile - - EfsRpcFileKeyInfo "
                + "EfsRpcDuplicateEncryptionInfoFile - EfsRpcAddUsersToFileEx EfsRpcFileKeyInfoEx"),
        "3919286a-b10c-11d0-9ba8-00c04fd92ef5": Interface(
            "dssetup", "DsRolerGetPrimaryDomainInformation"),
        "3dde7c30-165d-11d1-ab8f-00805f14db40": Interface("BackupKey", "BackuprKey"),
        "afa8bd80-7d8a-11c9-bef4-08002b102989": Interface(
            "mgmt", "inq_if_ids inq_stats is_server_listening stop_server_listening inq_princ_name"),
    ]
}
