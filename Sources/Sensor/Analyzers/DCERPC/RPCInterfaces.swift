/// Names of well-known RPC interfaces and their operations, from Microsoft's protocol documents and C706, in
/// Zeek's spelling, where it has one (without the `R` before names of svcctl and the like).
enum RPCInterfaces {
    /// An interface by its identifier; one without name and operations for those that are not known.
    static func interface(_ uuid: String) -> Interface { table[uuid] ?? Interface("unknown-\(uuid)", "") }

    /// Whether an interface has a name.
    static func isKnown(_ uuid: String) -> Bool { table[uuid] != nil }

    /// The interface that is mostly called through a pipe, for those whose bind was not seen.
    static func interface(ofPipe name: String) -> Interface? {
        guard let last = name.split(separator: "\\").last else { return nil }
        return pipes[last.lowercased()].map(interface)
    }

    private static let pipes: [String: String] = [
        "winreg": "338cd001-2244-31f1-aaaa-900038001003", "spoolss": "12345678-1234-abcd-ef00-0123456789ab",
        "srvsvc": "4b324fc8-1670-01d3-1278-5a47bf6ee188", "svcctl": "367abb81-9844-35f1-ad32-98f038001003",
        "samr": "12345778-1234-abcd-ef00-0123456789ac", "lsarpc": "12345778-1234-abcd-ef00-0123456789ab",
        "netlogon": "12345678-1234-abcd-ef00-01234567cffb", "wkssvc": "6bffd098-a112-3610-9833-46c3f87e345a",
        "atsvc": "1ff70682-0a51-30e8-076d-740be8cee98b", "netdfs": "4fc742e0-4a10-11cf-8273-00aa004ae673",
        "efsrpc": "df1941c5-fe89-4e79-bf10-463657acf44d", "eventlog": "82273fdc-e32a-18c3-3f78-827929dc23ea",
    ]

    struct Interface: Sendable {
        let name: String
        /// The number of the first operation.
        private let first: Int
        /// In the order of their numbers; an empty name where a number is not used on the wire.
        private let operations: [String]

        init(_ name: String, from first: Int = 0, _ operations: String) {
            (self.name, self.first) = (name, first)
            // By bytes: by characters, it took a third of a sensor's start.
            self.operations = operations.utf8.split(separator: 0x20).map {
                $0.elementsEqual(CollectionOfOne(0x2D)) ? "" : String(Substring($0))
            }
        }

        /// Name of an operation, `unknown-` and its number otherwise.
        func operation(_ number: UInt16) -> String {
            let place = Int(number) - first
            guard operations.indices.contains(place), !operations[place].isEmpty else { return "unknown-\(number)" }
            return operations[place]
        }
    }

    private static let table = directory.merging(services) { first, _ in first }
        .merging(printing) { first, _ in first }.merging(components) { first, _ in first }
        .merging(administration) { first, _ in first }.merging(objects) { first, _ in first }
        .merging(machines) { first, _ in first }
        .merging(named.mapValues { Interface($0, "") }) { first, _ in first }

