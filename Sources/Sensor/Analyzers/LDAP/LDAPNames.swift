/// Names of LDAP's numbers (RFC 4511), as Zeek spells them.
enum LDAPNames {
    static func result(_ code: Int64) -> String { results[code] ?? "unknown-\(code)" }
    static func scope(_ number: Int64) -> String { name(scopes, number) }
    static func aliases(_ number: Int64) -> String { name(aliasWords, number) }
    static func change(_ number: Int64) -> String { name(changes, number) }

    private static let scopes = ["base", "single", "tree"]
    private static let aliasWords = ["never", "in searching", "finding", "always"]
    private static let changes = ["add", "delete", "replace", "increment"]

    private static func name(_ names: [String], _ number: Int64) -> String {
        (0..<Int64(names.count)).contains(number) ? names[Int(number)] : "unknown-\(number)"
    }

    private static let results: [Int64: String] = [
        0: "success", 1: "operations error", 2: "protocol error", 3: "time limit exceeded",
        4: "size limit exceeded", 5: "compare false", 6: "compare true", 7: "auth method not supported",
        8: "stronger auth required", 9: "partial results", 10: "referral", 11: "admin limit exceeded",
        12: "unavailable critical extension", 13: "confidentiality required", 14: "SASL bind in progress",
        16: "no such attribute", 17: "undefined attribute type", 18: "inappropriate matching",
        19: "constraint violation", 20: "attribute or value exists", 21: "invalid attribute syntax",
        32: "no such object", 33: "alias problem", 34: "invalid DN syntax", 36: "alias dereferencing problem",
        48: "inappropriate authentication", 49: "invalid credentials", 50: "insufficient access rights",
        51: "busy", 52: "unavailable", 53: "unwilling to perform", 54: "loop detect",
        64: "naming violation", 65: "object class violation", 66: "not allowed on non leaf",
        67: "not allowed on RDN", 68: "entry already exists", 69: "object class mods prohibited",
        71: "affects multiple DSAs", 80: "other",
    ]
}
