/// Attributes of a directory whose values are passwords, hashes of them or keys: records never tell those.
enum LDAPSecrets {
    static let hidden = "<hidden>"

    /// Those whose names do not end as passwords' do: of Active Directory (MS-ADA1 to 3), Samba, Kerberos, RFC 3112
    /// and OpenLDAP, and the numbers of `userPassword` (RFC 4519) and `unicodePwd`.
    private static let names: Set<String> = [
        "authpassword", "dbcspwd", "krb5key", "krbprincipalkey", "lmpwdhistory", "mslaps-encrypteddsrmpassword",
        "mslaps-encrypteddsrmpasswordhistory", "mslaps-encryptedpasswordhistory", "msds-managedpassword",
        "ntpwdhistory",
        "olcrootpw", "pwdhistory", "sambapasswordhistory", "supplementalcredentials", "trustauthincoming",
        "trustauthoutgoing", "userpkcs12", "2.5.4.35", "1.2.840.113556.1.4.90",
    ]

    /// How other passwords' names end, whichever program made them up. When one changed or expires is no secret.
    private static let endings = ["password", "passwd", "pwd", "passphrase", "secret"]

    /// - Parameter attribute: its name, maybe with options (RFC 4512 section 2.5).
    static func isSecret(_ attribute: String) -> Bool {
        let name = attribute.prefix { $0 != ";" }.lowercased()
        return names.contains(name) || endings.contains { name.hasSuffix($0) }
    }
}
