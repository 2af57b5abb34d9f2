/// Names in the encapsulation of EtherNet/IP, in the spelling of ICSNPP.
enum ENIPNames {
    static let commands: CodeNames = [
        0x00: "NOP", 0x04: "List Services", 0x63: "List Identity", 0x64: "List Interfaces",
        0x65: "Register Session", 0x66: "Unregister Session", 0x6F: "Send RR Data", 0x70: "Send Unit Data",
        0x72: "Indicate Status", 0x73: "Cancel",
    ]
    static let statuses: CodeNames = [
        0x00: "Success", 0x01: "Invalid/Unsupported Command", 0x02: "Insufficient Memory Resources",
        0x03: "Malformed or Incorrect Data", 0x64: "Invalid Session Handle", 0x65: "Invalid Length",
        0x69: "Unsupported Protocol Version", 0x6A: "CIP Service Not Allowed",
    ]
}

/// Names in the Common Industrial Protocol, in the spelling of ICSNPP.
enum CIPNames {
    static let services: CodeNames = [
        0x01: "Get Attributes All", 0x02: "Set Attributes All", 0x03: "Get Attribute List",
        0x04: "Set Attribute List", 0x05: "Reset", 0x06: "Start", 0x07: "Stop", 0x08: "Create", 0x09: "Delete",
        0x0A: "Multiple Service Packet", 0x0D: "Apply Attributes", 0x0E: "Get Attributes Single",
        0x10: "Set Attributes Single", 0x11: "Find Next Object Instance", 0x15: "Restore", 0x16: "Save",
        0x17: "No Forward Open", 0x18: "Get Member", 0x19: "Set Member", 0x1A: "Insert Member",
        0x1B: "Remove Member", 0x1C: "Group Sync", 0x1D: "Get Connection Point Member List",
        0x4B: "Execute PCCC Service", 0x4C: "Read Data", 0x4D: "Write Data", 0x4E: "Read Write Modify Data",
        0x52: "Read Data Fragmented", 0x53: "Write Data Fragmented", 0x54: "Forward Open",
    ]
    /// Services of the connection manager (volume 1, section 3-5.5), whose codes elsewhere mean others.
    static let connectionServices: CodeNames = [
        0x4E: "Forward Close", 0x52: "Unconnected Send", 0x54: "Forward Open", 0x56: "Get Connection Data",
        0x57: "Search Connection Data", 0x5A: "Get Connection Owner", 0x5B: "Large Forward Open",
    ]
    /// General status codes (volume 1, appendix B-1).
    static let statuses: CodeNames = [
        0x00: "Success", 0x01: "Connection Failure", 0x02: "Resource Unavailable", 0x03: "Invalid Parameter Value",
        0x04: "Path Segment Error", 0x05: "Path Destination Unknown", 0x06: "Partial Transfer",
        0x07: "Connection Lost", 0x08: "Service Not Supported", 0x09: "Invalid Attribute Value",
        0x0A: "Attribute List Error", 0x0B: "Already In Requested Mode/State", 0x0C: "Object State Conflict",
        0x0D: "Object Already Exists", 0x0E: "Attribute Not Settable", 0x0F: "Privilege Violation",
        0x10: "Device State Conflict", 0x11: "Reply Data Too Large", 0x12: "Fragmentation Of A Primitive Value",
        0x13: "Not Enough Data", 0x14: "Attribute Not Supported", 0x15: "Too Much Data",
        0x16: "Object Does Not Exist", 0x17: "Service Fragmentation Sequence Not In Progress",
        0x18: "No Stored Attribute Data", 0x19: "Store Operation Failure",
        0x1A: "Routing Failure, Request Packet Too Large", 0x1B: "Routing Failure, Response Packet Too Large",
        0x1C: "Missing Attribute List Entry Data", 0x1D: "Invalid Attribute Value List",
        0x1E: "Embedded Service Error", 0x1F: "Vendor Specific Error", 0x20: "Invalid Parameter",
        0x21: "Write-Once Value Or Medium Already Written", 0x22: "Invalid Reply Received",
        0x23: "Buffer Overflow", 0x24: "Invalid Message Format", 0x25: "Key Failure In Path",
        0x26: "Path Size Invalid", 0x27: "Unexpected Attribute In List", 0x28: "Invalid Member ID",
        0x29: "Member Not Settable", 0x2A: "Group 2 Only Server General Failure", 0x2B: "Unknown Modbus Error",
        0x2C: "Attribute Not Gettable", 0xFF: "Still Processing",
    ]
    /// Classes of objects (volume 1, chapter 5).
    static let classes: CodeNames = [
        0x01: "Identity", 0x02: "Message Router", 0x03: "DeviceNet", 0x04: "Assembly", 0x05: "Connection",
        0x06: "Connection Manager", 0x07: "Register", 0x08: "Discrete Input Point", 0x09: "Discrete Output Point",
        0x0A: "Analog Input Point", 0x0B: "Analog Output Point", 0x0E: "Presence Sensing", 0x0F: "Parameter",
        0x10: "Parameter Group", 0x12: "Group", 0x1D: "Discrete Input Group", 0x1E: "Discrete Output Group",
        0x1F: "Discrete Group", 0x20: "Analog Input Group", 0x21: "Analog Output Group", 0x22: "Analog Group",
        0x23: "Position Sensor", 0x24: "Position Controller Supervisor", 0x25: "Position Controller",
        0x26: "Block Sequencer", 0x27: "Command Block", 0x28: "Motor Data", 0x29: "Control Supervisor",
        0x2A: "AC/DC Drive", 0x2B: "Acknowledge Handler", 0x2C: "Overload", 0x2D: "Softstart", 0x2E: "Selection",
        0x30: "S-Device Supervisor", 0x31: "S-Analog Sensor", 0x32: "S-Analog Actuator",
        0x33: "S-Single Stage Controller", 0x34: "S-Gas Calibration", 0x35: "Trip Point", 0x37: "File",
        0x38: "S-Partial Pressure", 0x39: "Safety Supervisor", 0x3A: "Safety Validator",
        0x3B: "Safety Discrete Output Point", 0x3C: "Safety Discrete Output Group",
        0x3D: "Safety Discrete Input Point", 0x3E: "Safety Discrete Input Group",
        0x3F: "Safety Dual Channel Output", 0x40: "S-Sensor Calibration", 0x41: "Event Log",
        0x42: "Motion Device Axis", 0x43: "Time Sync", 0x44: "Modbus", 0x45: "Originator Connection List",
        0x46: "Modbus Serial Link", 0x47: "Device Level Ring (DLR)", 0x48: "QoS",
        0x49: "Safety Analog Input Point", 0x4A: "Safety Analog Input Group",
        0x4B: "Safety Dual Channel Analog Input", 0x4C: "SERCOS III Link", 0x4D: "Target Connection List",
        0x4E: "Base Energy", 0x4F: "Electrical Energy", 0x50: "Non-Electrical Energy", 0x51: "Base Switch",
        0x52: "SNMP", 0x53: "Power Management", 0x54: "RSTP Bridge", 0x55: "RSTP Port", 0x56: "PRP/HSR Protocol",
        0x57: "PRP/HSR Nodes Table", 0x58: "Safety Feedback", 0x59: "Safety Dual Channel Feedback",
        0x5A: "Safety Stop Functions", 0x5B: "Safety Limit Functions", 0x5C: "Power Curtailment",
        0x5D: "CIP Security", 0x5E: "EtherNet/IP Security", 0x5F: "Certificate Management", 0x67: "PCCC Class",
        0xF0: "ControlNet", 0xF1: "ControlNet Keeper", 0xF2: "ControlNet Scheduling",
        0xF3: "Connection Configuration", 0xF4: "Port", 0xF5: "TCP/IP Interface", 0xF6: "Ethernet Link",
        0xF7: "CompoNet", 0xF8: "CompoNet Repeater",
    ]
    /// Makers that are met most; ODVA numbers some 1,500.
    static let vendors: CodeNames = [
        1: "Rockwell Automation/Allen-Bradley", 2: "Namco Controls Corp.", 3: "Honeywell Inc.",
        4: "Parker Hannifin Corp. (Veriflo Division)", 5: "Rockwell Automation/Reliance Elec.",
        7: "SMC Corporation", 8: "Molex Incorporated", 9: "Western Reserve Controls Corp.",
        10: "Advanced Micro Controls Inc. (AMCI)", 11: "ASCO Pneumatic Controls", 12: "Banner Engineering Corp.",
        13: "Belden Wire & Cable Company", 14: "Cooper Interconnect",
    ]
    /// Device profiles (volume 1, chapter 6).
    static let deviceTypes: CodeNames = [
        0x00: "Generic Device (deprecated)", 0x02: "AC Drive", 0x03: "Motor Overload", 0x04: "Limit Switch",
        0x05: "Inductive Proximity Switch", 0x06: "Photoelectric Sensor", 0x07: "General Purpose Discrete I/O",
        0x09: "Resolver", 0x0C: "Communications Adapter", 0x0E: "Programmable Logic Controller",
        0x10: "Position Controller", 0x13: "DC Drive", 0x15: "Contactor", 0x16: "Motor Starter", 0x17: "Soft Start",
        0x18: "Human-Machine Interface", 0x1A: "Mass Flow Controller", 0x1B: "Pneumatic Valve",
        0x1C: "Vacuum Pressure Gauge", 0x22: "Encoder", 0x23: "Safety Discrete I/O Device",
        0x24: "Fluid Flow Controller", 0x25: "CIP Motion Drive", 0x2B: "Generic Device (keyable)",
        0x2C: "Managed Switch",
    ]
}
