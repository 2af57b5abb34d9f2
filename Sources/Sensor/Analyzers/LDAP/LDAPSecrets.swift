internal import Shared

/// Attributes of a directory whose values are passwords, hashes of them or keys: records never tell those.
enum LDAPSecrets {
    static let hidden = "<hidden>"

    /// Those whose names do not end as passwords' do: of Active Directory (MS-ADA1 to 3), Samba, Kerberos, RFC 3112
    /// and OpenLDAP, and the numbers of `userPassword` (RFC 4519) and `unicodePwd`.
    private static let names: [StaticString] = [
        "authpassword", "currentvalue", "dbcspwd", "initialauthincoming", "initialauthoutgoing", "ipatokenotpkey",
        "krb5key", "krbmkey", "krbprincipalkey", "lmpwdhistory", "mslaps-encrypteddsrmpassword",
        "mslaps-encrypteddsrmpasswordhistory", "mslaps-encryptedpasswordhistory", "msds-managedpassword",
        "mspkidpapimasterkeys", "mstpm-ownerinformation", "mstpm-ownerinformationtemp", "ntpwdhistory",
        "olcdbaclbind", "olcdbidassertbind", "olcsyncrepl", "passwordhistory", "priorvalue", "pwdhistory",
        "sambapasswordhistory", "trustauthincoming", "trustauthoutgoing", "tsigkey", "userpkcs12",
        "1.2.840.113556.1.4.90", "1.3.6.1.4.1.7165.2.1.24", "1.3.6.1.4.1.7165.2.1.25", "2.5.4.35",
    ]

    /// How other passwords' names end, whichever program made them up. When one changed or expires is no secret.
    private static let endings: [StaticString] = [
        "password", "passwd", "pwd", "passphrase", "secret", "rootpw", "credentials", "passwordhash", "lmhash",
        "nthash", "privatekey", "apikey", "secretkey", "symmetrickey", "sharedkey", "psk", "keypackage", "token",
    ]

    /// - Parameter attribute: its name, maybe with options (RFC 4512 section 2.5), `OID.` in front of its number, and
    ///   blanks around it, or what is spelled out (`\x09`) behind it.
    static func isSecret(_ attribute: some StringProtocol) -> Bool {
        var attribute = String(attribute)
        return attribute.withUTF8 { isSecret($0) }
    }

    private static func isSecret(_ attribute: UnsafeBufferPointer<UInt8>) -> Bool {
        // No name is as long; what is may hide one.
        guard attribute.count <= nameLimit else { return true }
        var (start, end) = (beginning(of: attribute), attribute.count)
        let isEnd = { (byte: UInt8) in byte <= 0x20 || byte == 0x3B || byte == 0x5C }
        end = attribute[start..<end].firstIndex(where: isEnd) ?? end
        while start < end, attribute[end - 1] >= 0x80 { end -= 1 }
        if end - start > 4, isSame(attribute, start, "oid.") { start += 4 }
        for ending in endings where isSame(attribute, end - ending.utf8CodeUnitCount, ending, from: start) {
            return true
        }
        for name in names where name.utf8CodeUnitCount == end - start && isSame(attribute, start, name) { return true }
        return false
    }

    /// Bytes of the longest name with its options.
    private static let nameLimit = 256

    /// Where a name begins behind its blanks, some of which are spelled out (`\x09`). Blanks of other scripts have no
    /// byte of ASCII, names of attributes (RFC 4512 section 1.4) nothing else.
    private static func beginning(of attribute: UnsafeBufferPointer<UInt8>) -> Int {
        var start = 0
        while start < attribute.count {
            if attribute[start] <= 0x20 || attribute[start] >= 0x80 {
                start += 1
            } else if attribute.count - start >= 4, attribute[start] == 0x5C, attribute[start + 1] == 0x78 {
                start += 4
            } else {
                break
            }
        }
        return start
    }

    /// Whether `part`, in lower case, stands at `place` in whichever case; never where that is in front of `from`.
    private static func isSame(
        _ text: UnsafeBufferPointer<UInt8>, _ place: Int, _ part: StaticString, from start: Int = 0
    ) -> Bool {
        guard place >= start else { return false }
        // The last letters differ most.
        for index in (0..<part.utf8CodeUnitCount).reversed() {
            let byte = text[place + index]
            let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            if lower != part.utf8Start[index] { return false }
        }
        return true
    }

    /// Parts of a distinguished name that are looked at; real ones have a dozen.
    private static let partLimit = 64

    /// A distinguished name (RFC 4514) as records may tell it: where an entry is named by a secret, nothing behind that
    /// is told, since what is escaped in it may be anything.
    static func telling(_ distinguishedName: String) -> String {
        var name = distinguishedName
        guard let end = name.withUTF8({ endOfTelling($0) }) else { return name }
        return String(decoding: name.utf8.prefix(end), as: UTF8.self) + hidden
    }

    /// Where what may be told of a distinguished name ends; nil where all of it may.
    ///
    /// Bytes and no characters: a mark that joins the sign before it would hide that.
    private static func endOfTelling(_ name: UnsafeBufferPointer<UInt8>) -> Int? {
        // In LDAP 2 a semicolon separated parts, since then it stands in front of an attribute's options.
        var (part, inner, count) = (0, 0, 0)
        var isInName = true
        for index in name.indices {
            switch name[index] {
            case 0x2C, 0x2B: (part, inner, isInName) = (index + 1, index + 1, true)
            case 0x3B: (inner, isInName) = (index + 1, true)
            case 0x3D where isInName:
                isInName = false
                count += 1
                let isTold =
                    count <= partLimit && !isSecret(UnsafeBufferPointer(rebasing: name[part..<index]))
                    && !isSecret(UnsafeBufferPointer(rebasing: name[inner..<index]))
                if !isTold { return index + 1 }
            default: break
            }
        }
        return nil
    }
}
