/// A Windows executable that was carried by a connection.
public struct PERecord: ConnectionRecordSchema {
    public static let name = "pe"
    public static let meaning = "A Windows executable that was carried by a connection"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let id = TextField(6, "id", "Identifier of the file")
    public let machine = TextField(7, "machine", "Processor it was built for")
    public let compileTs = NumberField<Timestamp>(8, "compile_ts", "When it was built, as it says")
    public let os = TextField(9, "os", "Oldest version of Windows that it asks for")
    public let subsystem = TextField(10, "subsystem", "Subsystem it runs in: WINDOWS_GUI, WINDOWS_CUI, NATIVE")
    public let isExe = NumberField<Bool>(11, "is_exe", "An executable or library, not an object file")
    public let is64Bit = NumberField<Bool>(12, "is_64bit", "Not marked as made for 32 bits")
    public let usesAslr = NumberField<Bool>(13, "uses_aslr", "It may be loaded at a random address")
    public let usesDep = NumberField<Bool>(14, "uses_dep", "Its data cannot be executed")
    public let usesCodeIntegrity = NumberField<Bool>(15, "uses_code_integrity", "Its signature is enforced")
    public let usesSeh = NumberField<Bool>(16, "uses_seh", "It handles exceptions")
    public let hasImportTable = NumberField<Bool>(17, "has_import_table", "It has a table of imports")
    public let hasExportTable = NumberField<Bool>(18, "has_export_table", "It has a table of exports")
    public let hasCertTable = NumberField<Bool>(19, "has_cert_table", "It has a signature")
    public let hasDebugData = NumberField<Bool>(20, "has_debug_data", "It has debugging data")
    public let sectionNames = TextListField(21, "section_names", "Names of its sections in order")

    public init() {}
}

extension Records {
    public static let pe = PERecord()
}
