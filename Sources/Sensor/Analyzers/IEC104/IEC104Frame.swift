internal import Shared

/// A frame of IEC 60870-5-104 (edition 2, section 5): 0x68, length, four octets of control, and in information frames
/// a unit of the application (ASDU; IEC 60870-5-101 section 7).
enum IEC104Frame {
    /// Octets before what the length counts.
    static let headerLength = 2
    /// Longest frame: 253 octets behind the header (section 5.1).
    static let limit = 255
    /// Frames of one segment that the probe walks through.
    private static let probeLimit = 16

    /// Octets of the frame that begins here, 0 while that cannot be told.
    static func length(_ bytes: RawSpan) throws(DecodeError) -> Int {
        guard bytes.byteCount >= headerLength else { return 0 }
        guard try bytes.byte(at: 0) == 0x68 else { throw .invalid(.magic) }
        let length = Int(try bytes.byte(at: 1))
        guard length >= 4, length <= limit - headerLength else { throw .invalid(.length) }
        return headerLength + length
    }

    /// Whether frames that hold to the specification fill a payload; the last may go on in the next segment.
    static func fill(_ payload: RawSpan) -> Bool {
        var offset = 0
        for _ in 0..<probeLimit {
            let rest = payload.extracting(droppingFirst: offset)
            guard let length = try? length(rest), length > 0 else { return false }
            guard length <= rest.byteCount else { return offset > 0 }
            guard isGood(rest.extracting(first: length)) else { return false }
            offset += length
            if offset == payload.byteCount { return true }
        }
        return true
    }

    /// Control octets that exist, and a unit whose type, cause and length agree.
    private static func isGood(_ frame: RawSpan) -> Bool {
        guard let control = try? frame.readLE(at: 2, as: UInt32.self) else { return false }
        if control & 1 == 0 { return control & 0x1_0000 == 0 && isGoodUnit(frame) }
        guard frame.byteCount == 6 else { return false }
        return control & 3 == 1
            ? control & 0x1_FFFF == 1 : control & 0xFFFF_FF00 == 0 && unnumbered[control & 0xFF] != nil
    }

    private static func isGoodUnit(_ frame: RawSpan) -> Bool {
        guard let type = try? frame.byte(at: 6), types[type] != nil,
            let qualifier = try? frame.byte(at: 7), let cause = try? frame.byte(at: 8), causes[cause & 0x3F] != nil
        else { return false }
        let count = Int(qualifier & 0x7F)
        guard count > 0 else { return false }
        // A segment of a file (125) has any length.
        guard let size = size(type) else { return frame.byteCount > 15 }
        return frame.byteCount == 12 + (qualifier & 0x80 != 0 ? 3 + count * size : count * (3 + size))
    }

    /// Octets of one object behind its address, by type (IEC 60870-5-101 section 7.3); nil for those that vary.
    private static func size(_ type: UInt8) -> Int? {
        switch type {
        case 102: 0
        case 1, 3, 45, 46, 47, 70, 100, 101, 105, 113: 1
        case 5, 21, 104, 106: 2
        case 9, 11, 48, 49, 110, 111: 3
        case 2, 4, 51, 122, 124: 4
        case 6, 7, 13, 15, 20, 50, 112, 123: 5
        case 10, 12, 17, 120: 6
        case 18, 19, 103, 121: 7
        case 8, 14, 16, 30, 31, 58, 59, 60: 8
        case 32, 107: 9
        case 34, 35, 38, 61, 62: 10
        case 39, 40, 64: 11
        case 33, 36, 37, 63: 12
        case 126: 13
        case 127: 16
        default: nil
        }
    }

    /// Functions of unnumbered frames, by their first control octet (section 5.1).
    static let unnumbered: CodeNames = [
        0x07: "STARTDT_ACT", 0x0B: "STARTDT_CON", 0x13: "STOPDT_ACT", 0x23: "STOPDT_CON", 0x43: "TESTFR_ACT",
        0x83: "TESTFR_CON",
    ]

