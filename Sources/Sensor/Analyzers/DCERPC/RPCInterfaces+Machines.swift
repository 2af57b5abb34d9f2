/// Interfaces of RPC with many operations: clusters (MS-CMRP), the firewall (MS-FASP), disks (MS-DMRP), plug and play.
extension RPCInterfaces {
    static let machines: [String: Interface] = [
        "b97db8b2-4c63-11cf-bff6-08002be23f2f": Interface(
            "clusapi",
            """
            ApiOpenCluster ApiCloseCluster ApiSetClusterName ApiGetClusterName ApiGetClusterVersion \
            ApiGetQuorumResource ApiSetQuorumResource ApiCreateEnum ApiOpenResource ApiCreateResource \
            ApiDeleteResource ApiCloseResource ApiGetResourceState ApiSetResourceName ApiGetResourceId \
            ApiGetResourceType ApiFailResource ApiOnlineResource ApiOfflineResource ApiAddResourceDependency \
            ApiRemoveResourceDependency ApiCanResourceBeDependent ApiCreateResEnum ApiAddResourceNode \
            ApiRemoveResourceNode ApiChangeResourceGroup ApiCreateResourceType ApiDeleteResourceType \
            ApiGetRootKey ApiCreateKey ApiOpenKey ApiEnumKey ApiSetValue ApiDeleteValue ApiQueryValue \
            ApiDeleteKey ApiEnumValue ApiCloseKey ApiQueryInfoKey ApiSetKeySecurity ApiGetKeySecurity \
            ApiOpenGroup ApiCreateGroup ApiDeleteGroup ApiCloseGroup ApiGetGroupState ApiSetGroupName \
            ApiGetGroupId ApiGetNodeId ApiOnlineGroup ApiOfflineGroup ApiMoveGroup ApiMoveGroupToNode \
            ApiCreateGroupResourceEnum ApiSetGroupNodeList ApiCreateNotify ApiCloseNotify ApiAddNotifyCluster \
            ApiAddNotifyNode ApiAddNotifyGroup ApiAddNotifyResource ApiAddNotifyKey ApiReAddNotifyNode \
            ApiReAddNotifyGroup ApiReAddNotifyResource ApiGetNotify ApiOpenNode ApiCloseNode ApiGetNodeState \
            ApiPauseNode ApiResumeNode ApiEvictNode ApiNodeResourceControl ApiResourceControl \
            ApiNodeResourceTypeControl ApiResourceTypeControl ApiNodeGroupControl ApiGroupControl \
            ApiNodeNodeControl ApiNodeControl - ApiOpenNetwork ApiCloseNetwork ApiGetNetworkState \
            ApiSetNetworkName ApiCreateNetworkEnum ApiGetNetworkId ApiSetNetworkPriorityOrder \
            ApiNodeNetworkControl ApiNetworkControl ApiAddNotifyNetwork ApiReAddNotifyNetwork \
            ApiOpenNetInterface ApiCloseNetInterface ApiGetNetInterfaceState ApiGetNetInterface \
            ApiGetNetInterfaceId ApiNodeNetInterfaceControl ApiNetInterfaceControl ApiAddNotifyNetInterface \
            ApiReAddNotifyNetInterface ApiCreateNodeEnum ApiGetClusterVersion2 ApiCreateResTypeEnum \
            ApiBackupClusterDatabase ApiNodeClusterControl ApiClusterControl ApiUnblockGetNotifyCall \
            ApiSetServiceAccountPassword ApiSetResourceDependencyExpression ApiGetResourceDependencyExpression - \
            ApiGetResourceNetworkName ApiExecuteBatch ApiCreateBatchPort ApiGetBatchNotification \
            ApiCloseBatchPort ApiOpenClusterEx ApiOpenNodeEx ApiOpenGroupEx ApiOpenResourceEx ApiOpenNetworkEx \
            ApiOpenNetInterfaceEx ApiChangeCsvState ApiCreateNodeEnumEx ApiCreateEnumEx ApiPauseNodeEx \
            ApiPauseNodeWithDrainTarget ApiResumeNodeEx ApiCreateGroupEx ApiOnlineGroupEx ApiOfflineGroupEx \
            ApiMoveGroupEx ApiMoveGroupToNodeEx ApiCancelClusterGroupOperation ApiOnlineResourceEx \
            ApiOfflineResourceEx ApiCreateNotifyV2 ApiAddNotifyV2 ApiGetNotifyV2 - - - ApiCreateGroupEnum \
            ApiCreateResourceEnum ApiExecuteReadBatch ApiRestartResource ApiGetNotifyAsync - - - - - - - \
            ApiAddNotifyResourceTypeV2 - ApiExecuteReadBatchEx - - - - - ApiCreateGroupSet ApiOpenGroupSet \
            ApiCloseGroupSet ApiDeleteGroupSet ApiAddGroupToGroupSet ApiRemoveGroupFromGroupSet \
            ApiMoveGroupToGroupSet - ApiAddGroupSetDependency ApiAddGroupToGroupSetDependency \
            ApiNodeGroupSetControl ApiGroupSetControl ApiSetGroupDependencyExpression \
            ApiRemoveClusterGroupDependency ApiSetGroupSetDependencyExpression ApiRemoveGroupSetDependency \
            ApiRemoveClusterGroupToGroupSetDependency ApiCreateGroupSetEnum ApiCreateNetInterfaceEnum \
            ApiChangeCsvStateEx ApiAddGroupToGroupSetEx ApiChangeResourceGroupEx ApiClusterNativeUpdateControl
            """),
        "6b5bdd1e-528c-422c-af8c-a4079be4fe48": Interface(
            "RemoteFW",
            """
            RRPC_FWOpenPolicyStore RRPC_FWClosePolicyStore RRPC_FWRestoreDefaults RRPC_FWGetGlobalConfig \
            RRPC_FWSetGlobalConfig RRPC_FWAddFirewallRule RRPC_FWSetFirewallRule RRPC_FWDeleteFirewallRule \
            RRPC_FWDeleteAllFirewallRules RRPC_FWEnumFirewallRules RRPC_FWGetConfig RRPC_FWSetConfig \
            RRPC_FWAddConnectionSecurityRule RRPC_FWSetConnectionSecurityRule \
            RRPC_FWDeleteConnectionSecurityRule RRPC_FWDeleteAllConnectionSecurityRules \
            RRPC_FWEnumConnectionSecurityRules RRPC_FWAddAuthenticationSet RRPC_FWSetAuthenticationSet \
            RRPC_FWDeleteAuthenticationSet RRPC_FWDeleteAllAuthenticationSets RRPC_FWEnumAuthenticationSets \
            RRPC_FWAddCryptoSet RRPC_FWSetCryptoSet RRPC_FWDeleteCryptoSet RRPC_FWDeleteAllCryptoSets \
            RRPC_FWEnumCryptoSets RRPC_FWEnumPhase1SAs RRPC_FWEnumPhase2SAs RRPC_FWDeletePhase1SAs \
            RRPC_FWDeletePhase2SAs RRPC_FWEnumProducts RRPC_FWAddMainModeRule RRPC_FWSetMainModeRule \
            RRPC_FWDeleteMainModeRule RRPC_FWDeleteAllMainModeRules RRPC_FWEnumMainModeRules \
            RRPC_FWQueryFirewallRules RRPC_FWQueryConnectionSecurityRules2_10 RRPC_FWQueryMainModeRules \
            RRPC_FWQueryAuthenticationSets RRPC_FWQueryCryptoSets RRPC_FWEnumNetworks RRPC_FWEnumAdapters \
            RRPC_FWGetGlobalConfig2_10 RRPC_FWGetConfig2_10 RRPC_FWAddFirewallRule2_10 \
            RRPC_FWSetFirewallRule2_10 RRPC_FWEnumFirewallRules2_10 RRPC_FWAddConnectionSecurityRule2_10 \
            RRPC_FWSetConnectionSecurityRule2_10 RRPC_FWEnumConnectionSecurityRules2_10 \
            RRPC_FWAddAuthenticationSet2_10 RRPC_FWSetAuthenticationSet2_10 RRPC_FWEnumAuthenticationSets2_10 \
            RRPC_FWAddCryptoSet2_10 RRPC_FWSetCryptoSet2_10 RRPC_FWEnumCryptoSets2_10 \
            RRPC_FWAddConnectionSecurityRule2_20 RRPC_FWSetConnectionSecurityRule2_20 \
            RRPC_FWEnumConnectionSecurityRules2_20 RRPC_FWQueryConnectionSecurityRules2_20 \
            RRPC_FWAddAuthenticationSet2_20 RRPC_FWSetAuthenticationSet2_20 RRPC_FWEnumAuthenticationSets2_20 \
            RRPC_FWQueryAuthenticationSets2_20 RRPC_FWAddFirewallRule2_20 RRPC_FWSetFirewallRule2_20 \
            RRPC_FWEnumFirewallRules2_20 RRPC_FWQueryFirewallRules2_20 RRPC_FWAddFirewallRule2_24 \
            RRPC_FWSetFirewallRule2_24 RRPC_FWEnumFirewallRules2_24 RRPC_FWQueryFirewallRules2_24 \
            RRPC_FWAddFirewallRule2_25 RRPC_FWSetFirewallRule2_25 RRPC_FWEnumFirewallRules2_25 \
            RRPC_FWQueryFirewallRules2_25 RRPC_FWAddFirewallRule2_26 RRPC_FWSetFirewallRule2_26 \
            RRPC_FWEnumFirewallRules2_26 RRPC_FWQueryFirewallRules2_26 RRPC_FWAddFirewallRule2_27 \
            RRPC_FWSetFirewallRule2_27 RRPC_FWEnumFirewallRules2_27 RRPC_FWQueryFirewallRules2_27 \
            RRPC_FWAddFirewallRule2_31 RRPC_FWSetFirewallRule2_31 RRPC_FWEnumFirewallRules2_31 \
            RRPC_FWQueryFirewallRules2_31 RRPC_FWAddFirewallRule2_33 RRPC_FWSetFirewallRule2_33 \
            RRPC_FWEnumFirewallRules2_33 RRPC_FWQueryFirewallRules2_33
            """),
        "d2d79df5-3400-11d0-b40b-00aa005ff586": Interface(
            "IVolumeClient", from: 3,
            """
            EnumDisks EnumDiskRegions CreatePartition CreatePartitionAssignAndFormat \
            CreatePartitionAssignAndFormatEx DeletePartition WriteSignature MarkActivePartition Eject - \
            FTEnumVolumes FTEnumLogicalDiskMembers FTDeleteVolume FTBreakMirror FTResyncMirror \
            FTRegenerateParityStripe FTReplaceMirrorPartition FTReplaceParityStripePartition EnumDriveLetters \
            AssignDriveLetter FreeDriveLetter EnumLocalFileSystems GetInstalledFileSystems Format - EnumVolumes \
            EnumVolumeMembers CreateVolume CreateVolumeAssignAndFormat CreateVolumeAssignAndFormatEx \
            GetVolumeMountName GrowVolume DeleteVolume AddMirror RemoveMirror SplitMirror InitializeDisk \
            UninitializeDisk ReConnectDisk - ImportDiskGroup DiskMergeQuery DiskMerge - ReAttachDisk - - - \
            ReplaceRaid5Column RestartVolume GetEncapsulateDiskInfo EncapsulateDisk QueryChangePartitionNumbers \
            DeletePartitionNumberInfoFromRegistry SetDontShow GetDontShow - - - - - - - - EnumTasks \
            GetTaskDetail AbortTask HrGetErrorData Initialize Uninitialize Refresh RescanDisks RefreshFileSys \
            SecureSystemPartition ShutDownSystem EnumAccessPath EnumAccessPathForVolume AddAccessPath \
            DeleteAccessPath
            """),
        "135698d2-3a37-4d26-99df-e2bb6ae3ac61": Interface(
            "IVolumeClient3", from: 3,
            """
            EnumDisksEx EnumDiskRegionsEx CreatePartition CreatePartitionAssignAndFormat \
            CreatePartitionAssignAndFormatEx DeletePartition InitializeDiskStyle MarkActivePartition Eject - \
            FTEnumVolumes FTEnumLogicalDiskMembers FTDeleteVolume FTBreakMirror FTResyncMirror \
            FTRegenerateParityStripe FTReplaceMirrorPartition FTReplaceParityStripePartition EnumDriveLetters \
            AssignDriveLetter FreeDriveLetter EnumLocalFileSystems GetInstalledFileSystems Format EnumVolumes \
            EnumVolumeMembers CreateVolume CreateVolumeAssignAndFormat CreateVolumeAssignAndFormatEx \
            GetVolumeMountName GrowVolume DeleteVolume CreatePartitionsForVolume DeletePartitionsForVolume \
            GetMaxAdjustedFreeSpace AddMirror RemoveMirror SplitMirror InitializeDiskEx UninitializeDisk \
            ReConnectDisk ImportDiskGroup DiskMergeQuery DiskMerge ReAttachDisk ReplaceRaid5Column RestartVolume \
            GetEncapsulateDiskInfoEx EncapsulateDiskEx QueryChangePartitionNumbers \
            DeletePartitionNumberInfoFromRegistry SetDontShow GetDontShow - - - - - - - - EnumTasks \
            GetTaskDetail AbortTask HrGetErrorData Initialize Uninitialize Refresh RescanDisks RefreshFileSys \
            SecureSystemPartition ShutDownSystem EnumAccessPath EnumAccessPathForVolume AddAccessPath \
            DeleteAccessPath
            """),
        "8d9f4e40-a03d-11ce-8f69-08003e30051b": Interface(
            "pnp",
            """
            PNP_Disconnect PNP_Connect PNP_GetVersion PNP_GetGlobalState PNP_InitDetection PNP_ReportLogOn \
            PNP_ValidateDeviceInstance PNP_GetRootDeviceInstance PNP_GetRelatedDeviceInstance \
            PNP_EnumerateSubKeys PNP_GetDeviceList PNP_GetDeviceListSize PNP_GetDepth PNP_GetDeviceRegProp \
            PNP_SetDeviceRegProp PNP_GetClassInstance PNP_CreateKey PNP_DeleteRegistryKey PNP_GetClassCount \
            PNP_GetClassName PNP_DeleteClassKey PNP_GetInterfaceDeviceAlias PNP_GetInterfaceDeviceList \
            PNP_GetInterfaceDeviceListSize PNP_RegisterDeviceClassAssociation \
            PNP_UnregisterDeviceClassAssociation PNP_GetClassRegProp PNP_SetClassRegProp PNP_CreateDevInst \
            PNP_DeviceInstanceAction PNP_GetDeviceStatus PNP_SetDeviceProblem PNP_DisableDevInst \
            PNP_UninstallDevInst PNP_AddID PNP_RegisterDriver PNP_QueryRemove PNP_RequestDeviceEject \
            PNP_IsDockStationPresent PNP_RequestEjectPC PNP_HwProfFlags PNP_GetHwProfInfo PNP_AddEmptyLogConf \
            PNP_FreeLogConf PNP_GetFirstLogConf PNP_GetNextLogConf PNP_GetLogConfPriority PNP_AddResDes \
            PNP_FreeResDes PNP_GetNextResDes PNP_GetResDesData PNP_GetResDesDataSize PNP_ModifyResDes \
            PNP_DetectResourceConflict PNP_QueryResConfList PNP_SetHwProf PNP_QueryArbitratorFreeData \
            PNP_QueryArbitratorFreeSize PNP_RunDetection PNP_RegisterNotification PNP_UnregisterNotification \
            PNP_GetCustomDevProp PNP_GetVersionInternal PNP_GetBlockedDriverInfo \
            PNP_GetServerSideDeviceInstallFlags PNP_GetObjectPropKeys PNP_GetObjectProp PNP_SetObjectProp \
            PNP_InstallDevInst PNP_ApplyPowerSettings PNP_DriverStoreAddDriverPackage \
            PNP_DriverStoreDeleteDriverPackage PNP_RegisterServiceNotification PNP_SetActiveService \
            PNP_DeleteServiceDevices
            """),
    ]
}
