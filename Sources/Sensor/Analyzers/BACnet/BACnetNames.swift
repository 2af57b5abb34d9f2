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
        0: "other", 1: "buffer-overflow", 2: "invalid-apdu-in-this-state", 3: "preempted-by-higher-priority-task",
        4: "segmentation-not-supported",
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
        50: "property-is-not-an-array",
        73: "invalid-event-state", 74: "no-alarm-configured", 75: "log-buffer-full", 76: "logged-value-purged",
        77: "no-property-specified", 78: "not-configured-for-triggered-logging", 79: "unknown-subscription",
        80: "parameter-out-of-range", 81: "list-element-not-found", 82: "busy", 83: "communication-disabled",
        84: "success", 85: "access-denied", 86: "bad-destination-address", 87: "bad-destination-device-id",
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
        29: "structured-view", 30: "access-door", 32: "access-credential", 33: "access-point",
        34: "access-rights", 35: "access-user", 36: "access-zone", 37: "credential-data-input",
        38: "network-security", 39: "bitstring-value", 40: "characterstring-value", 41: "date-pattern-value",
        42: "date-value", 43: "datetime-pattern-value", 44: "datetime-value", 45: "integer-value",
        46: "large-analog-value", 47: "octetstring-value", 48: "positive-integer-value",
        49: "time-pattern-value", 50: "time-value",
    ]
    /// Properties of objects, clause 21.
    static let properties: CodeNames = [
        0: "acked-transition", 1: "ack-required", 2: "action", 3: "action-text", 4: "active-text",
        5: "active-vt-session", 6: "alarm-value", 7: "alarm-values", 8: "all", 9: "all-write-successful",
        10: "apdu-segment-timeout", 11: "apdu-timeout", 12: "application-software-version", 13: "archive",
        14: "bias", 15: "change-of-state-count", 16: "change-of-state-time", 17: "notification-class",
        19: "controlled-variable-reference", 20: "controlled-variable-units", 21: "controlled-variable-value",
        22: "cov-increment", 23: "datelist", 24: "daylights-savings-status", 25: "deadband",
        26: "derivative-constant", 27: "derivative-constant-units", 28: "description",
        29: "description-of-halt", 30: "device-address-binding", 31: "device-type", 32: "effective-period",
        33: "elapsed-active-time", 34: "error-limit", 35: "event-enable", 36: "event-state", 37: "event-type",
        38: "exception-schedule", 39: "fault-values", 40: "feedback-value", 41: "file-access-method",
        42: "file-size", 43: "file-type", 44: "firmware-revision", 45: "high-limit", 46: "inactive-text",
        47: "in-progress", 48: "instance-of", 49: "integral-constant", 50: "integral-constant-units",
        51: "issue-confirmed-notifications", 52: "limit-enable", 53: "list-of-group-members",
        54: "list-of-object-property-references", 55: "list-of-session-keys", 56: "local-date",
        57: "local-time", 58: "location", 59: "low-limit", 60: "manipulated-variable-reference",
        61: "maximum-output", 62: "max-apdu-length-accepted", 63: "max-info-frames", 64: "max-master",
        65: "max-pres-value", 66: "minimum-off-time", 67: "minimum-on-time", 68: "minimum-output",
        69: "min-pres-value", 70: "model-name", 71: "modification-date", 72: "notify-type",
        73: "number-of-APDU-retries", 74: "number-of-states", 75: "object-identifier", 76: "object-list",
        77: "object-name", 78: "object-property-reference", 79: "object-type", 80: "optional",
        81: "out-of-service", 82: "output-units", 83: "event-parameters", 84: "polarity", 85: "present-value",
        86: "priority", 87: "priority-array", 88: "priority-for-writing", 89: "process-identifier",
        90: "program-change", 91: "program-location", 92: "program-state", 93: "proportional-constant",
        94: "proportional-constant-units", 95: "protocol-conformance-class",
        96: "protocol-object-types-supported", 97: "protocol-services-supported", 98: "protocol-version",
        99: "read-only", 100: "reason-for-halt", 101: "recipient", 102: "recipient-list", 103: "reliability",
        104: "relinquish-default", 105: "required", 106: "resolution", 107: "segmentation-supported",
        108: "setpoint", 109: "setpoint-reference", 110: "state-text", 111: "status-flags",
        112: "system-status", 113: "time-delay", 114: "time-of-active-time-reset",
        115: "time-of-state-count-reset", 116: "time-synchronization-recipients", 117: "units",
        118: "update-interval", 119: "utc-offset", 120: "vendor-identifier", 121: "vendor-name",
        122: "vt-class-supported", 123: "weekly-schedule", 124: "attempted-samples", 125: "average-value",
        126: "buffer-size", 127: "client-cov-increment", 128: "cov-resubscription-interval",
        129: "current-notify-time", 130: "event-time-stamp", 131: "log-buffer",
        132: "log-device-object-property", 133: "enable", 134: "log-interval", 135: "maximum-value",
        136: "minimum-value", 137: "notification-threshold", 138: "previous-notify-time",
        139: "protocol-revision", 140: "records-since-notification", 141: "record-count", 142: "start-time",
        143: "stop-time", 144: "stop-when-full", 145: "total-record-count", 146: "valid-samples",
        147: "window-interval", 148: "window-samples", 149: "maximum-value-time-stamp",
        150: "minimum-value-time-stamp", 151: "variance-value", 152: "active-cov-subscriptions",
        153: "backup-failure-timeout", 154: "configuration-files", 155: "database-revision",
        156: "direct-reading", 157: "last-restore-time", 158: "maintenance-required", 159: "member-of",
        160: "mode", 161: "operation-expected", 162: "setting", 163: "silenced", 164: "tracking-value",
        165: "zone-members", 166: "life-safety-alarm-values", 167: "max-segments-accepted", 168: "profile-name",
        169: "auto-slave-discovery", 170: "manual-slave-address-binding", 171: "slave-address-binding",
        172: "slave-proxy-enable", 173: "last-notify-record", 174: "schedule-default", 175: "accepted-modes",
        176: "adjust-value", 177: "count", 178: "count-before-change", 179: "count-change-time",
        180: "cov-period", 181: "input-reference", 182: "limit-monitoring-interval", 183: "logging-device",
        184: "logging-record", 185: "prescale", 186: "pulse-rate", 187: "scale", 188: "scale-factor",
        189: "update-time", 190: "value-before-change", 191: "value-set", 192: "value-change-time",
        193: "align-intervals", 194: "group-member-names", 195: "interval-offset", 196: "last-restart-reason",
        197: "logging-type", 198: "member-status-flags", 199: "notification-period",
        200: "previous-notify-record", 201: "requested-update-interval", 202: "restart-notification-recipients",
        203: "time-of-device-restart", 204: "time-synchronization-interval", 205: "trigger",
        206: "UTC-time-synchronization-recipients", 207: "node-subtype", 208: "node-type",
        209: "structured-object-list", 210: "subordinate-annotations", 211: "subordinate-list",
    ]
    /// Meanings of properties that are enumerations: of an event, of a device, and of who sends in segments.
    static func enumeration(_ property: UInt64) -> CodeNames? {
        switch property {
        case 36: eventStates
        case 79: objects
        case 107: segmentations
        case 112: deviceStatuses
        default: nil
        }
    }
    private static let eventStates: CodeNames = [
        0: "normal", 1: "fault", 2: "offnormal", 3: "high-limit", 4: "low-limit", 5: "life-safety-alarm",
    ]
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
