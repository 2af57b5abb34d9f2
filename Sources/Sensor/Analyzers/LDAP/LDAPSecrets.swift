/// Attributes of a directory whose values are passwords, hashes of them or keys: records never tell those.
enum LDAPSecrets {
    static let hidden = "<hidden>"

    /// Those whose names do not end as passwords' do: of Active Directory (MS-ADA1 to 3), Samba, Kerberos, RFC 3112
    /// and OpenLDAP, and the numbers of `userPassword` (RFC 4519) and `unicodePwd`.
    private static let names: Set<String> = [
        "authpassword", "currentvalue", "dbcspwd", "initialauthincoming", "initialauthoutgoing", "ipatokenotpkey",
        "krb5key", "krbmkey", "krbprincipalkey", "lmpwdhistory", "mslaps-encrypteddsrmpassword",
        "mslaps-encrypteddsrmpasswordhistory", "mslaps-encryptedpasswordhistory", "msds-managedpassword",
        "mspkidpapimasterkeys", "ntpwdhistory", "olcdbaclbind", "olcdbidassertbind", "olcsyncrepl", "passwordhistory",
        "priorvalue", "pwdhistory", "sambapasswordhistory", "trustauthincoming", "trustauthoutgoing", "userpkcs12",
        "1.2.840.113556.1.4.90", "1.3.6.1.4.1.7165.2.1.24", "1.3.6.1.4.1.7165.2.1.25", "2.5.4.35",
    ]

    /// How other passwords' names end, whichever program made them up. When one changed or expires is no secret.
    private static let endings = [
        "password", "passwd", "pwd", "passphrase", "secret", "rootpw", "credentials", "passwordhash", "lmhash",
        "nthash", "privatekey", "apikey",
    ]

    /// - Parameter attribute: its name, maybe with options (RFC 4512 section 2.5), `OID.` in front of its number, and
    ///   blanks around it, or what is spelled out (`\x09`) behind it.
    static func isSecret(_ attribute: some StringProtocol) -> Bool {
        let start = attribute.drop { $0.isWhitespace }
        var name = start.prefix { $0 != ";" && $0 != "\\" && !$0.isWhitespace }.lowercased()[...]
        if name.hasPrefix("oid.") { name = name.dropFirst(4) }
        return names.contains(String(name)) || endings.contains { name.hasSuffix($0) }
    }

    /// Parts of a distinguished name that are looked at; real ones have a dozen.
    private static let partLimit = 64

    /// A distinguished name (RFC 4514) as records may tell it: where an entry is named by a secret, nothing behind that
    /// is told, since what is escaped in it may be anything.
    static func telling(_ distinguishedName: String) -> String {
        // In LDAP 2 a semicolon separated parts, since then it stands in front of an attribute's options.
        var (part, inner, count) = (distinguishedName.startIndex, distinguishedName.startIndex, 0)
        for index in distinguishedName.indices {
            switch distinguishedName[index] {
            case ",", "+":
                (part, inner) = (distinguishedName.index(after: index), distinguishedName.index(after: index))
            case ";": inner = distinguishedName.index(after: index)
            case "=":
                count += 1
                let isTold =
                    count <= partLimit && !isSecret(distinguishedName[part..<index])
                    && !isSecret(distinguishedName[inner..<index])
                if !isTold { return distinguishedName[...index] + hidden }
            default: break
            }
        }
        return distinguishedName
    }
}
