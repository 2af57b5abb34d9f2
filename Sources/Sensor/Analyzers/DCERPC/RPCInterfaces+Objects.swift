/// Interfaces of RPC: further components, mostly for administration.
extension RPCInterfaces {
    /// The first operations of a component are those of the one that it extends.
    static let objects: [String: Interface] = [
        "4bb8ab1d-9ef9-4100-8eb6-dd4b4e418b72": Interface(
            "IADProxy", from: 3, "CreateObject DeleteObject ModifyObject"),
        "c4b0c7d9-abe0-4733-a1e1-9fdedf260c7a": Interface(
            "IADProxy2", from: 6, "CreateObject DeleteObject ModifyObject"),
        "d99e6e71-fc88-11d0-b498-00a0c90312f3": Interface(
            "ICertAdminD", from: 3,
            """
            SetExtension SetAttributes ResubmitRequest DenyRequest IsValidCertificate PublishCRL \
            GetCRL RevokeCertificate EnumViewColumn GetViewDefaultColumnSet EnumAttributesOrExtensions \
            OpenView EnumView CloseView ServerControl Ping GetServerState BackupPrepare BackupEnd \
            BackupGetAttachmentInformation BackupGetBackupLogs BackupOpenFile BackupReadFile \
            BackupCloseFile BackupTruncateLogs ImportCertificate BackupGetDynamicFiles \
            RestoreGetDatabaseLocations
            """),
        "7fe0d935-dda6-443f-85d0-1cfb58fe41dd": Interface(
            "ICertAdminD2", from: 31,
            """
            PublishCRLs GetCAProperty SetCAProperty GetCAPropertyInfo EnumViewColumnTable \
            GetCASecurity SetCASecurity Ping2 GetArchivedKey GetAuditFilter SetAuditFilter \
            GetOfficerRights SetOfficerRights GetConfigEntry SetConfigEntry ImportKey GetMyRoles \
            DeleteRow
            """),
        "d2d79df7-3400-11d0-b40b-00aa005ff586": Interface("IDMNotify", "ObjectsChanged"),
        "3a410f21-553f-11d1-8e5e-00a0c92c9d5d": Interface("IDMRemoteServer", from: 3, "CreateRemoteObject"),
        "7c4e1804-e342-483d-a43e-a850cfcc8d18": Interface(
            "IIISApplicationAdmin", from: 3,
            """
            CreateApplication DeleteApplication CreateApplicationPool DeleteApplicationPool \
            EnumerateApplicationsInPool RecycleApplicationPool GetProcessMode
            """),
        "e8fb8620-588f-11d2-9d61-00c04f79c5fe": Interface(
            "IIisServiceControl", from: 7, "Stop Start Reboot Status Kill"),
        "c3fcc19e-a970-11d2-8b5a-00a0c9b7c9c4": Interface(
            "IManagedObject", from: 3, "GetSerializedBuffer GetObjectIdentify"),
        "034634fd-ba3f-11d1-856a-00a0c944138c": Interface(
            "IManageTelnetSessions", from: 7, "GetTelnetSessions TerminateSession SendMsgToASession"),
        "8298d101-f992-43b7-8eca-5052d885b995": Interface(
            "IMSAdminBase2W", from: 34,
            """
            BackupWithPasswrd RestoreWithPasswrd Export Import RestoreHistory EnumHistory
            """),
        "f612954d-3b0b-4c56-9563-227b7be624b4": Interface("IMSAdminBase3W", from: 40, "GetChildPaths"),
        "70b51430-b6ca-11d0-b9b9-00a0c922e750": Interface(
            "IMSAdminBaseW", from: 3,
            """
            AddKey DeleteKey DeleteChildKEys EnumKeys CopyKey RenameKey R_SetData R_GetData DeleteDate \
            R_EnumData R_GetAllData DeleteAllData CopyData GetDataPaths OpenKey CloseKey \
            ChangePermissions SaveData GetHandleInfo GetSystemChangeNumber GetDataSetNumber \
            SetLastChangeTime GetLastChangeTime R_KeyExchangePhase1 R_KeyExchangePhase2 Backup Restore \
            EnumBackups DeleteBackup UnmarshalInterface R_GetServerGuid
            """),
        "6619a740-8154-43be-a186-0319578e02db": Interface(
            "IRemoteDispatch", from: 7, "RemoteDispatchAutoDone RemoteDispatchNotAutoDone"),
        "c5cebee2-9df5-4cdd-a08c-c2471bc144b4": Interface(
            "IResourceManager", from: 7,
            """
            RetrieveEventList GetSystemAffinity ImportXMLFiles ExportXMLFiles RestoreXMLFiles \
            GetDependencies GetServiceList GetllSAppPoolNames GetServerName GetCurrentMemory
            """),
        "2a3eb639-d134-422d-90d8-aaa1b5216202": Interface(
            "IResourceManager2", from: 7, "ExportObjects GetImportConflicts ImportXml ExportXml"),
        "b9785960-524f-11df-8b6d-83dcded72085": Interface("ISDKey", "GetKey"),
        "e65e8028-83e8-491b-9af7-aaf6bd51a0ce": Interface(
            "IServerHealthReport", from: 3,
            """
            GetReport GetCompressedReport GetRawReportEx GetReferenceVersionVectors \
            Opnum7NotUsedOnWire GetReferenceBacklogCounts
            """),
        "20d15747-6c48-4254-a358-65039fd8c63c": Interface(
            "IServerHealthReport2", from: 9, "GetReport - - - - - - GetCompressedReport"),
        "8165b19e-8d3a-4d0b-80c8-97de310db583": Interface(
            "IServicedComponentInfo", from: 3, "GetComponentInfo"),
        "112b1dff-d9dc-41f7-869f-d67fee7cb591": Interface(
            "ITpmVirtualSmartCardManager", from: 3, "CreateVirtualSmartCard DestroyVirtualSmartCard"),
        "fdf8a2b9-02de-47f4-bc26-aa85ab5e5267": Interface(
            "ITpmVirtualSmartCardManager2", from: 5, "CreateVirtualSmartCardWithPinPolicy"),
        "3c745a97-f375-4150-be17-5950f694c699": Interface(
            "ITpmVirtualSmartCardManager3", from: 6, "CreateVirtualSmartCardWithAttestation"),
        "1a1bb35f-abb8-451c-a1ae-33d98f1bef4a": Interface(
            "ITpmVirtualSmartCardManagerStatusCallback", from: 3, "ReportProgress ReportError"),
        "00000000-0000-0000-c000-000000000046": Interface(
            "IUnknown", "Opnum0NotUsedOnWire Opnum1NotUsedOnWire Opnum2NotUsedOnWire"),
        "4bdafc52-fe6a-11d2-93f8-00105a11164a": Interface(
            "IVolumeClient2", from: 3, "GetMaxAdjustedFreeSpace"),
        "deb01010-3a37-4d26-99df-e2bb6ae3ac61": Interface(
            "IVolumeClient4", from: 3, "RefreshEx GetVolumeDeviceName"),
        "214a0f28-b737-4026-b847-4f9e37d79529": Interface(
            "IVssDifferentialSoftwareSnapshotMgmt", from: 3,
            """
            AddDiffArea ChangeDiffAreaMaximizeSize QueryVolumesSupportedForDiffAreas \
            QueryDiffAreasForVolume QueryDiffAreaOnVolume Opnum08NotUsedOnWire
            """),
        "01954e6b-9254-4e6e-808c-c9e05d007696": Interface(
            "IVssEnumMgmtObject", from: 3, "Next Skip Reset Clone"),
        "ae1c7110-2f60-11d3-8a39-00c04f72d8e3": Interface("IVssEnumObject", from: 3, "Next Skip Reset Clone"),
        "fa7df749-66e7-4986-a27f-e2f04ae53772": Interface(
            "IVssSnapshotMgmt", from: 3,
            """
            GetProviderMgmtInterface QueryVolumesSupportedForSnapshots QuerySnapshotsByVolume
            """),
        "29822ab7-f302-11d0-9953-00c04fd919c1": Interface(
            "IWamAdmin", from: 3,
            """
            AppCreate AppDelete AppUnLoad AppGetStatus AppDeleteRecoverable AppRecover
            """),
        "29822ab8-f302-11d0-9953-00c04fd919c1": Interface("IWamAdmin2", from: 9, "AppCreate2"),
        "f31931a9-832d-481c-9503-887a0e6a79f0": Interface("IWRMProtocol", from: 7, "GetSupportedClient"),
        "fc910418-55ca-45ef-b264-83d4ce7d30e0": Interface(
            "IWRMRemoteSessionMgmt", from: 7,
            """
            GetRemoteUserCategories SetRemoteUserCategories RefreshRemoteSessionWeights
            """),
        "8d0ffe72-d252-11d0-bf8f-00c04fd9126b": Interface(
            "IKeySvc",
            """
            KeyrOpenKeyService KeyrEnumerateProviders KeyrEnumerateProviderTypes \
            KeyrEnumerateProvContainers KeyrCloseKeyService KeyrGetDefaultProvider \
            KeyrSetDefaultProvider KeyrEnroll KeyrExportCert KeyrImportCert \
            KeyrEnumerateAvailableCertTypes KeyrEnumerateCAs KeyrEnroll_V2 KeyrQueryRequestStatus
            """),
        "68b58241-c259-4f03-a2e5-a2651dcbc930": Interface(
            "IKeySvc2", "KSrSubmitRequest KSrGetTemplates KSrGetCAs"),
        "0d72a7d4-6148-11d1-b4aa-00c04fb66ea0": Interface("ICertProtect", "SSCertProtectFunction"),
        "f50aac00-c7f3-428e-a022-a6b71bfb9d43": Interface(
            "ICatDBSvc",
            """
            SSCatDBAddCatalog SSCatDBDeleteCatalog SSCatDBEnumCatalogs \
            SSCatDBRegisterForChangeNotification KeyrCloseKeyService SSCatDBRebuildDatabase
            """),
    ]

