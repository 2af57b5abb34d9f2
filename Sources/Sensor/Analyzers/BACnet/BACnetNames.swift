/// Names in BACnet (ASHRAE 135), in the spelling of ICSNPP.
enum BACnetNames {
    /// Functions of the virtual link, annex J.2.
    static let functions: CodeNames = [
        0: "BVLC_Result", 1: "Write_Broadcast_Table", 2: "Read_Broadcast_Table", 3: "Read_Broadcast_Table_ACK",
        4: "Forwarded_NPDU", 5: "Register_Foreign_Device", 6: "Read_Foreign_Device_Table",
        7: "Read_Foreign_Device_Table_ACK", 8: "Delete_Foreign_Device_Table_Entry",
        9: "Distribute_Broadcast_to_Network", 10: "Original_Unicast_NPDU", 11: "Original_Broadcast_NPDU",
    ]
    /// Results of the virtual link, annex J.2.1.
    static let results: CodeNames = [
        0x00: "Successful_completion", 0x10: "Write-Broadcast-Distribution-Table_NAK",
        0x20: "Read-Broadcast-Distribution-Table_NAK", 0x30: "Register-Foreign-Device_NAK",
        0x40: "Read-Foreign-Device-Table_NAK", 0x50: "Delete-Foreign-Device-Table-Entry_NAK",
        0x60: "Distribute-Broadcast-To-Network_NAK",
    ]
    /// Kinds of messages of the application layer, clause 20.1.
    static let kinds: CodeNames = [
        0: "CONFIRMED_REQUEST", 1: "UNCONFIRMED_REQUEST", 2: "SIMPLE_ACK", 3: "COMPLEX_ACK", 4: "SEGMENT_ACK",
        5: "ERROR_PDU", 6: "REJECT_PDU", 7: "ABORT_PDU",
    ]
    /// Services that are answered, clause 21.
    static let confirmed: CodeNames = [
        0: "acknowledge_alarm", 1: "confirmed_cov_notification", 2: "confirmed_event_notification",
        3: "get_alarm_summary", 4: "get_enrollment_summary", 5: "subscribe_cov", 6: "atomic_read_file",
        7: "atomic_write_file", 8: "add_list_element", 9: "remove_list_element", 10: "create_object",
        11: "delete_object", 12: "read_property", 13: "read_property_conditional", 14: "read_property_multiple",
        15: "write_property", 16: "write_property_multiple", 17: "device_communication_control",
        18: "confirmed_private_transfer", 19: "confirmed_text_message", 20: "reinitialize_device",
        21: "vt_open", 22: "vt_close", 23: "vt_data", 24: "authenticate", 25: "request_key", 26: "read_range",
        27: "life_safety_operation", 28: "subscribe_cov_property", 29: "get_event_information",
        30: "subscribe_cov_property_multiple", 31: "confirmed_cov_notification_multiple",
    ]
    /// Services without an answer, clause 21.
    static let unconfirmed: CodeNames = [
        0: "i_am", 1: "i_have", 2: "unconfirmed_cov_notification", 3: "unconfirmed_event_notification",
        4: "unconfirmed_private_transfer", 5: "unconfirmed_text_message", 6: "time_synchronization",
        7: "who_has", 8: "who_is", 9: "utc_time_synchronization", 10: "write_group",
        11: "unconfirmed_cov_notification_multiple", 12: "audit_notification", 13: "who_am_i", 14: "you_are",
    ]
    /// Reasons to give up, clause 18.10.
    static let aborts: CodeNames = [
        0: "other", 1: "buffer-overflow", 2: "invalid-apdu-in-this-state",
        3: "preempted-by-higher-priority-task", 4: "segmentation-not-supported", 5: "security-error",
        6: "insufficient-security", 7: "window-size-out-of-range", 8: "application-exceeded-reply-time",
        9: "out-of-resources", 10: "tsm-timeout", 11: "apdu-too-long",
    ]
    /// Reasons to reject, clause 18.9.
    static let rejects: CodeNames = [
        0: "other", 1: "buffer-overflow", 2: "inconsistent-parameters", 3: "invalid-parameter-data-type",
        4: "invalid-tag", 5: "missing-required-parameter", 6: "parameter-out-of-range", 7: "too-many-arguments",
        8: "undefined-enumeration", 9: "unrecognized-service",
    ]
    /// Codes of errors, clause 18.
    static let errors: CodeNames = [
        0: "other", 1: "authentication-failed", 2: "configuration-in-progress", 3: "device-busy",
        4: "dynamic-creation-not-supported", 5: "file-access-denied", 6: "incompatible-security-levels",
        7: "inconsistent-parameters", 8: "inconsistent-selection-criterion", 9: "invalid-data-type",
        10: "invalid-file-access-method", 11: "invalid-file-start-position", 12: "invalid-operator-name",
        13: "invalid-parameter-data-type", 14: "invalid-time-stamp", 15: "key-generation-error",
        16: "missing-required-parameter", 17: "no-objects-of-specified-type", 18: "no-space-for-object",
        19: "no-space-to-add-list-element", 20: "no-space-to-write-property", 21: "no-vt-sessions-available",
        22: "property-is-not-a-list", 23: "object-deletion-not-permitted",
        24: "object-identifier-already-exists", 25: "operational-problem", 26: "password-failure",
        27: "read-access-denied", 28: "security-not-supported", 29: "service-request-denied", 30: "timeout",
        31: "unknown-object", 32: "unknown-property", 34: "unknown-vt-class", 35: "unknown-vt-session",
        36: "unsupported-object-type", 37: "value-out-of-range", 38: "vt-session-already-closed",
        39: "vt-session-termination-failure", 40: "write-access-denied", 41: "character-set-not-supported",
        42: "invalid-array-index", 43: "cov-subscription-failed", 44: "not-cov-property",
        45: "optional-functionality-not-supported", 46: "invalid-configuration-data",
        47: "datatype-not-supported", 48: "duplicate-name", 49: "duplicate-object-id",
        50: "property-is-not-an-array", 51: "abort-buffer-overflow", 52: "abort-invalid-apdu-in-this-state",
        53: "abort-preempted-by-higher-priority-task", 54: "abort-segmentation-not-supported",
        55: "abort-proprietary", 56: "abort-other", 57: "invalid-tag", 58: "network-down",
        59: "reject-buffer-overflow", 60: "reject-inconsistent-parameters",
        61: "reject-invalid-parameter-data-type", 62: "reject-invalid-tag",
        63: "reject-missing-required-parameter", 64: "reject-parameter-out-of-range",
        65: "reject-too-many-arguments", 66: "reject-undefined-enumeration", 67: "reject-unrecognized-service",
        68: "reject-proprietary", 69: "reject-other", 70: "unknown-device", 71: "unknown-route",
        72: "value-not-initialized", 73: "invalid-event-state", 74: "no-alarm-configured",
        75: "log-buffer-full", 76: "logged-value-purged", 77: "no-property-specified",
        78: "not-configured-for-triggered-logging", 79: "unknown-subscription", 80: "parameter-out-of-range",
        81: "list-element-not-found", 82: "busy", 83: "communication-disabled", 84: "success",
        85: "access-denied", 86: "bad-destination-address", 87: "bad-destination-device-id",
        88: "bad-signature", 89: "bad-source-address", 90: "bad-timestamp", 91: "cannot-use-key",
        92: "cannot-verify-message-id", 93: "correct-key-revision", 94: "destination-device-id-required",
        95: "duplicate-message", 96: "encryption-not-configured", 97: "encryption-required",
        98: "incorrect-key", 99: "invalid-key-data", 100: "key-update-in-progress", 101: "malformed-message",
        102: "not-key-server", 103: "security-not-configured", 104: "source-security-required",
        105: "too-many-keys", 106: "unknown-authentication-type", 107: "unknown-key",
        108: "unknown-key-revision", 109: "unknown-source-message", 110: "not-router-to-dnet",
        111: "router-busy", 112: "unknown-network-message", 113: "message-too-long", 114: "security-error",
        115: "addressing-error", 116: "write-bdt-failed", 117: "read-bdt-failed",
        118: "register-foreign-device-failed", 119: "read-fdt-failed", 120: "delete-fdt-entry-failed",
        121: "distribute-broadcast-failed", 122: "unknown-file-size", 123: "abort-apdu-too-long",
        124: "abort-application-exceeded-reply-time", 125: "abort-out-of-resources", 126: "abort-tsm-timeout",
        127: "abort-window-size-out-of-range", 128: "file-full", 129: "inconsistent-configuration",
        130: "inconsistent-object-type", 131: "internal-error", 132: "not-configured", 133: "out-of-memory",
        134: "value-too-long", 135: "abort-insufficient-security", 136: "abort-security-error",
        137: "duplicate-entry", 138: "invalid-value-in-this-state", 139: "invalid-operation-in-this-state",
        140: "list-item-not-numbered", 141: "list-item-not-timestamped", 142: "invalid-data-encoding",
        143: "bvlc-function-unknown", 144: "bvlc-proprietary-function-unknown", 145: "header-encoding-error",
        146: "header-not-understood", 147: "message-incomplete", 148: "not-a-bacnet-sc-hub",
        149: "payload-expected", 150: "unexpected-data", 151: "node-duplicate-vmac",
        152: "http-unexpected-response-code", 153: "http-no-upgrade", 154: "http-resource-not-local",
        155: "http-proxy-authentication-failed", 156: "http-response-timeout",
        157: "http-response-syntax-error", 158: "http-response-value-error",
        159: "http-response-missing-header", 160: "http-websocket-header-error", 161: "http-upgrade-required",
        162: "http-upgrade-error", 163: "http-temporary-unavailable", 164: "http-not-a-server",
        165: "http-error", 166: "websocket-scheme-not-supported", 167: "websocket-unknown-control-message",
        168: "websocket-close-error", 169: "websocket-closed-by-peer", 170: "websocket-endpoint-leaves",
        171: "websocket-protocol-error", 172: "websocket-data-not-accepted", 173: "websocket-closed-abnormally",
        174: "websocket-data-inconsistent", 175: "websocket-data-against-policy",
        176: "websocket-frame-too-long", 177: "websocket-extension-missing",
        178: "websocket-request-unavailable", 179: "websocket-error", 180: "tls-client-certificate-error",
        181: "tls-server-certificate-error", 182: "tls-client-authentication-failed",
        183: "tls-server-authentication-failed", 184: "tls-client-certificate-expired",
        185: "tls-server-certificate-expired", 186: "tls-client-certificate-revoked",
        187: "tls-server-certificate-revoked", 188: "tls-error", 189: "dns-unavailable",
        190: "dns-name-resolution-failed", 191: "dns-resolver-failure", 192: "dns-error",
        193: "tcp-connect-timeout", 194: "tcp-connection-refused", 195: "tcp-closed-by-local",
        196: "tcp-closed-other", 197: "tcp-error", 198: "ip-address-not-reachable", 199: "ip-error",
    ]
    /// Types of objects, clause 12.
    static func objectType(_ type: UInt64) -> String {
        objects[type].map { "\($0)" } ?? "Unknown Object Type-\(Hexadecimal.code(type, digits: 2))"
    }
    private static let objects: CodeNames = [
        0: "analog-input", 1: "analog-output", 2: "analog-value", 3: "binary-input", 4: "binary-output",
        5: "binary-value", 6: "calendar", 7: "command", 8: "device", 9: "event-enrollment", 10: "file",
        11: "group", 12: "loop", 13: "multi-state-input", 14: "multi-state-output", 15: "notification-class",
        16: "program", 17: "schedule", 18: "averaging", 19: "multi-state-value", 20: "trend-log",
        21: "life-safety-point", 22: "life-safety-zone", 23: "accumulator", 24: "pulse-converter",
        25: "event-log", 26: "global-group", 27: "trend-log-multiple", 28: "load-control",
        29: "structured-view", 30: "access-door", 31: "timer", 32: "access-credential", 33: "access-point",
        34: "access-rights", 35: "access-user", 36: "access-zone", 37: "credential-data-input",
        38: "network-security", 39: "bitstring-value", 40: "characterstring-value", 41: "date-pattern-value",
        42: "date-value", 43: "datetime-pattern-value", 44: "datetime-value", 45: "integer-value",
        46: "large-analog-value", 47: "octetstring-value", 48: "positive-integer-value",
        49: "time-pattern-value", 50: "time-value", 51: "notification-forwarder", 52: "alert-enrollment",
        53: "channel", 54: "lighting-output", 55: "binary-lighting-output", 56: "network-port",
        57: "elevator-group", 58: "escalator", 59: "lift", 60: "staging", 61: "audit-log", 62: "audit-reporter",
        63: "color", 64: "color-temperature",
    ]
    /// Meanings of properties that are enumerations.
    static func enumeration(_ property: UInt64) -> CodeNames? {
        switch property {
        case 20, 27, 50, 82, 94, 117: units
        case 36: eventStates
        case 72: notifyTypes
        case 79: objects
        case 103: reliabilities
        case 107: segmentations
        case 112: deviceStatuses
        default: nil
        }
    }
    private static let eventStates: CodeNames = [
        0: "normal", 1: "fault", 2: "offnormal", 3: "high-limit", 4: "low-limit", 5: "life-safety-alarm",
    ]
    private static let notifyTypes: CodeNames = [0: "alarm", 1: "event", 2: "ack-notification"]
    private static let segmentations: CodeNames = [
        0: "segmented-both", 1: "segmented-transmit", 2: "segmented-receive", 3: "no-segmentation",
    ]
    private static let deviceStatuses: CodeNames = [
        0: "operational", 1: "operational-read-only", 2: "download-required", 3: "download-in-progress",
        4: "non-operational", 5: "backup-in-progress",
    ]
    /// The first makers; ASHRAE numbers some 1,500.
    static let vendors: CodeNames = [
        0: "ASHRAE", 1: "NIST", 2: "The Trane Company", 3: "McQuay International", 4: "PolarSoft",
        5: "Johnson Controls Inc.", 6: "American Auto-Matrix",
        7: "Siemens Schweiz AG (Formerly: Landis & Staefa Division Europe)", 8: "Delta Controls",
        9: "Siemens Schweiz AG", 10: "Schneider Electric", 11: "TAC", 12: "Orion Analysis Corporation",
        13: "Teletrol Systems Inc.", 14: "Cimetrics Technology", 15: "Cornell University",
        16: "United Technologies Carrier", 17: "Honeywell Inc.", 18: "Alerton / Honeywell", 19: "TAC AB",
        20: "Hewlett-Packard Company", 22: "Siemens Schweiz AG (Formerly: Cerberus AG)",
        23: "York Controls Group", 24: "Automated Logic Corporation", 25: "CSI Control Systems International",
        26: "Phoenix Controls Corporation", 27: "Innovex Technologies Inc.", 28: "KMC Controls Inc.",
        29: "Xn Technologies Inc.", 30: "Hyundai Information Technology Co. Ltd.", 31: "Tokimec Inc.",
        32: "Simplex", 33: "North Building Technologies Limited", 34: "Notifier",
        35: "Reliable Controls Corporation", 36: "Tridium Inc.",
    ]
}
