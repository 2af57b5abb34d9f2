/// Interfaces of RPC: components (MS-DCOM), management (MS-WMI) and mail (MS-OXCRPC, MS-OXNSPI).
extension RPCInterfaces {
    /// The first three operations of a component are those of IUnknown, which the wire has none of.
    static let components: [String: Interface] = [
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
        // 16 and 17 delete instances; Zeek names them as 10 and 11.
        "9556dc99-828c-11cf-a37e-00aa003240c7": Interface(
            "IWbemServices",
            "- - - OpenNamespace CancelAsyncCall QueryObjectSink GetObject GetObjectAsync PutClass "
                + "PutClassAsync DeleteClass DeleteClassAsync CreateClassEnum CreateClassEnumAsync "
                + "PutInstance PutInstanceAsync DeleteClass DeleteClassAsync CreateInstanceEnum "
                + "CreateInstanceEnumAsync ExecQuery ExecQueryAsync ExecNotificationQuery "
                + "ExecNotificationQueryAsync ExecMethod ExecMethodAsync"),
        "00020400-0000-0000-c000-000000000046": Interface(
            "IDispatch", "- - - GetTypeInfoCount GetTypeInfo GetIDsOfNames Invoke"),
        "00020401-0000-0000-c000-000000000046": Interface(
            "ITypeInfo",
            "- - - GetTypeAttr GetTypeComp GetFuncDesc GetVarDesc GetNames GetRefTypeOfImplType "
                + "GetImplTypeFlags LocalGetIDsOfNames LocalInvoke GetDocumentation GetDllEntry GetRefTypeInfo "
                + "LocalAddressOfMember CreateInstance GetMops GetContainingTypeLib"),
        "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57": Interface(
            "IActivation",
            "RemoteActivation"),
        "00000001-0000-0000-c000-000000000046": Interface(
            "IClassFactory",
            "- - - CreateInstance LockServer"),
        "00020402-0000-0000-c000-000000000046": Interface(
            "ITypeLib",
            "- - - GetTypeInfoCount GetTypeInfo GetTypeInfoType GetTypeInfoOfGuid GetLibAttr "
                + "GetTypeComp GetDocumentation IsName FindName"),
        "00020404-0000-0000-c000-000000000046": Interface(
            "IEnumVARIANT",
            "- - - Next Skip Reset Clone"),
        "9f6c78ef-fce5-42fa-abea-3e7df91921dc": Interface(
            "IWbemLoginClientIDEx",
            "- - - SetClientInfoEx"),
        "027947e1-d731-11ce-a357-000000000001": Interface(
            "IEnumWbemClassObject interface",
            "- - - Reset Next NextAsync Clone Skip"),
        "1c1c45ee-4395-11d2-b60b-00104b703efd": Interface(
            "IWbemFetchSmartEnum interface",
            "- - - GetSmartEnum"),
        "423ec01e-2e35-11d2-b604-00104b703efd": Interface(
            "IWbemWCOSmartEnum interface",
            "- - - Next"),
        "44aca675-e8fc-11d0-a07c-00c04fb68820": Interface(
            "IWbemCallResult interface",
            "- - - GetResultObject GetResultString GetResultServices GetCallStatus"),
        "7c857801-7381-11cf-884d-00aa004b2e24": Interface(
            "IWbemObjectSink interface",
            "- - - Indicate SetStatus"),
        "541679ab-2e5f-11d3-b34e-00104bcc4b4a": Interface(
            "IWbemLoginHelper interface",
            "- - - SetEvent"),
        "44aca674-e8fc-11d0-a07c-00c04fb68820": Interface("IWbemContext interface", ""),
        "674b6698-ee92-11d0-ad71-00c04fd8fdff": Interface("IWbemContext unmarshaler", ""),
        "dc12a681-737f-11cf-884d-00aa004b2e24": Interface("IWbemClassObject interface", ""),
        "9a653086-174f-11d2-b5f9-00104b703efd": Interface("IWbemClassObject interface", ""),
        "4590f812-1d3a-11d0-891f-00aa004b2e24": Interface("IWbemClassObject unmarshaler", ""),
        "c49e32c6-bc8b-11d2-85d4-00105a1f8304": Interface("IWbemBackupRestoreEx interface", ""),
        "a359dec5-e813-4834-8a2a-ba7f1d777d76": Interface(
            "IWbemBackupRestoreEx interface",
            "- - - Backup Restore Pause Resume"),
        "c49e32c7-bc8b-11d2-85d4-00105a1f8304": Interface(
            "IWbemBackupRestore interface",
            "- - - Backup Restore"),
        "f1e9c5b2-f59b-11d2-b362-00105a1f8177": Interface(
            "IWbemRemoteRefresher interface",
            "- - - RemoteRefresh StopRefreshing GetGuid"),
        "2c9273e0-1dc3-11d3-b364-00105a1f8177": Interface(
            "IWbemRefreshingServices interface",
            "- - - AddObjectToRefresher AddObjectToRefresherByTemplate AddEnumToRefresher "
                + "RemoveObjectFromRefresher GetRemoteRefresher ReconnectRemoteRefresher"),
        "5261574a-4572-206e-b268-6b199213b4e4": Interface(
            "AsyncEMSMDB",
            "EcDoAsyncWaitEx"),
        "f5cc5a18-4264-101a-8c59-08002b2f8426": Interface(
            "nspi",
            "NspiBind NspiUnbind NspiUpdateStat NspiQueryRows NspiSeekEntries NspiGetMatches "
                + "NspiResortRestriction NspiDNToEph NspiGetPropList NspiGetProps NspiCompareMIds NspiModProps "
                + "NspiGetSpecialTable NspiGetTemplateInfo NspiModLinkAtt NspiDeleteEntries NspiQueryColumns "
                + "NspiGetNamesFromIDs NspiGetIDsFromNames NspiResolveNames NspiResolveNamesW"),
        "a4f1db00-ca47-1067-b31f-00dd010662da": Interface(
            "exchange_mapi",
            "EcDoConnect EcDoDisconnect EcDoRpc EcGetMoreRpc EcRRegisterPushNotification "
                + "EcRUnregisterPushNotification EcDummyRpc EcRGetDCName EcRNetGetDCName EcDoRpcExt "
                + "EcDoConnectEx EcDoRpcExt2 EcUnknown0xC EcUnknown0xD EcDoAsyncConnectEx"),
        "1544f5e0-613c-11d1-93df-00c04fd7bd09": Interface(
            "exchange_rfr", "RfrGetNewDSA RfrGetFQDNFromServerDN"),
    ]
}