    /// Services of a domain and of every Windows machine.
    private static let directory: [String: Interface] = [
        "e1af8308-5d1f-11c9-91a4-08002b14a0fa": Interface(
            "epmapper",
            "ept_insert ept_delete ept_lookup ept_map ept_lookup_handle_free ept_inq_object ept_mgmt_delete "
                + "ept_map_auth ept_map_auth_async"),
        "367abb81-9844-35f1-ad32-98f038001003": Interface(
            "svcctl",
            "CloseServiceHandle ControlService DeleteService LockServiceDatabase QueryServiceObjectSecurity "
                + "SetServiceObjectSecurity QueryServiceStatus SetServiceStatus UnlockServiceDatabase "
                + "NotifyBootConfigStatus ScSetServiceBitsW ChangeServiceConfigW CreateServiceW "
                + "EnumDependentServicesW EnumServicesStatusW OpenSCManagerW OpenServiceW QueryServiceConfigW "
                + "QueryServiceLockStatusW StartServiceW GetServiceDisplayNameW GetServiceKeyNameW "
                + "ScSetServiceBitsA ChangeServiceConfigA CreateServiceA EnumDependentServicesA "
                + "EnumServicesStatusA OpenSCManagerA OpenServiceA QueryServiceConfigA "
                + "QueryServiceLockStatusA StartServiceA GetServiceDisplayNameA GetServiceKeyNameA "
                + "ScGetCurrentGroupStateW EnumServiceGroupW ChangeServiceConfig2A ChangeServiceConfig2W "
                + "QueryServiceConfig2A QueryServiceConfig2W QueryServiceStatusEx EnumServicesStatusExA "
                + "EnumServicesStatusExW ScSendTSMessage CreateServiceWOW64A CreateServiceWOW64W "
                + "ScQueryServiceTagInfo NotifyServiceStatusChange GetNotifyResult CloseNotifyHandle "
                + "ControlServiceExA ControlServiceExW ScSendPnPMessage ScValidatePnPService ScOpenServiceStatusHandle "
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
                + "SamrLookupNamesInDomain2 SamrEnumerateUsersInDomain2 SamrUnicodeChangePasswordUser4 "
                + "SamrValidateComputerAccountReuseAttempt - - SamrAccountIsDelegatedManagedServiceAccount"),
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
                + "LsarSetForestTrustInformation CredrRename LsarLookupSids3 LsarLookupNames4 "
                + "LsarOpenPolicySce LsarAdtRegisterSecurityEventSource LsarAdtUnregisterSecurityEventSource "
                + "LsarAdtReportSecurityEvent CredrFindBestCredential LsarSetAuditPolicy LsarQueryAuditPolicy "
                + "LsarEnumerateAuditPolicy LsarEnumerateAuditCategories LsarEnumerateAuditSubCategories "
                + "LsarLookupAuditCategoryName LsarLookupAuditSubCategoryName LsarSetAuditSecurity "
                + "LsarQueryAuditSecurity CredReadByTokenHandle CredrRestoreCredentials "
                + "CredrBackupCredentials " + String(repeating: "- ", count: 34)
                + "LsarCreateTrustedDomainEx3 LsarOpenPolicy3 - LsarQueryForestTrustInformation2 "
                + "LsarSetForestTrustInformation2 - LsarOpenPolicyWithCreds"),
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
                + "NetrLogonSamLogonWithFlags NetrServerGetTrustInfo unused DsrUpdateReadOnlyServerDnsRecords "
                + "NetrChainSetClientAttributes - - - - - - - - - NetrServerAuthenticateKerberos"),
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
                + "NetrDfsFixLocalVolume NetrDfsManagerReportSiteInfo NetrServerTransportDelEx - "
                + "NetrServerAliasEnum NetrServerAliasDel NetrShareDelEx"),
        "6bffd098-a112-3610-9833-46c3f87e345a": Interface(
            "wkssvc",
            "NetrWkstaGetInfo NetrWkstaSetInfo NetrWkstaUserEnum NetrWkstaUserGetInfo NetrWkstaUserSetInfo "
                + "NetrWkstaTransportEnum NetrWkstaTransportAdd NetrWkstaTransportDel NetrUseAdd "
                + "NetrUseGetInfo NetrUseDel NetrUseEnum NetrMessageBufferSend "
                + "NetrWorkstationStatisticsGet NetrLogonDomainNameAdd NetrLogonDomainNameDel NetrJoinDomain "
                + "NetrUnjoinDomain NetrValidateName NetrRenameMachineInDomain NetrGetJoinInformation "
                + "NetrGetJoinableOUs NetrJoinDomain2 NetrUnjoinDomain2 NetrRenameMachineInDomain2 "
                + "NetrValidateName2 NetrGetJoinableOUs2 NetrAddAlternateComputerName "
                + "NetrRemoveAlternateComputerName NetrSetPrimaryComputerName NetrEnumerateComputerNames "
                + "NetrWorkstationResetDfsCache"
        ),
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
                + "SchRpcGetSecurity SchRpcEnumFolder SchRpcEnumTasks SchRpcEnumInstances "
                + "SchRpcGetInstanceInfo SchRpcStopInstance SchRpcStop SchRpcRun SchRpcDelete SchRpcRename "
                + "SchRpcScheduledRuntimes SchRpcGetLastRunInfo SchRpcGetTaskInfo SchRpcGetNumberOfMissedRuns "
                + "SchRpcEnableTask"),
        "82273fdc-e32a-18c3-3f78-827929dc23ea": Interface(
            "eventlog",
            "ElfrClearELFW ElfrBackupELFW ElfrCloseEL ElfrDeregisterEventSource ElfrNumberOfRecords "
                + "ElfrOldestRecord ElfrChangeNotify ElfrOpenELW ElfrRegisterEventSourceW ElfrOpenBELW "
                + "ElfrReadELW ElfrReportEventW ElfrClearELFA ElfrBackupELFA ElfrOpenELA "
                + "ElfrRegisterEventSourceA ElfrOpenBELA ElfrReadELA ElfrReportEventA "
                + "ElfrRegisterClusterSvc ElfrDeregisterClusterSvc ElfrWriteClusterEvents ElfrGetLogInformation "
                + "ElfrFlushEL ElfrReportEventAndSourceW"),
        "3dde7c30-165d-11d1-ab8f-00805f14db40": Interface("BackupKey", "bkrp_BackupKey"),
        "afa8bd80-7d8a-11c9-bef4-08002b102989": Interface(
            "mgmt", "inq_if_ids inq_stats is_server_listening stop_server_listening inq_princ_name"),
    ]
}