    /// Interfaces of which nothing but the name is known.
    static let named: [String: String] = [
        "d61a27c6-8f53-11d0-bfa0-00a024151983": "CNtmsSvr",
        "8f09f000-b7ed-11ce-bbd2-00001a181cad": "dimsvc",
        "ea0a3165-4834-11d2-a6f8-00c04fa346cc": "fax",
        "6099fc12-3eff-11d0-abd0-00c04fd91a4e": "faxclient",
        "03837516-098b-11d8-9414-505054503030": "IAlertDataCollector",
        "0383751a-098b-11d8-9414-505054503030": "IApiTracingDataCollector",
        "879c8bbe-41b0-11d1-be11-00c04fb6bf70": "IClientSink",
        "03837514-098b-11d8-9414-505054503030": "IConfigurationDataCollector",
        "038374ff-098b-11d8-9414-505054503030": "IDataCollector",
        "03837502-098b-11d8-9414-505054503030": "IDataCollectorCollection",
        "03837520-098b-11d8-9414-505054503030": "IDataCollectorSet",
        "03837524-098b-11d8-9414-505054503030": "IDataCollectorSetCollection",
        "03837541-098b-11d8-9414-505054503030": "IDataManager",
        "03837543-098b-11d8-9414-505054503030": "IFolderAction",
        "03837544-098b-11d8-9414-505054503030": "IFolderActionCollection",
        "bd0c73bc-805b-4043-9c30-9a28d64dd7d2": "IIISCertObj",
        "081e7188-c080-4ff3-9238-29f66d6cabfd": "IMessenger",
        "4e934f30-341a-11d1-8fb1-00a024cb6019": "INtmsLibraryControl1",
        "db90832f-6910-4d46-9f5e-9fd6bfa73903": "INtmsLibraryControl2",
        "d02e4be0-3419-11d1-8fb1-00a024cb6019": "INtmsMediaServices1",
        "bb39332c-bfee-4380-ad8a-badc8aff5bb6": "INtmsNotifySink",
        "69ab7050-3059-11d1-8faf-00a024cb6019": "INtmsObjectInfo1",
        "b057dc50-3059-11d1-8faf-00a024cb6019": "INtmsObjectManagement1",
        "895a2c86-270d-489d-a6c0-dc2a9b35280e": "INtmsObjectManagement2",
        "3bbed8d9-2c9a-4b21-8936-acb2f995be6c": "INtmsObjectManagement3",
        "8da03f40-3419-11d1-8fb1-00a024cb6019": "INtmsSession1",
        "784b693d-95f3-420b-8126-365c098659f2": "IOCSPAdminD",
        "833e4100-aff7-4ac3-aac2-9f24c1457bce": "IPCHCollection",
        "833e4200-aff7-4ac3-aac2-9f24c1457bce": "IPCHService",
        "03837506-098b-11d8-9414-505054503030": "IPerformanceCounterDataCollector",
        "f120a684-b926-447f-9df4-c966cb785648": "IRASrv",
        "66a2db22-d706-11d0-a37b-00c04fc9da04": "IRemoteICFICSConfig",
        "6139d8a4-e508-4ebb-bac7-d7f275145897": "IRemoteIPV6Config",
        "66a2db1b-d706-11d0-a37b-00c04fc9da04": "IRemoteNetworkConfig",
        "66a2db20-d706-11d0-a37b-00c04fc9da04": "IRemoteRouterRestart",
        "66a2db21-d706-11d0-a37b-00c04fc9da04": "IRemoteSetDnsConfig",
        "5ff9bdf6-bd91-4d8b-a614-d6317acc8dd8": "IRemoteSstpCertCheck",
        "67e08fc2-2984-4b62-b92e-fc1aae64bbbb": "IRemoteStringIdConfig",
        "7d07f313-a53f-459a-bb12-012c15b1846e": "IRobustNtmsMediaServices1",
        "833e41aa-aff7-4ac3-aac2-9f24c1457bce": "ISAFSession",
        "0383753a-098b-11d8-9414-505054503030": "ISchedule",
        "0383753d-098b-11d8-9414-505054503030": "IScheduleCollection",
        "0383750b-098b-11d8-9414-505054503030": "ITraceDataCollector",
        "03837512-098b-11d8-9414-505054503030": "ITraceDataProvider",
        "03837510-098b-11d8-9414-505054503030": "ITraceDataProviderCollection",
        "00020403-0000-0000-c000-000000000046": "ITypeComp",
        "00020412-0000-0000-c000-000000000046": "ITypeInfo2",
        "00020411-0000-0000-c000-000000000046": "ITypeLib2",
        "03837534-098b-11d8-9414-505054503030": "IValueMap",
        "03837533-098b-11d8-9414-505054503030": "IValueMapItem",
        "4f7ca01c-a9e5-45b6-b142-2332a1339c1d": "IWRMAccounting",
        "481e06cf-ab04-4498-8ffe-124a0a34296d": "IWRMCalendar",
        "21546ae8-4da5-445e-987f-627fea39c5e8": "IWRMConfig",
        "943991a5-b3fe-41fa-9696-7f7b656ee34b": "IWRMMachineGroup",
        "59602eb6-57b0-4fd8-aa4b-ebf06971fe15": "IWRMPolicy",
        "bc681469-9dd9-4bf4-9b3d-709f69efe431": "IWRMResourceGroup",
        "da5a86c5-12c2-4943-ab30-7f74a813d853": "PerflibV2",
        "1088a980-eae5-11d0-8d9b-00a02453c337": "qm2qm",
        "fdb3a030-065f-11d1-bb9b-00a024ea5525": "qmcomm",
        "76d12b80-3467-11d3-91ff-0090272f9ea3": "qmcomm2",
        "41208ee0-e970-11d1-9b9e-00e02c064c39": "qmmgmt",
        "20610036-fa22-11cf-9823-00a0c911e5df": "rasrpc",
        "1a9134dd-7b39-45ba-ad88-44d01ca47f28": "RemoteRead",
        "c8cb7687-e6d3-11d2-a958-00c04f682e16": "DAV RPC SERVICE",
    ]
}
