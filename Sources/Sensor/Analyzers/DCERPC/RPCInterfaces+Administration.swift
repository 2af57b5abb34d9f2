/// Interfaces of RPC: services that administrators and members of a domain reach now and then.
extension RPCInterfaces {
    /// In Zeek's spelling throughout: where a number is told as not used, Zeek has it so.
    static let administration: [String: Interface] = [
        "0b1c2170-5732-4e0e-8cd3-d9b16f3b84d7": Interface(
            "authzr",
            """
            AuthzrFreeContext AuthzrInitializeContextFromSid AuthrzInitializeCompoundContext \
            AuthrzAccessCheck AuthzrGetInformationFromContext AuthrzModifyClaims AuthrzModifySids
            """),
        "e3d0d746-d2af-40fd-8a7a-0d7078bb7092": Interface("BitsPeerAuth", "ExchangePublicKeys"),
        "6bffd098-a112-3610-9833-46c3f874532d": Interface(
            "dhcpsrv",
            """
            R_DhcpCreateSubnet R_DhcpSetSubnetInfo R_DhcpGetSubnetInfo R_DhcpEnumSubnets \
            R_DhcpAddSubnetElement R_DhcpEnumSubnetElements R_DhcpRemoveSubnetElement \
            R_DhcpDeleteSubnet R_DhcpCreateOption R_DhcpSetOptionInfo R_DhcpGetOptionInfo \
            R_DhcpRemoveOption R_DhcpSetOptionValue R_DhcpGetOptionValue R_DhcpEnumOptionValues \
            R_DhcpRemoveOptionValue R_DhcpCreateClientInfo R_DhcpSetClientInfo R_DhcpGetClientInfo \
            R_DhcpDeleteClientInfo R_DhcpEnumSubnetClients R_DhcpGetClientOptions R_DhcpGetMibInfo \
            R_DhcpEnumOptions R_DhcpSetOptionValues R_DhcpServerSetConfig R_DhcpServerGetConfig \
            R_DhcpScanDatabase R_DhcpGetVersion R_DhcpAddSubnetElementV4 R_DhcpEnumSubnetElementsV4 \
            R_DhcpRemoveSubnetElementV4 R_DhcpCreateClientInfoV4 R_DhcpSetClientInfoV4 \
            R_DhcpGetClientInfoV4 R_DhcpEnumSubnetClientsV4 R_DhcpSetSuperScopeV4 \
            R_DhcpGetSuperScopeInfoV4 R_DhcpDeleteSuperScopeV4 R_DhcpServerSetConfigV4 \
            R_DhcpServerGetConfigV4 R_DhcpServerSetConfigVQ R_DhcpServerGetConfigVQ R_DhcpGetMibInfoVQ \
            R_DhcpCreateClientInfoVQ R_DhcpSetClientInfoVQ R_DhcpGetClientInfoVQ \
            R_DhcpEnumSubnetClientsVQ R_DhcpCreateSubnetVQ R_DhcpGetSubnetInfoVQ R_DhcpSetSubnetInfoVQ
            """),
        "5b821720-f63b-11d0-aad2-00c04fc324db": Interface(
            "dhcpsrv2",
            """
            R_DhcpEnumSubnetClientsV5 R_DhcpSetMScopeInfo R_DhcpGetMScopeInfo R_DhcpEnumMScopes \
            R_DhcpAddMScopeElement R_DhcpEnumMScopeElements R_DhcpRemoveMScopeElement \
            R_DhcpDeleteMScope R_DhcpScanMDatabase R_DhcpCreateMClientInfo R_DhcpSetMClientInfo \
            R_DhcpGetMClientInfo R_DhcpDeleteMClientInfo R_DhcpEnumMScopeClients R_DhcpCreateOptionV5 \
            R_DhcpSetOptionInfoV5 R_DhcpGetOptionInfoV5 R_DhcpEnumOptionsV5 R_DhcpRemoveOptionV5 \
            R_DhcpSetOptionValueV5 R_DhcpSetOptionValuesV5 R_DhcpGetOptionValueV5 \
            R_DhcpEnumOptionValuesV5 R_DhcpRemoveOptionValueV5 R_DhcpCreateClass R_DhcpModifyClass \
            R_DhcpDeleteClass R_DhcpGetClassInfo R_DhcpEnumClasses R_DhcpGetAllOptions \
            R_DhcpGetAllOptionValues R_DhcpGetMCastMibInfo R_DhcpAuditLogSetParams \
            R_DhcpAuditLogGetParams R_DhcpServerQueryAttribute R_DhcpServerQueryAttributes \
            R_DhcpServerRedoAuthorization R_DhcpAddSubnetElementV5 R_DhcpEnumSubnetElementsV5 \
            R_DhcpRemoveSubnetElementV5 R_DhcpGetServerBindingInfo R_DhcpSetServerBindingInfo \
            R_DhcpQueryDnsRegCredentials R_DhcpSetDnsRegCredentials R_DhcpBackupDatabase \
            R_DhcpRestoreDatabase R_DhcpGetServerSpecificStrings R_DhcpCreateOptionV6 \
            R_DhcpSetOptionInfoV6 R_DhcpGetOptionInfoV6 R_DhcpEnumOptionsV6 R_DhcpRemoveOptionV6 \
            R_DhcpSetOptionValueV6 R_DhcpEnumOptionValuesV6 R_DhcpRemoveOptionValueV6 \
            R_DhcpGetAllOptionsV6 R_DhcpGetAllOptionValuesV6 R_DhcpCreateSubnetV6 R_DhcpEnumSubnetsV6 \
            R_DhcpAddSubnetElementV6 R_DhcpEnumSubnetElementsV6 R_DhcpRemoveSubnetElementV6 \
            R_DhcpDeleteSubnetV6 R_DhcpGetSubnetInfoV6 R_DhcpEnumSubnetClientsV6 \
            R_DhcpServerSetConfigV6 R_DhcpServerGetConfigV6 R_DhcpGetMibInfoV6 - \
            R_DhcpGetServerBindingInfoV6 R_DhcpSetServerBindingInfoV6 R_DhcpSetClientInfoV6 \
            R_DhcpGetClientInfoV6 R_DhcpDeleteClientInfoV6 R_DhcpCreateClassV6 R_DhcpModifyClassV6 \
            R_DhcpDeleteClassV6 R_DhcpEnumClassesV6 R_DhcpGetOptionValueV6 R_DhcpSetSubnetDelayOffer \
            R_DhcpGetSubnetDelayOffer R_DhcpGetMibInfoV5 R_DhcpAddFilterV4 R_DhcpDeleteFilterV4 \
            R_DhcpSetFilterV4 R_DhcpGetFilterV4 R_DhcpEnumFilterV4 R_DhcpSetDnsRegCredentialsV5 \
            R_DhcpEnumSubnetClientsFilterStatusInfo R_DhcpV4FailoverCreateRelationship \
            R_DhcpV4FailoverSetRelationship R_DhcpV4FailoverDeleteRelationship \
            R_DhcpV4FailoverGetRelationship R_DhcpV4FailoverEnumRelationship \
            R_DhcpV4FailoverAddScopeToRelationship R_DhcpV4FailoverDeleteScopeFromRelationship \
            R_DhcpV4FailoverGetScopeRelationship R_DhcpV4FailoverGetScopeStatistics \
            R_DhcpV4FailoverGetClientInfo R_DhcpV4FailoverGetSystemTime \
            R_DhcpV4FailoverTriggerAddrAllocation R_DhcpV4SetOptionValue R_DhcpV4SetOptionValues \
            R_DhcpV4GetOptionValue R_DhcpV4RemoveOptionValue R_DhcpV4GetAllOptionValues \
            R_DhcpV4QueryPolicyEnforcement R_DhcpSetPolicyEnforcement R_DhcpV4CreatePolicy \
            R_DhcpV4GetPolicy R_DhcpV4SetPolicy R_DhcpV4DeletePolicy R_DhcpV4EnumPolicies \
            R_DhcpV4AddPolicyRange R_DhcpV4RemovePolicyRange R_DhcpV4EnumSubnetClients \
            R_DhcpV6SetStatelessStoreParams R_DhcpV6GetStatelessStoreParams \
            R_DhcpV6GetStatelessStatistics R_DhcpV4EnumSubnetReservations R_DhcpV4GetFreeIPAddress \
            R_DhcpV6GetFreeIPAddress R_DhcpV4CreateClientInfo R_DhcpV4GetClientInfo \
            R_DhcpV6CreateClientInfo R_DhcpV4FailoverGetAddressStatus R_DhcpV4CreatePolicyEx \
            R_DhcpV4GetPolicyEx R_DhcpV4SetPolicyEx R_DhcpV4EnumPoliciesEx R_DhcpV4EnumSubnetClientsEx \
            R_DhcpV4CreateClientInfoEx R_DhcpV4GetClientInfoEx
            """),
        "7c44d7d4-31d5-424c-bd5e-2b3e1f323d22": Interface(
            "dsaop", "IDL_DSAPrepareScript IDL_DSAExecuteScript"),
        "77df7a80-f298-11d0-8358-00a024c480a8": Interface(
            "dscomm",
            """
            S_DSCreateObject S_DSDeleteObject S_DSGetProps S_DSSetProps S_DSGetObjectSecurity \
            S_DSSetObjectSecurity S_DSLookupBegin S_DSLookupNext S_DSLookupEnd Opnum9NotUsedOnWire \
            S_DSDeleteObjectGuid S_DSGetPropsGuid S_DSSetPropsGuid S_DSGetObjectSecurityGuid \
            S_DSSetObjectSecurityGuid Opnum15NotUsedOnWire Opnum16NotUsedOnWire Opnum17NotUsedOnWire \
            Opnum18NotUsedOnWire S_DSQMSetMachineProperties S_DSCreateServersCache \
            S_DSQMGetObjectSecurity S_DSValidateServer S_DSCloseServerHandle Opnum24NotUsedOnWire \
            Opnum25NotUsedOnWire Opnum26NotUsedOnWire S_DSGetServerPort
            """),
        "708cca10-9569-11d1-b2a5-0060977d8118": Interface(
            "dscomm2",
            """
            S_DSGetComputerSites S_DSGetPropsEx S_DSGetPropsGuidEx S_DSBeginDeleteNotification \
            S_DSNotifyDelete S_DSEndDeleteNotification S_DSIsServerGC Opnum7NotUsedOnWire \
            S_DSGetGCListInDomain
            """),
        "897e2e5f-93f3-4376-9c9c-fd2277495c27": Interface(
            "FrsTransport",
            """
            CheckConnectivity EstablishConnection EstablishSession RequestUpdates RequestVersionVector \
            AsyncPoll RequestRecords UpdateCancel RawGetFileData RdcGetSignatures RdcPushSourceNeeds \
            RdcGetFileData RdcClose InitializeFileTransferAsync Opnum14NotUsedOnWire \
            RawGetFileDataAsync RdcGetFileDataAsync RdcFileDataTransferKeepAlive
            """),
        "82ad4280-036b-11cf-972c-00aa006887b0": Interface(
            "inetinfo",
            """
            R_InetInfoGetVersion R_InetInfoGetAdminInformation R_InsetInfoGetSites \
            R_InetInfoSetAdminInformation R_InetInfoGetGlobalAdminInformation \
            R_InetInfoSetGlobalAdminInformation R_InetInfoQueryStatistics R_InetInfoClearStatistics \
            R_InetInfoFlushMemoryCache R_InetInfoGetServerCapabilities R_W3QueryStatistics2 \
            R_W3ClearStatistics2 R_FtpQueryStatistics2 R_FtpClearStatistics2 R_IISDEnumerateUsers \
            R_IISDisconnectedUser Opnum16NotUsedOnWire Opnum17NotUsedOnWire
            """),
        "e33c0cc4-0482-101a-bc0c-02608c6ba218": Interface(
            "locator",
            """
            I_nsi_lookup_begin I_nsi_lookup_done I_nsi_lookup_next I_nsi_entry_object_inq_next \
            I_nsi_ping_locator I_nsi_entry_object_inq_done I_nsi_entry_object_inq_begin
            """),
        "afc07e2e-311c-4435-808c-c483ffeec7c9": Interface("lsacap", "LsarGetAvailableCAPIDs"),
        "22e5386d-8b12-4bf0-b0ec-6a1ea419e366": Interface(
            "NetEventForwarder", "RpcNetEventOpenSession RpcNetEventReceiveData RpcNetEventCloseSession"),
        "d049b186-814f-11d1-9a3c-00c04fc9b232": Interface(
            "NtFrsApi",
            """
            Opnum0NotUsedOnWire Opnum1NotUsedOnWire Opnum2NotUsedOnWire Opnum3NotUsedOnWire \
            NtFrsApi_Rpc_Set_DsPollingIntervalW NtFrsApi_Rpc_Get_DsPollingIntervalW \
            Opnum6NotUsedOnWire NtFrsApi_Rpc_InfoW NtFrsApi_Rpc_IsPathReplicated \
            NtFrsApi_Rpc_WriterCommand NtFrsApi_Rpc_ForceReplication
            """),
        "497d95a6-2d27-4bf5-9bbd-a6046957133c": Interface(
            "RCMListener",
            """
            RpcOpenListener RpcCloseListener RpcStopListener RpcStartListener RpcIsListening
            """),
        "bde95fdf-eee0-45de-9e12-e5a61cd0d4fe": Interface(
            "RCMPublic",
            """
            RpcGetClientData RpcGetConfigData RpcGetProtocolStatus RpcGetLastInputTime \
            RpcGetRemoteAddress Opnum5NotUsedOnWire Opnum6NotUsedOnWire Opnum7NotUsedOnWire \
            RpcGetAllListeners RpcGetSessionProtocolLastInputTime RpcGetUserCertificates \
            RpcQuerySessionData
            """),
        "2f5f6521-ca47-1068-b319-00dd010662db": Interface(
            "remotesp", "RemoteSPAttach RemoteSPEventProc RemoteSPDetach"),
        "1257b580-ce2f-4109-82d6-a9459d0bf6bc": Interface("SessEnvPublicRpc", "RpcShadow2"),
        "4b112204-0e19-11d3-b42b-0000f81feb9f": Interface(
            "ssdpsrv",
            """
            RegisterServiceRpc DeregisterServiceRpcByUSN DeregisterServiceRpc UpdateCacheRpc \
            LookupCacheRpc CleanupCacheRpc InitializeSyncHandle RemoveSyncHandle \
            RegisterNotificationRpc GetNotificationRpc WakeupGetNotificationRpc \
            DeregisterNotificationRpc EnableDeviceHost DisableDeviceHost SetICSInterfaces SetICSOff
            """),
        "2f5f6520-ca46-1067-b319-00dd010662da": Interface(
            "tapsrv", "ClientAttach ClientRequest ClientDetach"),
        "88143fd0-c28d-4b2b-8fef-8d882f6a9390": Interface(
            "TermServEnumeration",
            """
            RpcOpenEnum RpcCloseEnum RpcFilterByState RpcFilterByCallersName RpcEnumAddFilter \
            RpcGetEnumResult RpcFilterBySessionType Opnum7NotUsedOnWire RpcGetSessionIds \
            RpcGetEnumResultEx RpcGetAllSessions RpcGetAllSessionsEx
            """),
        "11899a43-2b68-4a76-92e3-a3d6ad8c26ce": Interface(
            "TermServNotification",
            """
            RpcWaitForSessionState RpcRegisterAsyncNotification RpcWaitAsyncNotification \
            RpcUnRegisterAsyncNotification
            """),
        // Zeek has the notifications' operations here.
        "484809d6-4239-471b-b5bc-61df8c23ac48": Interface(
            "TermSrvSession",
            """
            RpcOpenSession RpcCloseSession RpcConnect RpcDisconnect RpcLogoff RpcGetUserName RpcGetTerminalName \
            RpcGetState RpcIsSessionDesktopLocked RpcShowMessageBox RpcGetTimes RpcGetSessionCounters \
            RpcGetSessionInformation - - RpcGetLoggedOnCount RpcGetSessionType RpcGetSessionInformationEx - - - \
            RpcGetActivityId
            """),
        "4da1c422-943d-11d1-acae-00c04fc2aa3f": Interface("trksvr", "LnkSvrMessage LnkSvrMessageCallback"),
        "300f3532-38cc-11d0-a3f0-0020af6b0add": Interface(
            "trkwks",
            """
            Opnum0NotUsedOnWire Opnum1NotUsedOnWire Opnum2NotUsedOnWire Opnum3NotUsedOnWire \
            Opnum4NotUsedOnWire Opnum5NotUsedOnWire Opnum6NotUsedOnWire Opnum7NotUsedOnWire \
            Opnum8NotUsedOnWire Opnum9NotUsedOnWire Opnum10NotUsedOnWire Opnum11NotUsedOnWire \
            LnkSearchMachine
            """),
        "44e265dd-7daf-42cd-8560-3cdb6e7a2729": Interface(
            "TsProxyRpcInterface",
            """
            Opnum0NotUsedOnWire TsProxyCreateTunnel TsProxyAuthorizeTunnel TsProxyMakeTunnelCall \
            TsProxyCreateChannel Opnum5NotUsedOnWire TsProxyCloseChannel TsProxyCloseTunnel \
            TsProxySetupReceivePipe TsProxySendToServer
            """),
        "53b46b02-c73b-4a3e-8dee-b16b80672fc0": Interface("TSVIPPublic", "RpcGetSessionIP"),
        "8fb6d884-2388-11d0-8c35-00c04fda2795": Interface(
            "W32Time",
            """
            W32TimeSync W32TimeGetNetlogonServiceBits W32TimeQueryProviderStatus W32TimeQuerySource \
            W32TimeQueryProviderConfiguration W32TimeQueryConfiguration W32TimeQueryStatus W32TimeLog
            """),
        "1a927394-352e-4553-ae3f-7cf4aafca620": Interface("WdsRpcInterface", "WdsRpcMessage"),
        "811109bf-a4e1-11d1-ab54-00a0c91e9b45": Interface(
            "winsi2", "R_WinsTombstoneDbRecs R_WinsCheckAccess"),
        "ccd8c074-d0e5-4a40-92b4-d074faa6ba28": Interface(
            "Witness",
            """
            WitnessrGetInterfaceList WitnessrRegister WitnessrUnRegister WitnessrAsyncNotify \
            WitnessrRegisterEx
            """),
        "2f59a331-bf7d-48cb-9ec5-7c090d76e8b8": Interface(
            "lcrpc",
            """
            RpcLicensingOpenServer RpcLicensingCloseServer RpcLicensingLoadPolicy \
            RpcLicensingUnloadPolicy RpcLicensingSetPolicy RpcLicensingGetAvailablePolicyIds \
            RpcLicensingGetPolicy RpcLicensingGetPolicyInformation RpcLicensingDeactivateCurrentPolicy
            """),
        "d6d70ef0-0e3b-11cb-acc3-08002b1d29c3": Interface("NsiS", "nsi_binding_export nsi_binding_unexport"),
        "d3fbb514-0e3b-11cb-8fad-08002b1d29c3": Interface(
            "NsiC",
            """
            nsi_binding_lookup_begin nsi_binding_lookup_done nsi_binding_lookup_next \
            nsi_mgmt_handle_set_exp_age
            """),
        "d6d70ef0-0e3b-11cb-acc3-08002b1d29c4": Interface(
            "NsiM",
            """
            nsi_group_delete nsi_group_mbr_add nsi_group_mbr_remove nsi_group_mbr_inq_begin \
            nsi_group_mbr_inq_next nsi_group_mbr_inq_done nsi_profile_delete nsi_profile_elt_add \
            nsi_profile_elt_remove nsi_profile_elt_inq_begin nsi_profile_elt_inq_next \
            nsi_profile_elt_inq_done nsi_entry_object_inq_begin nsi_entry_object_inq_next \
            nsi_entry_object_inq_done nsi_entry_expand_name nsi_mgmt_binding_unexport \
            nsi_mgmt_entry_delete nsi_mgmt_entry_create nsi_mgmt_entry_inq_if_ids nsi_mgmt_inq_exp_age \
            nsi_mgmt_inq_set_age
            """),
    ]
}
