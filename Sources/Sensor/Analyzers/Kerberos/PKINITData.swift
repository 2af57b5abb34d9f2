internal import Shared

/// Finds the certificate in pre-authentication data of PKINIT (RFC 4556 section 3.2).
enum PKINITData {
    /// Elements of a list of pre-authentication data that are looked at.
    private static let listLimit = 32
    /// Levels between the data and the signed message in it.
    private static let depthLimit = 4
    /// 1.2.840.113549.1.7.2, signedData (RFC 5652 section 5.1).
    private static let signedData: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02]

    /// - Parameter list: SEQUENCE OF PA-DATA.
    /// - Returns: its DER form.
    static func certificate(inList list: DERElement) -> ArraySlice<UInt8>? {
        var items = list.children
        for _ in 0..<listLimit {
            guard var item = try? items.next().children, var type = try? item.next().children,
                let number = try? type.next().integer, (14...17).contains(number)
            else {
                if items.isEmpty { return nil }
                continue
            }
            guard var value = try? item.next().children, let data = try? value.next() else { continue }
            if let found = find(in: data.content, depth: 0) { return found }
        }
        return nil
    }

    /// Looks for a ContentInfo of signed data, through wrappers and strings.
    private static func find(in bytes: ArraySlice<UInt8>, depth: Int) -> ArraySlice<UInt8>? {
        guard depth < depthLimit else { return nil }
        var reader = DERReader(bytes)
        while let element = try? reader.next() {
            var parts = element.children
            if element.tag == DERTag.sequence, let type = try? parts.optional(DERTag.objectIdentifier) {
                guard Array(type.content) == signedData, let wrapped = try? parts.next() else { return nil }
                return certificate(inSignedData: wrapped)
            }
            if element.content.count > 2, let found = find(in: element.content, depth: depth + 1) { return found }
        }
        return nil
    }

    private static func certificate(inSignedData wrapped: DERElement) -> ArraySlice<UInt8>? {
        var outer = wrapped.children
        guard var fields = try? outer.next(DERTag.sequence).children else { return nil }
        while let field = try? fields.next() {
            guard field.tag == DERTag.context(0) else { continue }
            var certificates = field.children
            return (try? certificates.next())?.whole
        }
        return nil
    }
}
