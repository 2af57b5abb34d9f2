/// Names in S7comm, in the spelling of ICSNPP.
enum S7Names {
    static let kinds: CodeNames = [1: "Job-Request", 2: "ACK", 3: "ACK-Data", 7: "User-Data"]
    static let errorClasses: CodeNames = [
        0x00: "No error", 0x81: "Application relationship error", 0x82: "Object definition error",
        0x83: "No ressources available error", 0x84: "Error on service processing", 0x85: "Error on supplies",
        0x87: "Access error",
    ]
    static let functions: CodeNames = [
        0x00: "CPU Services", 0x04: "Read Variable", 0x05: "Write Variable", 0x1A: "Request Download",
        0x1B: "Download Block", 0x1C: "Download Ended", 0x1D: "Start Upload", 0x1E: "Upload", 0x1F: "End Upload",
        0x28: "PLC Control", 0x29: "PLC Stop", 0xF0: "Setup Communication",
    ]
    /// Groups of user data.
    static let groups: CodeNames = [
        0x0: "Mode-Transition", 0x1: "Programmer Controls", 0x2: "Cyclic Services", 0x3: "Block Functions",
        0x4: "CPU Functions", 0x5: "Security", 0x6: "PBC BSEND-BRECV", 0x7: "Time Functions", 0xF: "NC Programming",
    ]

    /// Functions of a group.
    static func subfunctions(_ group: UInt8) -> CodeNames? {
        switch group {
        case 0: modeTransitions
        case 1: programmerControls
        case 2: cyclicServices
        case 3: blockFunctions
        case 4: cpuFunctions
        case 5: security
        case 7: timeFunctions
        default: nil
        }
    }

    private static let modeTransitions: CodeNames = [
        0x0: "Stop", 0x1: "Warm Restart", 0x2: "Run", 0x3: "Hot Restart", 0x4: "Hold", 0x6: "Cold Restart",
        0x9: "Run_R", 0xB: "Link-Up", 0xC: "Update",
    ]
    private static let programmerControls: CodeNames = [
        0x01: "Block Status", 0x02: "Variable Status", 0x03: "Output ISTACK", 0x04: "Output BSTACK",
        0x05: "Output LSTACK", 0x06: "Time Measurement", 0x07: "Force Selection", 0x08: "Modify Variable",
        0x09: "Force", 0x0A: "Breakpoint", 0x0B: "Exit HOLD", 0x0C: "Memory Reset", 0x0D: "Disable Job",
        0x0E: "Enable Job", 0x0F: "Delete Job", 0x10: "Read Job List", 0x11: "Read Job", 0x12: "Replace Job",
        0x13: "Block Status v2", 0x16: "Flash LED",
    ]
    private static let cyclicServices: CodeNames = [
        1: "Cyclic Transfer", 4: "Unsubscribe", 5: "Change Driven Transfer", 7: "Change Driven Transfer Modify",
        8: "RDREC",
    ]
    private static let blockFunctions: CodeNames = [
        1: "List Blocks", 2: "List Blocks of Type", 3: "Get Block Info",
    ]
    private static let cpuFunctions: CodeNames = [
        0x01: "Read SZL", 0x02: "Message Service", 0x03: "Diagnostic Message", 0x04: "ALARM_8 Indication",
        0x05: "NOTIFY Indication", 0x06: "ALARM_8 Lock", 0x07: "ALARM_8 Unlock", 0x08: "SCAN Indication",
        0x0B: "ALARM_S Indication", 0x0C: "ALARM_SQ Indication", 0x0D: "ALARM Query", 0x0E: "ALARM ACK",
        0x11: "ALARM ACK Indication", 0x12: "ALARM Lock Indication", 0x13: "ALARM Unlock Indication",
        0x16: "NOTIFY_8 Indication",
    ]
    private static let security: CodeNames = [1: "PLC Password"]
    private static let timeFunctions: CodeNames = [
        1: "Read Clock", 2: "Set Clock", 3: "Read Clock (Following)", 4: "Set Clock (2)",
    ]

    static let returnCodes: CodeNames = [
        0x00: "Reserved", 0x01: "Hardware error", 0x03: "Accessing the object not allowed", 0x05: "Invalid address",
        0x06: "Data type not supported", 0x07: "Data type inconsistent", 0x0A: "Object does not exist",
        0xFF: "Success",
    ]
    /// What a list of the system status holds, by the low byte of its number.
    static let statusLists: CodeNames = [
        0x00: "List of all the SZL-IDs of a module", 0x11: "Module identification", 0x12: "CPU characteristics",
        0x13: "User memory areas", 0x14: "System areas", 0x15: "Block types", 0x16: "Priority classes",
        0x17: "List of the permitted SDBs with a number < 1000", 0x18: "Maximum S7-300 I/O configuration",
        0x19: "Status of the module LEDs", 0x1C: "Component Identification", 0x21: "Interrupt / error assignment",
        0x22: "Interrupt status", 0x23: "Priority classes", 0x24: "Modes",
        0x25: "Assignment between process image partitions and OBs", 0x31: "Communication capability parameters",
        0x32: "Communication status data", 0x33: "Diagnostics: device logon list",
        0x37: "Ethernet - Details of a Module", 0x71: "H CPU group information", 0x74: "Status of the module LEDs",
        0x75: "Switched DP slaves in the H-system", 0x81: "Start information list", 0x82: "Start event list",
        0x91: "Module status information", 0x92: "Rack / station status information",
        0x94: "Rack / station status information", 0x95: "Extended DP master system information",
        0x96: "Module status information, PROFINET IO and PROFIBUS DP", 0xA0: "Diagnostic buffer of the CPU",
        0xB1: "Module diagnostic information (data record 0)",
        0xB2: "Module diagnostic information (data record 1), geographical address",
        0xB3: "Module diagnostic information (data record 1), logical address",
        0xB4: "Diagnostic data of a DP slave",
    ]

    static let blockTypes = [
        "08": "Organization Block", "0A": "Data Block", "0B": "System Data Block", "0C": "Function",
        "0D": "System Function", "0E": "Function Block", "0F": "System Function Block",
    ]
    static let filesystems = ["P": "Passive", "A": "Active"]
    /// Services of the whole controller that matter to it; those of numerical controls are told by their code.
    static let controlServices = [
        "_INSE": "Activates a PLC module", "_INS2": "Activates a PLC module",
        "_DELE": "Removes module from the PLC's passive file system", "P_PROGRAM": "PLC Start / Stop",
        "_MODU": "PLC Copy Ram to Rom", "_GARB": "Compress PLC memory", "_N_LOGIN_": "Login", "_N_LOGOUT": "Logout",
    ]
}