    /// Types of units, by their names in the specification.
    static let types: CodeNames = [
        1: "M_SP_NA_1", 2: "M_SP_TA_1", 3: "M_DP_NA_1", 4: "M_DP_TA_1", 5: "M_ST_NA_1", 6: "M_ST_TA_1",
        7: "M_BO_NA_1", 8: "M_BO_TA_1", 9: "M_ME_NA_1", 10: "M_ME_TA_1", 11: "M_ME_NB_1", 12: "M_ME_TB_1",
        13: "M_ME_NC_1", 14: "M_ME_TC_1", 15: "M_IT_NA_1", 16: "M_IT_TA_1", 17: "M_EP_TA_1", 18: "M_EP_TB_1",
        19: "M_EP_TC_1", 20: "M_PS_NA_1", 21: "M_ME_ND_1", 30: "M_SP_TB_1", 31: "M_DP_TB_1", 32: "M_ST_TB_1",
        33: "M_BO_TB_1", 34: "M_ME_TD_1", 35: "M_ME_TE_1", 36: "M_ME_TF_1", 37: "M_IT_TB_1", 38: "M_EP_TD_1",
        39: "M_EP_TE_1", 40: "M_EP_TF_1", 45: "C_SC_NA_1", 46: "C_DC_NA_1", 47: "C_RC_NA_1", 48: "C_SE_NA_1",
        49: "C_SE_NB_1", 50: "C_SE_NC_1", 51: "C_BO_NA_1", 58: "C_SC_TA_1", 59: "C_DC_TA_1", 60: "C_RC_TA_1",
        61: "C_SE_TA_1", 62: "C_SE_TB_1", 63: "C_SE_TC_1", 64: "C_BO_TA_1", 70: "M_EI_NA_1", 100: "C_IC_NA_1",
        101: "C_CI_NA_1", 102: "C_RD_NA_1", 103: "C_CS_NA_1", 104: "C_TS_NA_1", 105: "C_RP_NA_1", 106: "C_CD_NA_1",
        107: "C_TS_TA_1", 110: "P_ME_NA_1", 111: "P_ME_NB_1", 112: "P_ME_NC_1", 113: "P_AC_NA_1", 120: "F_FR_NA_1",
        121: "F_SR_NA_1", 122: "F_SC_NA_1", 123: "F_LS_NA_1", 124: "F_AF_NA_1", 125: "F_SG_NA_1", 126: "F_DR_TA_1",
        127: "F_SC_NB_1",
    ]

    /// Causes of transmission (IEC 60870-5-101 section 7.2.3).
    static let causes: CodeNames = [
        1: "periodic", 2: "background", 3: "spontaneous", 4: "initialized", 5: "requested", 6: "activation",
        7: "activation_confirmation", 8: "deactivation", 9: "deactivation_confirmation", 10: "activation_termination",
        11: "return_remote", 12: "return_local", 13: "file_transfer", 20: "interrogated", 21: "interrogated_group_1",
        22: "interrogated_group_2", 23: "interrogated_group_3", 24: "interrogated_group_4",
        25: "interrogated_group_5", 26: "interrogated_group_6", 27: "interrogated_group_7",
        28: "interrogated_group_8", 29: "interrogated_group_9", 30: "interrogated_group_10",
        31: "interrogated_group_11", 32: "interrogated_group_12", 33: "interrogated_group_13",
        34: "interrogated_group_14", 35: "interrogated_group_15", 36: "interrogated_group_16",
        37: "counters_requested", 38: "counters_requested_group_1", 39: "counters_requested_group_2",
        40: "counters_requested_group_3", 41: "counters_requested_group_4", 44: "unknown_type", 45: "unknown_cause",
        46: "unknown_common_address", 47: "unknown_object_address",
    ]
}
